import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { v7 } from 'uuid';
import type { Bus, Consumption } from '#adapters/bus/bus.ts';
import type { KeptAnswers } from '#adapters/grpc/idempotency.ts';
import { openDatabase, type Database } from '#adapters/mikro-orm/database.ts';
import { forgetOldAnswers, mikroOrmKeptAnswers } from '#adapters/mikro-orm/kept-answers.ts';
import type { Plan } from '#adapters/mikro-orm/plan.ts';
import { startRelay } from '#adapters/mikro-orm/relay.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { startTimers } from '#adapters/mikro-orm/timers.ts';
import { mikroOrmTroubles, startRetries } from '#adapters/mikro-orm/troubles.ts';
import { writeOutbox } from '#adapters/mikro-orm/write.ts';
import { Unavailable } from '#adapters/resilience/errors.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import { hearWith } from './hearing.ts';
import type { Plugged, Service } from './service.ts';

/** What a service runs on. */
export interface Ground {
  databaseUrl: string;
  /** Connections at most. */
  connections: number;
  bus: Bus;
  settings: Readonly<Record<string, unknown>>;
  log: Logger;
  development: boolean;
  /** Ends the waiting for a database that does not come. */
  signal: AbortSignal;
}

/** A service that runs: its tables are there, its loops turn, its queue is read. */
export interface Hosted {
  service: Service;
  rpc: Plugged['rpc'];
  keptAnswers: KeptAnswers;
  database: Database;
  /** What it lacks to do its work in full, in words. */
  waitsFor(): Promise<string | undefined>;
  /** Finishes what is in hand, and lets go of everything. */
  stop(): Promise<void>;
}

const hour = 3_600_000;

export async function host(service: Service, ground: Ground): Promise<Hosted> {
  const { bus, log } = ground;
  const database = await opened(service, ground);
  const { pool } = database;

  const wake = ({ outbox, timers: set }: Pick<Plan, 'outbox' | 'timers'>): void => {
    if (outbox.length) relay.wake();
    for (const timer of set.values()) timers.expect(timer.at);
  };
  const store = mikroOrmStore(database, wake);
  const plugged = service.plug({
    store,
    settings: ground.settings,
    now: Date.now,
    log,
    development: ground.development,
    async send(...messages) {
      const outbox = messages.map((message) => ({ id: v7(), message, scope: currentScope() }));
      await writeOutbox(pool, { outbox });
      wake({ outbox, timers: new Map() });
    },
  });

  const relay = startRelay({ pool, bus, service: service.name, log });
  const timers = startTimers({ pool, handlers: plugged.timers, log });
  const handle = hearWith(store, service.name, plugged.hears);
  const troubles = mikroOrmTroubles(pool, log);
  const retries = startRetries({ pool, handle, troubles, log });
  const consumption: Consumption = bus.subscribe({
    queue: service.name,
    events: plugged.hears.events,
    commands: plugged.hears.commands,
    handle: (envelope) => handle(envelope).catch((error: unknown) => troubles.keep(envelope, error)),
  });
  const cleaning = setInterval(() => void forgetOldAnswers(pool).catch((error: unknown) => log.warn({ err: error }, 'cleaning failed')), hour);
  await plugged.start?.();

  return {
    service,
    rpc: plugged.rpc,
    keptAnswers: mikroOrmKeptAnswers(pool),
    database,
    async waitsFor() {
      const road = bus.status();
      return road.ready ? plugged.waitsFor?.() : road.waitsFor;
    },
    async stop() {
      clearInterval(cleaning);
      await consumption.stop();
      await Promise.all([timers.stop(), retries.stop()]);
      await plugged.stop?.();
      await store.close();
      await relay.stop();
      await database.close();
    },
  };
}

/** The database may come later than the service: it waits, and says so. */
async function opened(service: Service, { databaseUrl, connections, log, signal }: Ground): Promise<Database> {
  for (let tries = 0; ; tries++) {
    try {
      return await openDatabase({
        service: service.name,
        url: databaseUrl,
        aggregates: service.aggregates,
        migrations: service.migrations,
        connections,
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (tries % 10 === 0) log.warn(`${service.name} waits for its database`);
      await pause(Math.min(1_000, 100 * 2 ** tries), undefined, { signal });
    }
  }
}
