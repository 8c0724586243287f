import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import {
  empty,
  emptyRoom,
  endsAt,
  enter,
  leave,
  opensAt,
  otherOf,
  peerOf,
  roleOf,
  watched,
  type Peer,
  type Role,
  type Room,
  type Terms,
} from './room.ts';

interface Scheduled {
  /** Of the order: `tutoring.purchase`. */
  kind: string;
  terms: Terms;
  room: Room;
}

/** A lecture (강의): two people meet in its room at a time. Its id is the order's; there is one for each order. */
export type Lecture =
  | { status: 'none' }
  /** Cancelled before it was scheduled: a late wish is answered with that. */
  | { status: 'tombstone'; kind: string }
  | ({ status: 'scheduled' | 'live' | 'ended' | 'cancelled' } & Scheduled);

export type LectureInput =
  // commands of the order
  | { type: 'ScheduleLecture'; kind: string; terms: Terms }
  | { type: 'CancelLecture'; kind: string; at: Instant }
  // asked by its two people
  | { type: 'JoinLecture'; by: string; sessionId: string; peerId: string; at: Instant; silentAt: Instant }
  | { type: 'WatchLecture'; by: string; sessionId: string; silentAt: Instant }
  | { type: 'EndLecture'; by: string; at: Instant }
  // from the stream of a watching participant: it is alive; it broke off
  | { type: 'WatcherAlive'; by: string; sessionId: string; silentAt: Instant }
  | { type: 'WatcherGone'; by: string; sessionId: string; watch: number; silentAt: Instant }
  // timers
  | { type: 'PeerSilent'; role: Role; at: Instant }
  | { type: 'TimeIsUp' };

export type LectureEvent =
  | { type: 'LectureScheduled'; kind: string; terms: Terms }
  | { type: 'LectureCancelled'; kind: string; at: Instant }
  | { type: 'CancelRefused' }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' }
  | { type: 'PeerJoined'; peer: Peer; silentAt: Instant }
  | { type: 'PeerWatched'; role: Role; silentAt: Instant }
  /** Without a sign of life until then, the peer counts as having left. */
  | { type: 'PeerHeard'; role: Role; silentAt: Instant }
  | { type: 'PeerLeft'; role: Role; at: Instant }
  | { type: 'LectureStarted' }
  | { type: 'LectureEnded'; at: Instant };

export type LectureRefusal =
  | 'no-such-lecture'
  | 'too-early'
  | 'lecture-over'
  | 'session-over'
  | 'not-the-seller'
  | 'lecture-not-started'
  | 'not-live';

type LectureDecision = Decision<LectureEvent, LectureRefusal>;
type Named<Type extends LectureInput['type']> = Extract<LectureInput, { type: Type }>;
type Personal = Named<'JoinLecture' | 'WatchLecture' | 'EndLecture' | 'WatcherAlive' | 'WatcherGone'>;
export type Known = Extract<Lecture, Scheduled>;

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. A command is always answered. */
function decide(state: Lecture, input: LectureInput): LectureDecision {
  switch (input.type) {
    case 'ScheduleLecture':
      return accept(
        state.status === 'none'
          ? { type: 'LectureScheduled', kind: input.kind, terms: input.terms }
          : { type: 'AnswerRepeated' },
      );
    case 'CancelLecture': // who met, or could have met, is not asked for money back
      return accept(
        state.status === 'live' || state.status === 'ended'
          ? { type: 'CancelRefused' }
          : { type: 'LectureCancelled', kind: input.kind, at: input.at },
      );

    case 'JoinLecture':
    case 'WatchLecture':
    case 'EndLecture':
    case 'WatcherAlive':
    case 'WatcherGone': {
      const role = isKnown(state) ? roleOf(state.terms, input.by) : undefined;
      return isKnown(state) && role ? decideFor(role, state, input) : refuse('no-such-lecture'); // hidden from others
    }

    case 'PeerSilent':
      return isOpen(state) && peerOf(state.room, input.role)
        ? accept({ type: 'PeerLeft', role: input.role, at: input.at })
        : accept();
    case 'TimeIsUp':
      return isOpen(state) ? accept({ type: 'LectureEnded', at: endsAt(state.terms) }) : accept();
  }
}

function decideFor(role: Role, state: Known, input: Personal): LectureDecision {
  switch (input.type) {
    case 'JoinLecture':
      return join(role, state, input);
    case 'EndLecture':
      if (role !== 'seller') return refuse('not-the-seller');
      if (state.status === 'ended') return accept(); // idempotent
      if (isOpen(state) && input.at < state.terms.startTime)
        return refuse('lecture-not-started', { start_time: new Date(state.terms.startTime).toISOString() });
      return state.status === 'live' ? accept({ type: 'LectureEnded', at: input.at }) : refuse('not-live');
    case 'WatchLecture':
    case 'WatcherAlive':
    case 'WatcherGone':
      return isOpen(state) && peerOf(state.room, role)?.sessionId === input.sessionId
        ? watch(role, state, input)
        : refuse('session-over');
  }
}

function join(role: Role, state: Known, { sessionId, peerId, at, silentAt }: Named<'JoinLecture'>): LectureDecision {
  if (!isOpen(state) || at >= endsAt(state.terms)) return refuse('lecture-over');
  if (at < opensAt(state.terms)) return refuse('too-early');
  const joined: LectureEvent = {
    type: 'PeerJoined',
    peer: { role, sessionId, peerId, joinedAt: at, watches: 0 },
    silentAt,
  };
  const isFirstMeeting = state.status === 'scheduled' && otherOf(state.room, role) !== undefined;
  return accept(...(isFirstMeeting ? [joined, lectureStarted] : [joined]));
}

const lectureStarted: LectureEvent = { type: 'LectureStarted' };

function watch(
  role: Role,
  { room }: Known,
  input: Named<'WatchLecture' | 'WatcherAlive' | 'WatcherGone'>,
): LectureDecision {
  const { silentAt } = input;
  switch (input.type) {
    case 'WatchLecture':
      return accept({ type: 'PeerWatched', role, silentAt });
    case 'WatcherAlive':
      return accept({ type: 'PeerHeard', role, silentAt });
    case 'WatcherGone': // the page may have opened its next stream before the last one was seen to break off
      return input.watch === peerOf(room, role)?.watches ? accept({ type: 'PeerHeard', role, silentAt }) : accept();
  }
}

export const isKnown = (state: Lecture): state is Known => state.status !== 'none' && state.status !== 'tombstone';

/** Whether people may still meet in its room. */
export const isOpen = (state: Lecture): state is Known & { status: 'scheduled' | 'live' } =>
  state.status === 'scheduled' || state.status === 'live';

function evolve(state: Lecture, event: LectureEvent): Lecture {
  if (!isKnown(state)) return begin(state, event);
  const { terms, room } = state;
  switch (event.type) {
    case 'PeerJoined':
      return { ...state, room: enter(room, terms, event.peer) };
    case 'PeerWatched':
      return { ...state, room: watched(room, event.role) };
    case 'PeerLeft':
      return { ...state, room: leave(room, terms, event.role, event.at) };
    case 'LectureStarted':
      return { ...state, status: 'live' };
    case 'LectureEnded':
      return { ...state, status: 'ended', room: empty(room, terms, event.at) };
    case 'LectureCancelled':
      return { ...state, status: 'cancelled', room: empty(room, terms, event.at) };
    case 'LectureScheduled':
    case 'CancelRefused':
    case 'AnswerRepeated':
    case 'PeerHeard':
      return state;
  }
}

function begin(state: Lecture, event: LectureEvent): Lecture {
  if (state.status === 'none' && event.type === 'LectureScheduled')
    return { status: 'scheduled', kind: event.kind, terms: event.terms, room: emptyRoom };
  return event.type === 'LectureCancelled' ? { status: 'tombstone', kind: event.kind } : state;
}

export const lecture: Decider<Lecture, LectureInput, LectureEvent, LectureRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
