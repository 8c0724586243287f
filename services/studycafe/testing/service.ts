import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { command, type Codec } from '#adapters/bus/messages.ts';
import { RpcError, reasonOf } from '#adapters/rpc/errors.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { asDecoded } from '#adapters/rpc/testing.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import * as messages from '#proto/jari/studycafe/v1/messages.ts';
import type { Cafe, ListSeatsResponse, Seat } from '#proto/jari/studycafe/v1/studycafe.ts';
import { service } from '../main.ts';
import type { Period } from '../times.ts';
import { at } from './sample.ts';

/** Studycafe as it is plugged, on a PostgreSQL of its own. It is the day before Christmas Eve. */
export interface StudycafeService {
  on: TestStore;
  /** Who may call each method. */
  who: Record<string, 'anyone' | readonly Role[]>;
  /** Calls a method as the server would, but for the rules that the proto itself states. */
  ask<Response>(method: string, request: object, by?: Caller): Promise<Response>;
  /** Watches as the server would. */
  watch<Response>(request: object, signal: AbortSignal): AsyncIterable<Response>;
  /** Brings a message as the bus would. */
  hear(message: ReturnType<typeof command>): Promise<void>;
  hold(seatId: string, cafeId: string, period: Period, orderId?: string): Promise<string>;
  register(orderId: string): Promise<void>;
  release(orderId: string): Promise<void>;
  start(): Promise<void>;
  /** A cafe with that many seats. */
  open(seats: number): Promise<{ cafeId: string; seatIds: string[] }>;
  /** The seats' states then, by their labels. */
  map(cafeId: string, period: Period): Promise<Seat[]>;
  /** What was told about a subject, oldest first: type and body. */
  told(subject: string): Promise<{ type: string; body: Record<string, unknown> }[]>;
  /** The same service on the same database in another process. */
  replica(): StudycafeService;
  close(): Promise<void>;
}

export const admin: Caller = { id: newId(), roles: ['admin'] };
export const times = ({ start, end }: Period) => ({ startTime: new Date(start), endTime: new Date(end) });

export async function openStudycafeService(
  options: { development: boolean } = { development: false },
): Promise<StudycafeService> {
  const on = await testStore(service);
  return { ...shopOn(on, on.store, options), close: () => on.close() };
}

function shopOn(on: TestStore, store: Store, { development }: { development: boolean }): StudycafeService {
  const plugged = service.plug({
    ...{
      store,
      now: () => at,
      log: pino({ level: 'silent' }),
      staffRolesOf: async () => undefined,
      send: () => Promise.resolve(),
      development,
    },
    settings: { JARI_HEARTBEAT_SECONDS: 15 },
  });
  const handle = handleWith(store, service.name, plugged.subscriptions);
  const hear: StudycafeService['hear'] = (message) => handle(envelopeFor(message, 'seating'));
  const rowOf = (method: string) => plugged.rpc[0]!.methods.find(({ name }) => name === method)!;
  const methodOf = (method: string) => rowOf(method).implementation;
  const orderOf = (id: string) => ({ kind: 'seating.selection', id });

  const ask: StudycafeService['ask'] = async <Response>(
    method: string,
    request: object,
    by = admin,
  ): Promise<Response> => {
    const found = methodOf(method);
    if (found.kind === 'stream') throw new Error(`${method} answers many times`);
    const decoded = asDecoded(rowOf(method), request);
    if (found.kind === 'query') return (await found.run(decoded, by)) as Response;
    const updated = await found.run(decoded, by);
    if (updated.accepted) return found.answer(updated.after) as Response;
    const refusal = found.refusals[updated.refusal]!;
    throw new RpcError(refusal.code, reasonOf(updated.refusal), refusal.text);
  };
  const map: StudycafeService['map'] = async (cafeId, period) =>
    (await ask<ListSeatsResponse>('listSeats', { cafeId, ...times(period) })).seats;

  return {
    ...{ on, ask, hear, map },
    who: Object.fromEntries(plugged.rpc[0]!.methods.map(({ name, implementation }) => [name, implementation.who])),
    watch<Response>(request: object, signal: AbortSignal) {
      const found = methodOf('watchSeats');
      if (found.kind !== 'stream') throw new Error('watchSeats answers once');
      return found.run(request as never, undefined, signal) as AsyncIterable<Response>;
    },
    async hold(seatId, cafeId, period, orderId = newId()) {
      await hear(
        command('jari.studycafe.v1.HoldSeat', messages.HoldSeat, orderId, {
          order: orderOf(orderId),
          cafeId,
          seatId,
          ...times(period),
        }),
      );
      return orderId;
    },
    register: (id) =>
      hear(command('jari.studycafe.v1.RegisterSeat', messages.RegisterSeat, id, { order: orderOf(id) })),
    release: (id) => hear(command('jari.studycafe.v1.ReleaseSeat', messages.ReleaseSeat, id, { order: orderOf(id) })),
    start: async () => plugged.start?.(),
    async open(count) {
      const seats = Array.from({ length: count }, (_, nth) => ({ label: `${nth + 1}`, x: nth, y: 0, features: [] }));
      const terms = { opens: '08:00', closes: '23:00', pricePerHour: { currencyCode: 'KRW', units: 2_000n, nanos: 0 } };
      const { id: cafeId } = await ask<Cafe>('createCafe', {
        name: 'Books',
        address: 'Seoul',
        timeZone: 'Asia/Seoul',
        ...terms,
        seats,
      });
      return { cafeId, seatIds: (await map(cafeId, { start: at, end: at + 1_800_000 })).map(({ id }) => id) };
    },
    async told(subject) {
      const sent = (await on.sent()).filter((row) => row.subject === subject);
      return sent.map(({ type, payload }) => ({
        type: type.replace('jari.studycafe.v1.', ''),
        body: codecs[type]?.decode(payload) ?? {},
      }));
    },
    replica: () => shopOn(on, mikroOrmStore(on.database), { development }),
    close: () => Promise.resolve(),
  };
}

const codecs: Record<string, Codec<Record<string, unknown>>> = Object.fromEntries(
  Object.entries(messages).map(([name, codec]) => [
    `jari.studycafe.v1.${name}`,
    codec as unknown as Codec<Record<string, unknown>>,
  ]),
);
