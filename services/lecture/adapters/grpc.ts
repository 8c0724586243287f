import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import { notFound, reasonOf, RpcError, statusOf } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import { command, query, roles, rpcService, stream, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/lecture/v1/lecture.ts';
import { isKnown, type Known, type Lecture, type LectureRefusal } from '../lecture.ts';
import type { Mailbox, Signal } from '../mailbox.ts';
import type { Ports, RoomFeed } from '../ports.ts';
import { endsAt, userOf } from '../room.ts';
import * as usecases from '../usecases.ts';
import { iceServers, type IceSettings } from './ice.ts';
import { presence } from './messages.ts';
import type { RoomFeedUntil } from './room-feed.ts';

const noSuchLecture: RefusalStatus = { code: 'NOT_FOUND', text: 'no such lecture' };
const sessionOver: RefusalStatus = { code: 'FAILED_PRECONDITION', text: 'this session has ended: join again' };

const refusals: Record<LectureRefusal, RefusalStatus> = {
  'no-such-lecture': noSuchLecture,
  'too-early': { code: 'FAILED_PRECONDITION', text: 'the room opens ten minutes before the start' },
  'lecture-over': { code: 'FAILED_PRECONDITION', text: 'the lecture has ended or was cancelled' },
  'session-over': sessionOver,
  'not-the-seller': { code: 'PERMISSION_DENIED', text: 'only the seller can end the lecture; the buyer can leave it' },
  'lecture-not-started': {
    code: 'FAILED_PRECONDITION',
    text: 'the lecture starts at {start_time} and cannot be ended before that. To call it off, cancel the purchase',
  },
  'not-live': {
    code: 'FAILED_PRECONDITION',
    text: 'a lecture can be ended only after both participants were in the room',
  },
};

const signalRefusals: Record<usecases.SignalRefusal, RefusalStatus> = {
  'no-such-lecture': noSuchLecture,
  'session-over': sessionOver,
  'peer-gone': { code: 'FAILED_PRECONDITION', text: 'the other participant is not in the room' },
};

const watchRefusals: Record<Extract<usecases.Seen, { type: 'refused' }>['refusal'], RefusalStatus> = {
  ...refusals,
  'signals-missed': { code: 'FAILED_PRECONDITION', text: 'some signals are not kept any more: join again' },
};

/** Anybody may buy or sell: the lecture's participants may call, whatever their role. */
export const lectureRpc = (ports: Ports, until: RoomFeedUntil, ice: IceSettings): RpcService =>
  rpcService(proto.LectureServiceService, {
    listLectures: query(roles, async (request, caller) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => usecases.listLectures(ports, caller.id, statuses[request.status], page),
        toLecture,
      );
      return { lectures: items, nextPageToken };
    }),
    getLecture: query(roles, async ({ lectureId }, caller) => {
      const found = await usecases.readLecture(ports, lectureId, caller.id);
      if (!found) throw notFound('lecture');
      return toLecture(found);
    }),
    joinLecture: command(roles, {
      run: ({ lectureId }, caller) => usecases.joinLecture(ports, lectureId, caller.id, newId(), newId()),
      answer: (after) => toJoined(after, ice),
      refusals,
      rate: { times: 30, withinMs: minutes(1) },
    }),
    sendSignal: command(roles, {
      run: ({ lectureId, sessionId, toPeerId, payload }, { id: by }) =>
        usecases.sendSignal(ports, { id: lectureId, by, sessionId, to: toPeerId || undefined, payload }),
      answer: toLatest,
      refusals: signalRefusals,
      rate: { times: 120, withinMs: minutes(1) },
    }),
    watchLecture: stream(roles, ({ lectureId, sessionId }, caller, signal) =>
      watch(ports, until(signal), lectureId, caller.id, sessionId),
    ),
    endLecture: command(roles, {
      run: ({ lectureId }, caller) => usecases.endLecture(ports, lectureId, caller.id),
      answer: toLecture,
      refusals,
    }),
  });

/** A stream that has begun sends the reason of its end as an event: HTTP/1.1 clients do not see a status that comes after. */
async function* watch(
  ports: Ports,
  feed: RoomFeed,
  lectureId: string,
  by: string,
  sessionId: string,
): AsyncIterable<proto.WatchLectureResponse> {
  let begun = false;
  try {
    for await (const seen of usecases.watchLecture(ports, feed, lectureId, by, sessionId)) {
      yield { event: eventOf(seen) };
      begun = true;
    }
  } catch (error) {
    if (begun) yield { event: { $case: 'error', value: statusOf(error) } };
    throw error;
  }
}

function eventOf(seen: usecases.Seen): proto.WatchLectureResponse['event'] {
  switch (seen.type) {
    case 'snapshot':
    case 'change':
      return { $case: seen.type, value: toRoom(seen.lecture) };
    case 'signal':
      return { $case: 'signal', value: toSignal(seen.signal) };
    case 'heartbeat':
      return { $case: 'heartbeat', value: { at: new Date() } };
    case 'refused': {
      const { code, text } = watchRefusals[seen.refusal];
      throw new RpcError(code, reasonOf(seen.refusal), text);
    }
  }
}

/** The answer to the peer that joined last: the caller. */
function toJoined(after: StoredAggregate<Lecture>, ice: IceSettings): proto.JoinLectureResponse {
  const { terms, room } = known(after);
  const { peerId, sessionId } = last(room.peers);
  return { iceServers: iceServers(ice, peerId, endsAt(terms)), peerId, sessionId };
}

const toLatest = ({ state }: StoredAggregate<Mailbox>): proto.Signal => toSignal(last(state.signals));

const toSignal = ({ number, from, payload }: Signal): proto.Signal => ({
  number: BigInt(number),
  fromPeerId: from,
  payload,
});

function toRoom(kept: StoredAggregate<Lecture>): proto.Room {
  const { terms, room } = known(kept);
  return {
    lecture: toLecture(kept),
    peers: room.peers.map(({ peerId, role, joinedAt }) => ({
      peerId,
      userId: userOf(terms, role),
      joinTime: new Date(joinedAt),
    })),
  };
}

function toLecture(kept: StoredAggregate<Lecture>): proto.Lecture {
  const { status, terms, room } = known(kept);
  return {
    id: kept.id,
    status: proto.Lecture_Status[status.toUpperCase() as Uppercase<typeof status>],
    ...terms,
    startTime: new Date(terms.startTime),
    attendance: room.attendance.map(presence),
    createTime: new Date(kept.createdAt),
    updateTime: new Date(kept.updatedAt),
  };
}

function known({ id, state }: StoredAggregate<Lecture>): Known {
  if (!isKnown(state)) throw new Error(`lecture ${id} was answered before it was made`);
  return state;
}

function last<Item>(items: readonly Item[]): Item {
  const item = items.at(-1);
  if (!item) throw new Error('what was just added is not there');
  return item;
}

const statuses: Record<proto.Lecture_Status, Known['status'] | undefined> = {
  [proto.Lecture_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Lecture_Status.SCHEDULED]: 'scheduled',
  [proto.Lecture_Status.LIVE]: 'live',
  [proto.Lecture_Status.ENDED]: 'ended',
  [proto.Lecture_Status.CANCELLED]: 'cancelled',
};
