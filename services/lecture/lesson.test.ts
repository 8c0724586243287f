import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { lesson, type LessonEvent, type LessonInput, type Syllabus } from './lesson.ts';
import { lessons } from './process.ts';

const kind = 'tutoring.lesson';
const syllabus = (revision: number): Syllabus => ({
  revision,
  sellerId: 'juno',
  title: `Guitar, as of ${revision}`,
  minutes: 50,
});
const register = (revision: number): LessonInput => ({ type: 'RegisterLesson', kind, syllabus: syllabus(revision) });
const registered = (revision: number): LessonEvent => ({
  type: 'LessonRegistered',
  kind,
  syllabus: syllabus(revision),
});
const again: LessonEvent = { type: 'AnswerRepeated' };
const { given } = spec(lesson);

describe('a lesson', () => {
  test('is registered once it was approved (T6)', () => given().when(register(1)).then(registered(1)));
  test('is registered anew in a later revision', () => given(registered(1)).when(register(2)).then(registered(2)));
  test('stays as it is when asked twice, or late', () => {
    given(registered(2)).when(register(2)).then(again);
    given(registered(2)).when(register(1)).then(again);
  });
  test('answers each time with the highest revision that it knows', () => {
    const state = [registered(2), again].reduce(lesson.evolve, lesson.initial);
    expect(lessons.consequences([again], { id: 'guitar', state, version: 4, createdAt: 0, updatedAt: 0 })).toEqual({
      messages: [{ type: 'LessonRegistered', order: { kind, id: 'guitar' }, version: 4, revision: 2, again: true }],
    });
  });
});
