import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { command, type Codec } from '#adapters/bus/messages.ts';
import { RpcError, reasonOf } from '#adapters/rpc/errors.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { processLockIn } from '#adapters/mikro-orm/process-lock.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { startTimers } from '#adapters/mikro-orm/timers.ts';
import * as messages from '#proto/jari/assignment/v1/messages.ts';
import type { Location } from '../dealership.ts';
import { service } from '../main.ts';

/** Assignment as it is plugged, on a PostgreSQL of its own, with its timers running. */
export interface AssignmentService {
  on: TestStore;
  /** The time for decisions; timers fall due by the database's clock. */
  clock: { now: number };
  /** Calls a method as the server would, but for the rules that the proto itself states. */
  ask<Response>(method: string, request: object, caller: Caller): Promise<Response>;
  /** Asks for a dealership as an order does; answers with the order's id. */
  request(location: Location, orderId?: string): Promise<string>;
  cancel(orderId: string): Promise<void>;
  start(): Promise<void>;
  /** What was told about an order, oldest first: type and body. */
  told(orderId: string): Promise<{ type: string; body: Record<string, unknown> }[]>;
  /** The same service on the same database in another process. */
  replica(): Pick<AssignmentService, 'ask' | 'request' | 'cancel'>;
  close(): Promise<void>;
}

export async function openAssignmentService({
  development = false,
  answerSeconds = 1_800,
} = {}): Promise<AssignmentService> {
  const on = await testStore(service);
  const clock = { now: Date.now() };
  const log = pino({ level: 'silent' });
  const open = (store: Store) => {
    const plugged = service.plug({
      store,
      settings: { JARI_ASSIGNMENT_ANSWER_SECONDS: answerSeconds },
      now: () => clock.now,
      log,
      staffRolesOf: async () => undefined,
      send: () => Promise.resolve(),
      development,
    });
    const handle = handleWith(store, service.name, plugged.subscriptions);
    const about = (id: string) => ({ order: { kind: 'preorder.preorder', id } });
    return {
      plugged,
      async ask<Response>(method: string, request: object, caller: Caller): Promise<Response> {
        const found = plugged.rpc[0]?.methods.find(({ name }) => name === method)?.implementation;
        if (!found || found.kind === 'stream') throw new Error(`no method ${method}`);
        if (found.kind === 'query') return (await found.run(request as never, caller)) as Response;
        const updated = await found.run(request as never, caller);
        if (updated.accepted) return found.answer(updated.after) as Response;
        throw new RpcError(
          found.refusals[updated.refusal]?.code ?? 'INTERNAL',
          reasonOf(updated.refusal),
          updated.refusal,
        );
      },
      async request(location: Location, id: string = newId()): Promise<string> {
        await handle(
          envelopeFor(
            command('jari.assignment.v1.RequestAssignment', messages.RequestAssignment, id, {
              ...about(id),
              location,
              customerId: newId(),
            }),
            'preorder',
          ),
        );
        return id;
      },
      cancel: (id: string) =>
        handle(
          envelopeFor(
            command('jari.assignment.v1.CancelAssignment', messages.CancelAssignment, id, {
              ...about(id),
              undelivered: false,
            }),
            'preorder',
          ),
        ),
    };
  };
  const timersOf = (): ReturnType<typeof startTimers> => timers;
  const store = mikroOrmStore(on.database, (plan) => {
    for (const timer of plan.timers.values()) timersOf().expect(timer);
  });
  const { plugged, ...office } = open(store);
  const { prepared: pool } = on.database;
  const processLock = processLockIn(pool, service.name);
  const timers = startTimers({ pool, clock: on.database.clock, processLock, handlers: plugged.timers, log });
  return {
    ...office,
    on,
    clock,
    start: async () => plugged.start?.(),
    async told(orderId) {
      const sent = (await on.sent()).filter(({ subject }) => subject === orderId);
      return sent.map(({ type, payload }) => ({
        type: type.replace('jari.assignment.v1.', ''),
        body: codecs[type]?.decode(payload) ?? {},
      }));
    },
    replica: () => open(mikroOrmStore(on.database)),
    async close() {
      await timers.stop();
      await store.close();
      processLock.leave();
      await on.close();
    },
  };
}

const codecs: Record<string, Codec<Record<string, unknown>>> = Object.fromEntries(
  Object.entries(messages).map(([name, codec]) => [
    `jari.assignment.v1.${name}`,
    codec as unknown as Codec<Record<string, unknown>>,
  ]),
);

export const caller = (id: string, ...roles: Role[]): Caller => ({ id, roles });
