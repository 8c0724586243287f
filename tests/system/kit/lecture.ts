import { newId } from '#kernel/ids.ts';
import { command, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import * as messages from '#proto/jari/lecture/v1/messages.ts';
import { becomes } from './eventually.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';
import { eventsOf } from './server-sent.ts';

/** As REST prints them. */
export interface Presence {
  userId: string;
  joinTime: string;
  /** Missing while still there. */
  leaveTime?: string;
}
export interface Lecture {
  id: string;
  status: string;
  title: string;
  buyerId: string;
  sellerId: string;
  minutes: number;
  startTime: string;
  attendance: Presence[];
}
export interface Joined {
  iceServers: { urls: string[]; username: string; credential: string }[];
  peerId: string;
  sessionId: string;
}
export interface Signal {
  number: string;
  fromPeerId: string;
  payload: string;
}

interface Room {
  lecture: Lecture;
  peers: { peerId: string; userId: string }[];
}
export interface RoomEvent {
  snapshot?: Room;
  change?: Room;
  signal?: Signal;
  heartbeat?: object;
  error?: { code: number };
}

/** All that somebody has seen and heard in a room so far. */
export interface Watching {
  readonly events: readonly RoomEvent[];
  /** As last seen. */
  room(): Room | undefined;
  heard(): readonly Signal[];
  /** Closes the stream, as a page does that is left. */
  leave(): void;
  /** Resolves when the other side has ended it. */
  readonly ended: Promise<void>;
}

/** The planned start of a lecture comes at once. */
export const startComes = (place: Place, id: string): Promise<unknown> =>
  place.rows(
    'lecture',
    `update lecture set state = jsonb_set(state, '{terms,startTime}', to_jsonb($2::bigint)) where id = $1`,
    ...[id, Date.now() - 5_000],
  );

/** Teaching and learning, as whoever sells lessons has it done. */
export function lecturing(place: Place) {
  const buyer = person(place, 'buyer');
  const seller = person(place, 'seller');
  const path = (id: string, verb = ''): string => `/v1/lectures/${id}${verb}`;

  /** A command as a core service sends it: put into an outbox, from where it goes over the bus; so old that the relay leaves it to nobody else. */
  async function tell<Body extends object>(name: string, codec: Codec<Body>, id: string, body: Body): Promise<void> {
    const message: Outgoing = command(`jari.lecture.v1.${name}`, codec, id, body);
    await place.rows(
      'tutoring',
      `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, created_at, payload)
        values ($1, $2, $3, $4, $5, $5, $5, now() - interval '5 seconds', $6)`,
      ...[newId(), message.kind, message.type, message.routingKey, id, Buffer.from(message.encode())],
    );
  }

  const order = (id: string): { kind: string; id: string } => ({ kind: 'tutoring.purchase', id });
  const read = (id: string, by = buyer): Promise<Lecture> => ok(by.get<Lecture>(path(id)));

  return {
    buyer,
    seller,
    path,
    read,
    /** A lecture that begins so many seconds from now. */
    async scheduled({ inSeconds = 60, minutes = 50 } = {}): Promise<string> {
      const id = newId();
      const startTime = new Date(Date.now() + inSeconds * 1_000);
      const who = {
        buyerId: buyer.id,
        sellerId: seller.id,
        lessonId: newId(),
        title: '기타 첫걸음 · Guitar, first steps',
      };
      await tell('ScheduleLecture', messages.ScheduleLecture, id, { order: order(id), ...who, startTime, minutes });
      await becomes(() => buyer.get(path(id)), { status: 200 });
      return id;
    },
    cancel: (id: string) => tell('CancelLecture', messages.CancelLecture, id, { order: order(id) }),
    /** What lecture told of it, oldest first. */
    told: async (id: string): Promise<string[]> =>
      (
        await place.rows<{ type: string }>(
          'lecture',
          `select type from outbox where subject = $1 and kind = 'event' order by id`,
          id,
        )
      ).map(({ type }) => type.split('.').at(-1) ?? ''),
    join: (id: string, by: Person): Promise<Joined> => ok(by.post<Joined>(path(id, ':join'), {})),
    signal: (id: string, by: Person, { sessionId }: Joined, payload: string, toPeerId = ''): Promise<Answer<Signal>> =>
      by.post<Signal>(path(id, ':signal'), { sessionId, payload, toPeerId }),
    async watch(id: string, by: Person, { sessionId }: Pick<Joined, 'sessionId'>): Promise<Watching> {
      const leaving = new AbortController();
      const url = `${place.rest}${path(id, ':watch')}?session_id=${sessionId}`;
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${await by.token}` },
        signal: leaving.signal,
      });
      if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
      const events: RoomEvent[] = [];
      const read = async (): Promise<void> => {
        for await (const event of eventsOf<RoomEvent>(response)) events.push(event);
      };
      return {
        events,
        room: () => events.flatMap(({ snapshot, change }) => snapshot ?? change ?? []).at(-1),
        heard: () => events.flatMap(({ signal }) => signal ?? []),
        leave: () => leaving.abort(),
        ended: read().catch(() => undefined), // a connection that broke is an end as well
      };
    },
    end: (id: string, by: Person): Promise<Answer<Lecture>> => by.post<Lecture>(path(id, ':end'), {}),
  };
}
