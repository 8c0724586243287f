import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { refuse } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import {
  isKnown,
  isOpen,
  lecture,
  type Known,
  type Lecture,
  type LectureInput,
  type LectureRefusal,
} from './lecture.ts';
import { mailbox, type Mailbox, type Signal } from './mailbox.ts';
import type { Page, Ports, RoomSnapshot, RoomFeed } from './ports.ts';
import { endsAt, otherOf, peerOf, roleOf, type Role } from './room.ts';

type LectureUpdated = Promise<Updated<Lecture, LectureRefusal>>;

const change = ({ lectures }: Ports, id: string, input: LectureInput): LectureUpdated =>
  lectures.update(id, (state) => lecture.decide(state, input));

/** A peer without a sign of life for three heartbeats counts as having left. */
const silentAt = ({ now, beat }: Ports): Instant => now() + 3 * beat;

/** A peer whose stream broke off has a third of a heartbeat to return. */
const goneAt = ({ now, beat }: Ports): Instant => now() + beat / 3;

export const joinLecture = (ports: Ports, id: string, by: string, sessionId: string, peerId: string): LectureUpdated =>
  change(ports, id, { type: 'JoinLecture', by, sessionId, peerId, at: ports.now(), silentAt: silentAt(ports) });

export const endLecture = (ports: Ports, id: string, by: string): LectureUpdated =>
  change(ports, id, { type: 'EndLecture', by, at: ports.now() });

export const endOnTime = (ports: Ports, id: string): LectureUpdated => change(ports, id, { type: 'TimeIsUp' });

export const peerFellSilent = (ports: Ports, id: string, role: Role, at: Instant): LectureUpdated =>
  change(ports, id, { type: 'PeerSilent', role, at });

export type SignalRefusal = Extract<LectureRefusal, 'no-such-lecture' | 'session-over'> | 'peer-gone';

/** Leaves a signal for the other one in the room: for `to`, if that is named and still there. */
export async function sendSignal(
  { lectures, mailboxes }: Ports,
  {
    id,
    by,
    sessionId,
    to,
    payload,
  }: { id: string; by: string; sessionId: string; to: string | undefined; payload: string },
): Promise<Updated<Mailbox, SignalRefusal>> {
  const state = (await lectures.get(id))?.state;
  const role = state && isKnown(state) ? roleOf(state.terms, by) : undefined;
  if (!state || !isKnown(state) || !role) return refuse('no-such-lecture');
  const sender = peerOf(state.room, role);
  if (sender?.sessionId !== sessionId) return refuse('session-over');
  const recipient = otherOf(state.room, role);
  if (!recipient || (to && recipient.peerId !== to)) return refuse('peer-gone');
  return mailboxes.update(recipient.sessionId, (box) =>
    mailbox.decide(box, { type: 'LeaveSignal', from: sender.peerId, payload, forgetAt: endsAt(state.terms) }),
  );
}

export const forgetSignals = ({ mailboxes }: Ports, sessionId: string): Promise<Updated<Mailbox, never>> =>
  mailboxes.update(sessionId, (box) => mailbox.decide(box, { type: 'ForgetSignals' }));

/** A lecture, for its two people. */
export async function readLecture(
  { lectures }: Ports,
  id: string,
  by: string,
): Promise<StoredAggregate<Lecture> | undefined> {
  const found = await lectures.get(id);
  return found && isKnown(found.state) && roleOf(found.state.terms, by) ? found : undefined;
}

/** The lectures that `by` gives or takes, newest first. */
export async function listLectures(
  { lectures }: Ports,
  by: string,
  status: Known['status'] | undefined,
  page: Page,
): Promise<StoredAggregate<Lecture>[]> {
  const [taken, given] = await Promise.all([
    lectures.list('buyer', by, status, page),
    lectures.list('seller', by, status, page),
  ]);
  const byId = new Map([...taken, ...given].map((each) => [each.id, each]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, page.size);
}

export type Seen =
  | { type: 'snapshot' | 'change'; lecture: StoredAggregate<Lecture> }
  | { type: 'signal'; signal: Signal }
  | { type: 'heartbeat' }
  | { type: 'refused'; refusal: LectureRefusal | 'signals-missed' };

/** The room and the signals for a participant, until the lecture or the session ends. An open stream counts as presence. */
export async function* watchLecture(
  ports: Ports,
  feed: RoomFeed,
  id: string,
  by: string,
  sessionId: string,
): AsyncIterable<Seen> {
  const begun = await change(ports, id, { type: 'WatchLecture', by, sessionId, silentAt: silentAt(ports) });
  if (!begun.accepted) return yield { type: 'refused', refusal: begun.refusal };
  const watch = mine(begun.after.state, sessionId)?.watches ?? 0;
  try {
    let known: Known | undefined;
    let heard: number | undefined;
    for await (const snapshot of feed.of(id, sessionId)) {
      if (snapshot === 'beat') {
        await change(ports, id, { type: 'WatcherAlive', by, sessionId, silentAt: silentAt(ports) });
        yield { type: 'heartbeat' };
        continue;
      }
      const { state } = snapshot.lecture;
      if (!isKnown(state)) return;
      if (isOpen(state) && !mine(state, sessionId)) return yield { type: 'refused', refusal: 'session-over' };
      if (!known || hasChanged(known, state)) yield { type: known ? 'change' : 'snapshot', lecture: snapshot.lecture };
      known = state;
      if (!isOpen(state)) return;

      const [first, last] = [snapshot.signals[0], snapshot.signals.at(-1)];
      if (first && heard !== undefined && first.number > heard + 1)
        return yield { type: 'refused', refusal: 'signals-missed' };
      for (const signal of newsIn(snapshot, heard ?? 0)) yield { type: 'signal', signal };
      heard = last?.number ?? heard ?? 0;
    }
  } finally {
    await change(ports, id, { type: 'WatcherGone', by, sessionId, watch, silentAt: goneAt(ports) });
  }
}

const mine = (state: Lecture, sessionId: string) =>
  isKnown(state) ? state.room.peers.find((peer) => peer.sessionId === sessionId) : undefined;

/** Signs of life are more frequent than changes of the room. */
const hasChanged = (one: Known, other: Known): boolean => JSON.stringify(shown(one)) !== JSON.stringify(shown(other));
const shown = ({ status, room }: Known) => [status, room.peers.map(({ peerId }) => peerId), room.attendance];

/** Signals that are not delivered yet, of peers that are still in the room; those of an earlier page are useless. */
const newsIn = ({ lecture: { state }, signals }: RoomSnapshot, heard: number): readonly Signal[] =>
  signals.filter(
    ({ number, from }) => number > heard && isKnown(state) && state.room.peers.some(({ peerId }) => peerId === from),
  );
