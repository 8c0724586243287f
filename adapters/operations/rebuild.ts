import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Instant } from '#kernel/time.ts';
import type { Bus, Consumption } from '#adapters/bus/bus.ts';
import type { Envelope, Outgoing } from '#adapters/bus/messages.ts';
import { handleWith } from '#adapters/service/handling.ts';
import type { Subscriptions } from '#adapters/service/service.ts';
import { withoutTimeout, tryLock } from '#adapters/mikro-orm/database.ts';
import { mapDatabaseErrors, type AnyStored, type Store } from '#adapters/mikro-orm/store.ts';
import { newId } from '#kernel/ids.ts';
import { ReplayBegun, ReplayEnded, ReplayMark } from '#proto/jari/ops/v1/messages.ts';
import { swapTables, missingIn, createTableLike } from './next-table.ts';
import { replayMark, replayRequested, types } from './replay.ts';

/** How one rebuilding goes. */
export interface Rebuild {
  id: string;
  state: 'running' | 'done' | 'failed';
  startedAt: Instant;
  endedAt?: Instant;
  /** Events received so far, old and new. */
  events: number;
  /** Services that have begun to send their earlier events, with their number once all are sent. */
  sources: Readonly<Record<string, number | null>>;
  /** What it waits for, or why it failed, in words. */
  waitsFor: string;
}

export interface Rebuilder {
  /** Resolves when it has begun; undefined while one is in progress in any replica. */
  begin(): Promise<Rebuild | undefined>;
  /** The last one, also of another replica. */
  last(): Promise<Rebuild | undefined>;
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

export interface Parts {
  service: string;
  /** The aggregate that is built from events alone. */
  projection: AnyStored;
  subscriptions: Subscriptions;
  pool: Pool;
  store: Store;
  bus: Bus;
  send(message: Outgoing): Promise<void>;
  log: Logger;
}

const lookMs = 500;

/**
 * Rebuilds a projection while the old one is read and updated. A separate queue receives new events from now on, then all services send
 * their earlier events again. All of them go into a second table of the same shape. When the new table lacks nothing that the old one has,
 * the two are swapped in one transaction. Events that arrive twice or in another order give the same result.
 */
export function rebuilder(parts: Parts): Rebuilder {
  const { service, pool } = parts;
  const leaving = new AbortController();
  let running: Promise<void> | undefined;

  return {
    begin: () =>
      mapDatabaseErrors(async () => {
        const lock = await locked(pool, lockOf(service));
        if (!lock) return undefined;
        const rebuild: Rebuild = {
          id: newId(),
          state: 'running',
          startedAt: Date.now(),
          events: 0,
          sources: {},
          waitsFor: '',
        };
        try {
          await save(pool, rebuild);
        } catch (error) {
          lock.release(true);
          throw error;
        }
        running = run(parts, rebuild, leaving.signal).finally(() => lock.release(true));
        return rebuild;
      }),

    last: () =>
      mapDatabaseErrors(async () => {
        const { rows } = await pool.query<{ state: string; held: boolean }>(
          `select state::text, exists (select from pg_locks where locktype = 'advisory' and objid = (hashtext($1)::bigint & 4294967295)::oid and granted
            and database = (select oid from pg_database where datname = current_database())) held
          from rebuild order by id desc limit 1`,
          [lockOf(service)],
        );
        const [row] = rows;
        if (!row) return undefined;
        const rebuild = JSON.parse(row.state) as Rebuild;
        return rebuild.state === 'running' && !row.held
          ? { ...rebuild, state: 'failed', waitsFor: 'its process has ended' }
          : rebuild;
      }),

    async stop() {
      leaving.abort(new Error('the service is stopped'));
      await running;
    },
  };
}

const lockOf = (service: string): string => `${service}/rebuild`;

/** A session that holds the lock until it is released for good; undefined when another one holds it. */
async function locked(pool: Pool, name: string): Promise<PoolClient | undefined> {
  const client = await pool.connect();
  try {
    if (await tryLock(client, name)) return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
  client.release();
  return undefined;
}

const save = (pool: Pool, rebuild: Rebuild): Promise<unknown> =>
  pool.query('insert into rebuild (id, state) values ($1, $2) on conflict (id) do update set state = excluded.state', [
    rebuild.id,
    JSON.stringify(rebuild),
  ]);

async function run(parts: Parts, begun: Rebuild, signal: AbortSignal): Promise<void> {
  const { service, projection, pool, log, send } = parts;
  const next = { ...projection, name: `${projection.name}_next` };
  const rebuild: Rebuild & { sources: Record<string, number | null> } = { ...begun, sources: {} };
  const listener = listen(parts, rebuild, next);
  try {
    await createTableLike(pool, projection.name, next.name);
    listener.start();
    await send(replayRequested(rebuild.id));
    for (;;) {
      await listener.caughtUp(signal);
      rebuild.waitsFor = (await missingIn(pool, rebuild.sources, projection.name, next.name)) ?? '';
      await save(pool, rebuild);
      if (!rebuild.waitsFor) break;
      await pause(lookMs, undefined, { signal });
    }
    await listener.into(projection, () => swapTables(pool, projection.name, next.name));
    // What was new meanwhile, and went past the old one before the two changed places.
    await listener.caughtUp(signal);
    Object.assign(rebuild, { state: 'done', endedAt: Date.now() });
    log.info({ rebuild: rebuild.id, events: rebuild.events }, `${projection.name} is rebuilt`);
  } catch (error) {
    Object.assign(rebuild, {
      state: 'failed',
      endedAt: Date.now(),
      waitsFor: error instanceof Error ? error.message : String(error),
    });
    log.error({ err: error, rebuild: rebuild.id }, `${projection.name} could not be rebuilt; it stays as it was`);
  } finally {
    await listener.stop();
    await save(pool, rebuild)
      .then(() =>
        withoutTimeout(pool, (client) => client.query('delete from inbox where consumer like $1', [`${service}@%`])),
      ) // there is one at a time; those that were killed left theirs
      .catch((error: unknown) => log.warn({ err: error }, 'the end of a rebuild could not be stored'));
  }
}

/** A generation of the consumer: to its inbox nothing of the past is a repetition. */
const consumerOf = (service: string, { id }: Rebuild): string => `${service}@${id}`;

/** Applies old and new events to the given table. */
function listen(
  { service, projection, subscriptions, store, bus }: Parts,
  rebuild: Rebuild & { sources: Record<string, number | null> },
  next: AnyStored,
) {
  const queue = consumerOf(service, rebuild);
  const marks = new Map<string, () => void>();
  const inHand = new Set<Promise<void>>();
  let table = next;
  let gate: Promise<unknown> | undefined;
  let consumption: Consumption | undefined;

  const hear = handleWith(store, queue, {
    ...subscriptions,
    handle: async (envelope) =>
      (await subscriptions.handle(envelope)).flatMap((each) =>
        each.of === projection ? [{ ...each, of: table }] : [],
      ),
  });

  async function handle(envelope: Envelope): Promise<void> {
    switch (envelope.type) {
      case types.requested:
        return;
      case types.begun:
        rebuild.sources[ReplayBegun.decode(envelope.payload).service] ??= null;
        return;
      case types.ended: {
        const { service: source, events } = ReplayEnded.decode(envelope.payload);
        rebuild.sources[source] = Number(events);
        return;
      }
      case types.mark:
        marks.get(ReplayMark.decode(envelope.payload).id)?.();
        return;
      default:
        await gate;
        await hear(envelope);
        rebuild.events++;
    }
  }

  return {
    start(): void {
      consumption = bus.subscribe({
        ...{ queue, events: ['#'], commands: [], rebuilding: true },
        handle(envelope) {
          const handling = handle(envelope).finally(() => inHand.delete(handling));
          inHand.add(handling);
          return handling;
        },
      });
    },

    /** Resolves once all that was sent up to now has been handled: a mark that is sent to the end of the queue has come back. */
    async caughtUp(signal: AbortSignal): Promise<void> {
      const id = newId();
      const back = new Promise<void>((resolve) => marks.set(id, resolve));
      while (!(await bus.replay([replayMark(service, rebuild.id, id)])).size)
        await pause(lookMs, undefined, { signal });
      await Promise.race([back, aborted(signal)]);
      marks.delete(id);
      await Promise.allSettled(inHand);
    },

    /** New events go to `to` from now on; none is handled during `change`. */
    async into(to: AnyStored, change: () => Promise<void>): Promise<void> {
      const changed = Promise.withResolvers<void>();
      gate = changed.promise;
      try {
        await Promise.allSettled(inHand);
        await change();
        table = to;
      } finally {
        gate = undefined;
        changed.resolve();
      }
    },

    stop: async (): Promise<void> => consumption?.stop(),
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
