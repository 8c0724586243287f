import { expect, test } from '@jest/globals';
import { inLanguage, linesInLanguage } from './names.ts';

test('a name in both languages is shown in the one of the reader', () => {
  expect(inLanguage('솔향 독채 · Pine Cottage', 'ko')).toBe('솔향 독채');
  expect(inLanguage('솔향 독채 · Pine Cottage', 'en')).toBe('Pine Cottage');
});

test('any other name is shown as it is', () => {
  for (const name of ['소나무방', 'Room 1 · Room 2', '하나 · 둘', 'a · 나 · c', ''])
    for (const language of ['ko', 'en'] as const) expect(inLanguage(name, language)).toBe(name);
});

test('a description in both languages is shown in the one of the reader; in one of them, to everybody', () => {
  expect(linesInLanguage('기초부터 배워요.\nFrom the ground up.', 'ko')).toBe('기초부터 배워요.');
  expect(linesInLanguage('기초부터 배워요.\nFrom the ground up.', 'en')).toBe('From the ground up.');
  for (const language of ['ko', 'en'] as const)
    expect(linesInLanguage('기초부터 배워요.', language)).toBe('기초부터 배워요.');
});
