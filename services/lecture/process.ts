import type { Aggregate, StoredAggregate, Timer } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { lecture, type Lecture, type LectureEvent, type LectureInput, type LectureRefusal } from './lecture.ts';
import { lesson, type Lesson, type LessonEvent, type LessonInput } from './lesson.ts';
import { mailbox, type Mailbox, type MailboxEvent, type MailboxInput } from './mailbox.ts';
import { endsAt, type Presence } from './room.ts';

/** Answers of lecture to an order that is a lesson. */
export interface LessonMessage {
  type: 'LessonRegistered';
  order: OrderRef;
  version: number;
  revision: number;
  again?: true;
}

/** Answers of lecture to an order that is a purchase. */
export type LectureMessage = { order: OrderRef; version: number; again?: true } & Answer;

type Answer =
  | { type: 'LectureScheduled'; startTime: Instant; minutes: number }
  | { type: 'LectureStarted' }
  | { type: 'LectureEnded'; attendance: readonly Presence[] }
  | { type: 'LectureCancelled' }
  | { type: 'LectureCancelRefused'; reason: 'LECTURE_LIVE' | 'LECTURE_ENDED' };

export const lessons: Aggregate<Lesson, LessonInput, LessonEvent, never, LessonMessage> = {
  name: 'lesson',
  ...lesson,
  consequences: (events, { id, version, state }) => ({
    messages:
      state.status === 'none'
        ? []
        : events.map(({ type }) => ({
            type: 'LessonRegistered',
            order: { kind: state.kind, id },
            version,
            revision: state.revision,
            ...(type === 'AnswerRepeated' && { again: true }),
          })),
  }),
};

export const lectures: Aggregate<Lecture, LectureInput, LectureEvent, LectureRefusal, LectureMessage> = {
  name: 'lecture',
  ...lecture,
  consequences: (events, after) => ({
    messages: events.flatMap((event) => answerOrder(event, after)),
    timers: events.flatMap(timerAfter),
    stopTimers: events.some(({ type }) => type === 'LectureEnded' || type === 'LectureCancelled') ? 'all' : [],
  }),
};

/** Signals are deleted once the lecture is over. */
export const mailboxes: Aggregate<Mailbox, MailboxInput, MailboxEvent, never, never> = {
  name: 'mailbox',
  ...mailbox,
  consequences: (events) => ({
    timers: events.flatMap((event) => (event.type === 'SignalLeft' ? [{ name: 'forget', at: event.forgetAt }] : [])),
  }),
};

function timerAfter(event: LectureEvent): Timer[] {
  switch (event.type) {
    case 'LectureScheduled':
      return [{ name: 'end', at: endsAt(event.terms) }];
    case 'PeerJoined':
      return [{ name: `${event.peer.role}-silence`, at: event.silentAt }];
    case 'PeerWatched':
    case 'PeerHeard':
      return [{ name: `${event.role}-silence`, at: event.silentAt }];
    case 'LectureCancelled':
    case 'CancelRefused':
    case 'AnswerRepeated':
    case 'PeerLeft':
    case 'LectureStarted':
    case 'LectureEnded':
      return [];
  }
}

function answerOrder(event: LectureEvent, { id, version, state }: StoredAggregate<Lecture>): LectureMessage[] {
  if (state.status === 'none') return [];
  const answer = answerAfter(event, state);
  return answer
    ? [{ order: { kind: state.kind, id }, version, ...(event.type === 'AnswerRepeated' && { again: true }), ...answer }]
    : [];
}

function answerAfter(event: LectureEvent, state: Lecture): Answer | undefined {
  switch (event.type) {
    case 'LectureScheduled':
    case 'LectureEnded':
    case 'LectureCancelled':
    case 'AnswerRepeated':
      return answerOf(state);
    case 'LectureStarted':
      return { type: 'LectureStarted' };
    case 'CancelRefused':
      return { type: 'LectureCancelRefused', reason: state.status === 'live' ? 'LECTURE_LIVE' : 'LECTURE_ENDED' };
    case 'PeerJoined':
    case 'PeerWatched':
    case 'PeerHeard':
    case 'PeerLeft':
      return undefined;
  }
}

/** The current answer to the order that requested the lecture. */
function answerOf(state: Lecture): Answer | undefined {
  switch (state.status) {
    case 'none':
      return undefined;
    case 'scheduled':
    case 'live':
      return { type: 'LectureScheduled', startTime: state.terms.startTime, minutes: state.terms.minutes };
    case 'ended':
      return { type: 'LectureEnded', attendance: state.room.attendance };
    case 'cancelled':
    case 'tombstone':
      return { type: 'LectureCancelled' };
  }
}
