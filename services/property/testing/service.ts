import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { instantAt } from '#kernel/time.ts';
import { command, type Codec } from '#adapters/bus/messages.ts';
import { RpcError, reasonOf } from '#adapters/rpc/errors.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { asDecoded } from '#adapters/rpc/testing.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import * as messages from '#proto/jari/property/v1/messages.ts';
import { service } from '../main.ts';
import type { Wish } from '../stay.ts';

/** Property as it is plugged, on a PostgreSQL of its own. It is a month before Christmas. */
export const today = instantAt('2026-11-24', 9, 'Asia/Seoul');

export interface PropertyService {
  on: TestStore;
  /** Who may call each method. */
  who: Record<string, 'anyone' | readonly Role[]>;
  /** Calls a method as the server would, but for the rules that the proto itself states. */
  ask<Response>(method: string, request: object, caller?: Caller): Promise<Response>;
  /** Brings a message as the bus would. */
  hear(message: ReturnType<typeof command>): Promise<void>;
  requestStay(wish: Wish, orderId?: string): Promise<string>;
  releaseStay(orderId: string): Promise<void>;
  /** Lets a timer fire. */
  fire(timer: string, id: string): Promise<void>;
  start(): Promise<void>;
  /** What was told about a subject, oldest first: type and body. */
  told(subject: string): Promise<{ type: string; body: Record<string, unknown> }[]>;
  /** The same service on the same database in another process; `through` may come between it and the database. */
  replica(through?: (store: Store) => Store): PropertyService;
  close(): Promise<void>;
}

export async function openPropertyService(
  options: { development: boolean } = { development: false },
): Promise<PropertyService> {
  const on = await testStore(service);
  return { ...houseOn(on, on.store, options), close: () => on.close() };
}

function houseOn(on: TestStore, store: Store, { development }: { development: boolean }): PropertyService {
  const plugged = service.plug({
    store,
    settings: { JARI_STAY_ANSWER_SECONDS: 86_400 },
    now: () => today,
    log: pino({ level: 'silent' }),
    staffRolesOf: async () => undefined,
    send: () => Promise.resolve(),
    development,
  });
  const handle = handleWith(store, service.name, plugged.subscriptions);
  const hear: PropertyService['hear'] = (message) => handle(envelopeFor(message, 'lodging'));

  return {
    on,
    hear,
    who: Object.fromEntries(
      (plugged.rpc[0]?.methods ?? []).map(({ name, implementation }) => [name, implementation.who]),
    ),
    async ask<Response>(method: string, request: object, caller?: Caller): Promise<Response> {
      const row = plugged.rpc[0]?.methods.find(({ name }) => name === method);
      const found = row?.implementation;
      if (!found || found.kind === 'stream') throw new Error(`no method ${method}`);
      if (found.kind === 'query') return (await found.run(asDecoded(row, request), caller)) as Response;
      if (!caller) throw new Error(`${method} needs a caller`);
      const updated = await found.run(asDecoded(row, request), caller);
      if (updated.accepted) return found.answer(updated.after) as Response;
      const refusal = found.refusals[updated.refusal];
      throw new RpcError(refusal?.code ?? 'INTERNAL', reasonOf(updated.refusal), refusal?.text ?? '');
    },
    async requestStay(wish, orderId = newId()) {
      const order = { kind: 'lodging.reservation', id: orderId };
      await hear(command('jari.property.v1.RequestStay', messages.RequestStay, orderId, { order, ...wish }));
      return orderId;
    },
    async releaseStay(id) {
      await hear(
        command('jari.property.v1.ReleaseStay', messages.ReleaseStay, id, {
          order: { kind: 'lodging.reservation', id },
        }),
      );
    },
    fire: async (timer, id) => plugged.timers[timer]?.(id, today),
    start: async () => plugged.start?.(),
    async told(subject) {
      const sent = (await on.sent()).filter((row) => row.subject === subject);
      return sent.map(({ type, payload }) => ({
        type: type.replace('jari.property.v1.', ''),
        body: codecs[type]?.decode(payload) ?? {},
      }));
    },
    replica: (through = (store) => store) => houseOn(on, through(mikroOrmStore(on.database)), { development }),
    close: () => Promise.resolve(),
  };
}

const codecs: Record<string, Codec<Record<string, unknown>>> = Object.fromEntries(
  Object.entries(messages).map(([name, codec]) => [
    `jari.property.v1.${name}`,
    codec as unknown as Codec<Record<string, unknown>>,
  ]),
);

export const caller = (id: string, ...roles: Role[]): Caller => ({ id, roles });
