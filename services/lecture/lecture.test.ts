import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { lecture, type Lecture, type LectureEvent, type LectureInput, type LectureRefusal } from './lecture.ts';
import { endsAt, opensAt, type Terms } from './room.ts';

const kind = 'tutoring.purchase';
const start = Date.parse('2026-12-24T10:00:00Z');
const terms: Terms = {
  lessonId: 'guitar',
  title: 'Guitar, first steps',
  buyerId: 'mina',
  sellerId: 'juno',
  startTime: start,
  minutes: 50,
};
const startsAt = { start_time: '2026-12-24T10:00:00.000Z' };
const silentAt = start + 45_000;

const scheduled: LectureEvent = { type: 'LectureScheduled', kind, terms };
const cancelled: LectureEvent = { type: 'LectureCancelled', kind, at: start };
const cancelRefused: LectureEvent = { type: 'CancelRefused' };
const again: LectureEvent = { type: 'AnswerRepeated' };
const joined = (role: 'buyer' | 'seller', page = 1, joinedAt = start): LectureEvent => ({
  type: 'PeerJoined',
  peer: { role, sessionId: `${role}-session-${page}`, peerId: `${role}-${page}`, joinedAt, watches: 0 },
  silentAt,
});
const watched = (role: 'buyer' | 'seller'): LectureEvent => ({ type: 'PeerWatched', role, silentAt });
const heard = (role: 'buyer' | 'seller'): LectureEvent => ({ type: 'PeerHeard', role, silentAt });
const left = (role: 'buyer' | 'seller', at = start): LectureEvent => ({ type: 'PeerLeft', role, at });
const started: LectureEvent = { type: 'LectureStarted' };
const ended = (at = start): LectureEvent => ({ type: 'LectureEnded', at });

const join = (by: string, role: string, at = start): LectureInput => ({
  type: 'JoinLecture',
  by,
  sessionId: `${role}-session-1`,
  peerId: `${role}-1`,
  at,
  silentAt,
});
const { given } = spec(lecture);

const histories = {
  none: [],
  'cancelled before it was scheduled': [cancelled],
  scheduled: [scheduled],
  'waited for by its buyer': [scheduled, joined('buyer'), watched('buyer')],
  live: [scheduled, joined('buyer'), watched('buyer'), joined('seller'), started],
  'live, its buyer gone': [scheduled, joined('buyer'), joined('seller'), started, left('buyer')],
  ended: [scheduled, joined('buyer'), joined('seller'), started, ended()],
  cancelled: [scheduled, cancelled],
} satisfies Record<string, LectureEvent[]>;

const inputs = {
  schedule: { type: 'ScheduleLecture', kind, terms },
  cancel: { type: 'CancelLecture', kind, at: start },
  'buyer joins': join('mina', 'buyer'),
  'seller joins': join('juno', 'seller'),
  'stranger joins': join('stranger', 'buyer'),
  'buyer watches': { type: 'WatchLecture', by: 'mina', sessionId: 'buyer-session-1', silentAt },
  'watches, with the session of the other': {
    type: 'WatchLecture',
    by: 'juno',
    sessionId: 'buyer-session-1',
    silentAt,
  },
  'buyer is alive': { type: 'WatcherAlive', by: 'mina', sessionId: 'buyer-session-1', silentAt },
  'the stream of the buyer breaks off': {
    type: 'WatcherGone',
    by: 'mina',
    sessionId: 'buyer-session-1',
    watch: 1,
    silentAt,
  },
  'buyer is silent': { type: 'PeerSilent', role: 'buyer', at: start },
  'seller ends': { type: 'EndLecture', by: 'juno', at: start },
  'seller ends before the start': { type: 'EndLecture', by: 'juno', at: start - 1 },
  'buyer ends': { type: 'EndLecture', by: 'mina', at: start },
  'stranger ends': { type: 'EndLecture', by: 'stranger', at: start },
  'time is up': { type: 'TimeIsUp' },
} satisfies Record<string, LectureInput>;

type Row = Record<keyof typeof inputs, LectureEvent[] | LectureRefusal>;

const notThere: Row = {
  schedule: [again],
  cancel: [cancelled],
  'buyer joins': 'no-such-lecture',
  'seller joins': 'no-such-lecture',
  'stranger joins': 'no-such-lecture',
  'buyer watches': 'no-such-lecture',
  'watches, with the session of the other': 'no-such-lecture',
  'buyer is alive': 'no-such-lecture',
  'the stream of the buyer breaks off': 'no-such-lecture',
  'buyer is silent': [],
  'seller ends': 'no-such-lecture',
  'seller ends before the start': 'no-such-lecture',
  'buyer ends': 'no-such-lecture',
  'stranger ends': 'no-such-lecture',
  'time is up': [],
};
const known: Row = {
  ...notThere,
  'buyer joins': [joined('buyer')],
  'seller joins': [joined('seller')],
  'buyer watches': 'session-over',
  'watches, with the session of the other': 'session-over',
  'buyer is alive': 'session-over',
  'the stream of the buyer breaks off': 'session-over',
  'seller ends': 'not-live',
  'seller ends before the start': 'lecture-not-started',
  'buyer ends': 'not-the-seller',
  'time is up': [ended(endsAt(terms))],
};
const buyerIsThere: Row = {
  ...known,
  'buyer watches': [watched('buyer')],
  'buyer is alive': [heard('buyer')],
  'the stream of the buyer breaks off': [heard('buyer')],
  'buyer is silent': [left('buyer')],
};
const over: Row = {
  ...known,
  'buyer joins': 'lecture-over',
  'seller joins': 'lecture-over',
  'seller ends before the start': 'not-live',
  'time is up': [],
};

/** Every state × message: what happens, or why not. A cancellation is answered in each of them. */
const table: Record<keyof typeof histories, Row> = {
  none: { ...notThere, schedule: [scheduled] },
  'cancelled before it was scheduled': notThere,
  scheduled: known,
  'waited for by its buyer': { ...buyerIsThere, 'seller joins': [joined('seller'), started] },
  live: {
    ...buyerIsThere,
    'seller ends': [ended()],
    cancel: [cancelRefused],
  },
  'live, its buyer gone': { ...known, 'seller ends': [ended()], cancel: [cancelRefused] },
  ended: { ...over, cancel: [cancelRefused], 'seller ends': [], 'seller ends before the start': [] },
  cancelled: over,
};

describe.each(Object.entries(table))('a lecture, %s', (state, row) => {
  test.each(Object.entries(row))('when: %s', (input, outcome) => {
    const decided = given(...histories[state as keyof typeof histories]).when(inputs[input as keyof typeof inputs]);
    if (typeof outcome === 'string')
      decided.thenRefused(outcome, outcome === 'lecture-not-started' ? startsAt : undefined);
    else decided.then(...outcome);
  });
});

test('before its start, a lecture is not ended, whoever is in the room, and says when it starts (T7)', () => {
  const early = start - 300_000;
  const met = [joined('buyer', 1, early), joined('seller', 1, early), started];
  for (const came of [
    [],
    [joined('seller', 1, early)],
    [joined('buyer', 1, early)],
    met,
    [...met, left('buyer', early)],
    [...met, left('seller', early)],
  ])
    given(scheduled, ...came)
      .when({ type: 'EndLecture', by: 'juno', at: early })
      .thenRefused('lecture-not-started', startsAt);
});

describe('the room', () => {
  test('opens ten minutes before the start, and not a moment earlier (T7)', () => {
    given(scheduled)
      .when(join('mina', 'buyer', opensAt(terms) - 1))
      .thenRefused('too-early');
    given(scheduled)
      .when(join('mina', 'buyer', start - 600_000))
      .then(joined('buyer', 1, start - 600_000));
  });
  test('closes at the end, also when the clock is late to say so', () => {
    given(scheduled)
      .when(join('mina', 'buyer', endsAt(terms) - 1))
      .then(joined('buyer', 1, endsAt(terms) - 1));
    given(scheduled)
      .when(join('mina', 'buyer', endsAt(terms)))
      .thenRefused('lecture-over');
  });
  test('has one place for each participant: joining again replaces the earlier page', () => {
    const { room } = stateAfter(
      scheduled,
      joined('buyer'),
      joined('seller'),
      started,
      joined('buyer', 2, start + 1_000),
    );
    expect(room.peers.map(({ peerId }) => peerId)).toEqual(['seller-1', 'buyer-2']);
    expect(room.attendance).toEqual([
      { userId: 'mina', joinedAt: start, leftAt: null },
      { userId: 'juno', joinedAt: start, leftAt: null },
    ]);
  });
  test('does not take the end of an earlier stream for the end of the session', () => {
    given(scheduled, joined('buyer'), watched('buyer'), watched('buyer'))
      .when(inputs['the stream of the buyer breaks off'])
      .thenNothing();
  });
  test('knows at the end, and when it is called off, how long everybody was there', () => {
    const leaving = (event: LectureEvent) =>
      stateAfter(scheduled, joined('buyer'), joined('seller', 1, start + 5_000), event).room;
    const attendance = [
      { userId: 'mina', joinedAt: start, leftAt: start + 9_000 },
      { userId: 'juno', joinedAt: start + 5_000, leftAt: start + 9_000 },
    ];
    expect(leaving(ended(start + 9_000))).toEqual({ peers: [], attendance });
    expect(leaving({ ...cancelled, at: start + 9_000 } as LectureEvent)).toEqual({ peers: [], attendance });
  });
});

test('whatever happens in whatever order: one peer each, nobody twice at once, nobody there when it is over, LIVE only once both met (T7)', () => {
  const all: readonly LectureInput[] = Object.values(inputs);
  let seed = 7;
  const pick = (count: number): number => (seed = (seed * 48_271) % 2_147_483_647) % count;
  let met = 0;
  for (let history = 0; history < 2_000; history++) {
    let state: Lecture = lecture.initial;
    for (let at = start; at < start + 20_000; at += 1_000) {
      const decision = lecture.decide(state, Object.assign({}, all[pick(all.length)], { at }));
      if (decision.accepted) state = decision.events.reduce(lecture.evolve, state);
      if (state.status === 'none' || state.status === 'tombstone') continue;
      const { peers, attendance } = state.room;
      const there = attendance.filter(({ leftAt }) => leftAt === null).map(({ userId }) => userId);
      expect(new Set(there).size).toBe(there.length);
      expect(there.toSorted()).toEqual(peers.map(({ role }) => (role === 'buyer' ? 'mina' : 'juno')).toSorted());
      if (state.status === 'ended' || state.status === 'cancelled') expect(peers).toEqual([]);
      if (state.status === 'live') {
        met++;
        expect(new Set(attendance.map(({ userId }) => userId)).size).toBe(2);
      }
    }
  }
  expect(met).toBeGreaterThan(100);
});

function stateAfter(...events: LectureEvent[]) {
  const state = events.reduce(lecture.evolve, lecture.initial);
  if (state.status === 'none' || state.status === 'tombstone') throw new Error('nothing was scheduled');
  return state;
}
