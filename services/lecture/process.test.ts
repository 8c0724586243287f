import { describe, expect, test } from '@jest/globals';
import type { LectureEvent } from './lecture.ts';
import { lectures } from './process.ts';
import { endsAt, type Terms } from './room.ts';

const kind = 'tutoring.purchase';
const order = { kind, id: 'purchase' };
const terms: Terms = {
  lessonId: 'guitar',
  title: 'Guitar',
  buyerId: 'mina',
  sellerId: 'juno',
  startTime: 1_000_000,
  minutes: 50,
};

const scheduled: LectureEvent = { type: 'LectureScheduled', kind, terms };
const joined = (role: 'buyer' | 'seller'): LectureEvent => ({
  type: 'PeerJoined',
  peer: { role, sessionId: role, peerId: role, joinedAt: 5, watches: 0 },
  silentAt: 50,
});
const started: LectureEvent = { type: 'LectureStarted' };
const ended: LectureEvent = { type: 'LectureEnded', at: 9 };
const cancelled: LectureEvent = { type: 'LectureCancelled', kind, at: 9 };
const refused: LectureEvent = { type: 'CancelRefused' };
const again: LectureEvent = { type: 'AnswerRepeated' };

const toldScheduled = { type: 'LectureScheduled', order, version: 7, startTime: 1_000_000, minutes: 50 };
const toldCancelled = { type: 'LectureCancelled', order, version: 7 };
const toldEnded = (...attendance: object[]) => ({ type: 'LectureEnded', order, version: 7, attendance });

/** What follows from `events`, after `past`. */
const after = (past: LectureEvent[], ...events: LectureEvent[]) => {
  const state = [...past, ...events].reduce(lectures.evolve, lectures.initial);
  return lectures.consequences(events, { id: 'purchase', state, version: 7, createdAt: 0, updatedAt: 0 });
};

describe('a lecture', () => {
  test('that is scheduled says so, and ends by the clock', () =>
    expect(after([], scheduled)).toEqual({
      messages: [toldScheduled],
      timers: [{ name: 'end', at: endsAt(terms) }],
      stopTimers: [],
    }));
  test('joining sets a timer for a sign of life, and publishes nothing', () =>
    expect(after([scheduled], joined('buyer'))).toEqual({
      messages: [],
      timers: [{ name: 'buyer-silence', at: 50 }],
      stopTimers: [],
    }));
  test.each<LectureEvent>([
    { type: 'PeerWatched', role: 'seller', silentAt: 60 },
    { type: 'PeerHeard', role: 'seller', silentAt: 60 },
  ])('that hears a sign of life waits for the next ($type)', (event) =>
    expect(after([scheduled, joined('seller')], event)).toEqual({
      messages: [],
      timers: [{ name: 'seller-silence', at: 60 }],
      stopTimers: [],
    }),
  );
  test('leaving does not end it, and publishes nothing', () =>
    expect(after([scheduled, joined('buyer')], { type: 'PeerLeft', role: 'buyer', at: 8 })).toEqual({
      messages: [],
      timers: [],
      stopTimers: [],
    }));
  test('in which both are says so once', () =>
    expect(after([scheduled, joined('buyer')], joined('seller'), started)).toMatchObject({
      messages: [{ type: 'LectureStarted', order, version: 7 }],
    }));
  test('the end reports the attendance and stops all timers', () =>
    expect(after([scheduled, joined('seller')], ended)).toEqual({
      messages: [toldEnded({ userId: 'juno', joinedAt: 5, leftAt: 9 })],
      timers: [],
      stopTimers: 'all',
    }));
  test('that ends without anybody says that', () =>
    expect(after([scheduled], ended)).toMatchObject({ messages: [toldEnded()] }));

  test.each<[string, LectureEvent[]]>([
    ['nothing', []],
    ['a scheduled one', [scheduled]],
    ['one that is waited in', [scheduled, joined('buyer')]],
    ['a cancelled one', [scheduled, cancelled]],
  ])('a cancellation of %s is answered at once, and no clock runs on', (_, past) =>
    expect(after(past, cancelled)).toEqual({ messages: [toldCancelled], timers: [], stopTimers: 'all' }),
  );
  test.each<[string, string, LectureEvent[]]>([
    ['a live one', 'LECTURE_LIVE', [scheduled, joined('buyer'), joined('seller'), started]],
    ['one that is over', 'LECTURE_ENDED', [scheduled, ended]],
  ])('a cancellation of %s is refused with the reason', (_, reason, past) =>
    expect(after(past, refused)).toEqual({
      messages: [{ type: 'LectureCancelRefused', order, version: 7, reason }],
      timers: [],
      stopTimers: [],
    }),
  );
  test.each<[string, object, LectureEvent[]]>([
    ['a scheduled one', toldScheduled, [scheduled]],
    ['a live one', toldScheduled, [scheduled, joined('buyer'), joined('seller'), started]],
    ['one that is over', toldEnded(), [scheduled, ended]],
    ['a cancelled one', toldCancelled, [scheduled, cancelled]],
    ['one that was cancelled before', toldCancelled, [cancelled]],
  ])('asked for again, %s answers how it stands', (_, told, past) =>
    expect(after(past, again)).toMatchObject({ messages: [told] }),
  );
});
