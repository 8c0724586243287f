import type { EntitySchema } from '@mikro-orm/core';
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import type { OrderRef } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import type { StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import { FromNewerSender, keyOf, type Codec, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { refuseUnknownValues } from '#adapters/bus/unknown-values.ts';
import type { RpcService } from '#adapters/rpc/rpc.ts';
import type { AnyStored, Store, Stored } from '#adapters/mikro-orm/store.ts';
import type { PartyLimit } from '#adapters/resilience/party-limit.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import type { Settings, Specs } from '#adapters/settings/settings.ts';

/** One of the services as `services/run.ts` hosts it: alone in a process or beside the others. `main.ts` exports one. */
export interface Service {
  /** Folder, context, queue, schema and role all have this name. */
  name: string;
  /** The service's own migrations, after the platform's: `{name: 'lodging-1', up: ['create table …']}`. Never changed, only added to. */
  migrations: readonly { name: string; up: readonly string[] }[];
  /** The tables that these migrations have left, for MikroORM; a test compares the two. */
  entities: readonly EntitySchema[];
  /** Statements that delete rows which nobody needs any more; they run each hour. */
  cleaning?: readonly string[];
  /** Environment variables that only this service reads, each with default and description (envalid). */
  settings: Specs;
  plug(outside: Outside): ServiceParts;
}

/** A service as its `main.ts` writes it: `plug` receives the values of its own settings, with their types. */
export const serviceOf = <S extends Specs>(
  service: Omit<Service, 'settings' | 'plug'> & { settings: S; plug(outside: Outside<Settings<S>>): ServiceParts },
): Service => service as Service;

/** What the host lends to a service. */
export interface Outside<Values = Readonly<Record<string, unknown>>> {
  store: Store;
  /** Validated values of `Service.settings`. */
  settings: Values;
  /** The time, for decisions. Timers fall due by the database's clock. */
  now(): Instant;
  log: Logger;
  /** Sends a message that belongs to no aggregate's change (a `Republish…` command), by the outbox. */
  send(...messages: readonly Outgoing[]): Promise<void>;
  /** The staff roles that identity last said a person has. */
  staffRolesOf: StaffRolesOf;
  /** Whether sandboxes and sample data are wanted: not in production. */
  development: boolean;
}

/** Orders of one kind, and the states in which they wait for something. */
export interface Orders {
  of: { name: string };
  notFinal: readonly string[];
}

/** What a service gives. */
export interface ServiceParts {
  rpc: readonly RpcService[];
  subscriptions: Subscriptions;
  /** The aggregate that is built from events alone, and so can be rebuilt. */
  projection?: AnyStored;
  /** What a timer's firing means, by the aggregate's and the timer's name: `reservation/payment-answer`. */
  timers: Readonly<Record<string, (id: string, at: Instant) => Promise<void>>>;
  /** The orders that it keeps, by the values of their column `status` that are not final: monitoring shows the oldest of each. */
  orders?: readonly Orders[];
  /** Runs once the database is ready, at every start: sample data, asking for catalogues that are missing. Must bear repetition. */
  start?(): Promise<void>;
  /** What it lacks to do its work in full, in words; it serves all the same. */
  waitsFor?(): Promise<string | undefined>;
  /** The public keys of the tokens that it issues. */
  publicKeys?(): Promise<JSONWebKeySet>;
  /** The ways out that it leaves alone while a callee fails, for monitoring. */
  breakers?: readonly Pick<Policy, 'name' | 'breakerState'>[];
  /** The limits on its calls to outside parties, for monitoring. */
  limits?: readonly PartyLimit[];
  /** Frees what `plug` opened. */
  stop?(): Promise<void>;
}

declare const matches: unique symbol;

/** One input for one aggregate, made by `inputFor`. Where the input needs reading first, a function, which runs again if another writer was first. */
export interface Addressed {
  of: AnyStored;
  id: string;
  input: unknown | (() => Promise<unknown>);
  /** Proves to the compiler that the aggregate takes this input. */
  [matches]: true;
  /** Nobody waits for what comes of it: it is noted a moment later, along with others. */
  batchable?: true;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only its input matters
type InputOf<Of extends AnyStored> = Of extends Stored<any, infer Input, any, any, any> ? Input : never;

export const inputFor = <Of extends AnyStored>(
  of: Of,
  id: string,
  input: InputOf<Of> | (() => Promise<InputOf<Of>>),
): Addressed => ({ of, id, input }) as unknown as Addressed;

/** For handlers of capabilities' events: these are about orders of all businesses, and a business handles those of its own `kind`. */
export const ofOrders =
  <Of extends AnyStored>(of: Of, kind: string) =>
  <Body extends { order: OrderRef }>(input: (message: Body) => InputOf<Of>) =>
  (message: Body): readonly Addressed[] =>
    message.order.kind === kind ? [inputFor(of, message.order.id, input(message))] : [];

/** What a service makes of a message: the inputs it means. Each is handled exactly once, in a transaction of its own. */
export interface Subscriptions {
  events: readonly string[];
  commands: readonly string[];
  handle(envelope: Envelope): readonly Addressed[] | Promise<readonly Addressed[]>;
}

/** How a service handles one type of message; `subscriptionsOf(...)` collects them. */
export interface MessageHandler {
  kind: Envelope['kind'];
  type: string;
  handle(payload: Uint8Array, envelope: Envelope): readonly Addressed[] | Promise<readonly Addressed[]>;
}

/** A message as its handler receives it: a message about an order names it. */
type Named<Body> = Body extends { order: OrderRef | undefined }
  ? Omit<Body, 'order'> & { order: Exclude<Body['order'], undefined> }
  : Body;

type HandlerOf<Body extends object> = (
  message: Named<Body>,
  envelope: Envelope,
) => readonly Addressed[] | Promise<readonly Addressed[]>;

/** `onEvent('jari.property.v1.StayConfirmed', StayConfirmed, (message) => [...])` */
export const onEvent = <Body extends object>(
  type: string,
  codec: Codec<Body>,
  means: HandlerOf<Body>,
): MessageHandler => ({
  kind: 'event',
  type,
  handle(payload, envelope) {
    const message = codec.decode(payload);
    // Every message about an order names it; otherwise its order is unknown.
    if ('order' in message && !message.order) throw new TypeError(`${type} names no order`);
    refuseUnknownValues(type, message);
    return means(message as Named<Body>, envelope);
  },
});

export const onCommand = <Body extends object>(
  type: string,
  codec: Codec<Body>,
  means: HandlerOf<Body>,
): MessageHandler => ({ ...onEvent(type, codec, means), kind: 'command' });

export function subscriptionsOf(...entries: readonly MessageHandler[]): Subscriptions {
  const byType = new Map(entries.map((entry) => [entry.type, entry]));
  const keys = (kind: Envelope['kind']): string[] =>
    entries.filter((entry) => entry.kind === kind).map((entry) => keyOf(entry.type));
  return {
    events: keys('event'),
    commands: keys('command'),
    handle(envelope) {
      const entry = byType.get(envelope.type);
      if (!entry) throw new FromNewerSender(`a message of the type ${envelope.type} is not expected here`);
      return entry.handle(envelope.payload, envelope);
    },
  };
}
