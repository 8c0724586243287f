import { accept, type Decider, type Decision } from '#kernel/decision.ts';

/** What the lecture system knows of a lesson (강좌) that may be bought. */
export interface Syllabus {
  revision: number;
  /** User id of who gives it. */
  sellerId: string;
  title: string;
  minutes: number;
}

/** A lesson in its highest revision; its id is the order's by which it came to be on sale. */
export type Lesson = { status: 'none' } | ({ status: 'registered'; kind: string } & Syllabus);

export type LessonInput = { type: 'RegisterLesson'; kind: string; syllabus: Syllabus };

export type LessonEvent =
  | { type: 'LessonRegistered'; kind: string; syllabus: Syllabus }
  /** Asked again: the same answer goes out once more. */
  | { type: 'AnswerRepeated' };

/** An older revision that arrives late changes nothing; the answer says which one is registered. */
function decide(state: Lesson, { kind, syllabus }: LessonInput): Decision<LessonEvent, never> {
  const isNews = state.status === 'none' || syllabus.revision > state.revision;
  return accept(isNews ? { type: 'LessonRegistered', kind, syllabus } : { type: 'AnswerRepeated' });
}

function evolve(state: Lesson, event: LessonEvent): Lesson {
  switch (event.type) {
    case 'LessonRegistered':
      return { status: 'registered', kind: event.kind, ...event.syllabus };
    case 'AnswerRepeated':
      return state;
  }
}

export const lesson: Decider<Lesson, LessonInput, LessonEvent, never> = { initial: { status: 'none' }, decide, evolve };
