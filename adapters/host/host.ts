import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { trailIn } from '#adapters/audit/trail.ts';
import { keepStaffRoles, staffRolesIn, staffRolesSetKey, type StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import type { Envelope, Outgoing } from '#adapters/bus/messages.ts';
import { keepMeasuring, skewOver } from '#adapters/clock/clock.ts';
import type { KeptAnswers } from '#adapters/rpc/idempotency.ts';
import { archiveOld } from '#adapters/mikro-orm/archive.ts';
import { withoutTimeout, withTimeout, openDatabase, type Database } from '#adapters/mikro-orm/database.ts';
import { databaseHealth } from '#adapters/mikro-orm/health.ts';
import { forgetOldAnswers, mikroOrmKeptAnswers } from '#adapters/mikro-orm/kept-answers.ts';
import type { Loop } from '#adapters/mikro-orm/loop.ts';
import { envelopeOf, intoOutbox } from '#adapters/mikro-orm/outbox.ts';
import type { Plan } from '#adapters/mikro-orm/plan.ts';
import { processLockIn } from '#adapters/mikro-orm/process-lock.ts';
import { startRelay, type Relay } from '#adapters/mikro-orm/relay.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { startTimers, type Timers } from '#adapters/mikro-orm/timers.ts';
import { mikroOrmRetryStore, startRetries } from '#adapters/mikro-orm/retry-store.ts';
import { mikroOrmDeadLetters } from '#adapters/operations/dead-letters.ts';
import { figuresOf, oldestIn, untakenIn } from '#adapters/operations/figures.ts';
import { rebuilder as rebuilderOf } from '#adapters/operations/rebuild.ts';
import { replayer, replayKey } from '#adapters/operations/replay.ts';
import { queueFound, retellerOf, tellAgainKey, tellAgainOnRequest } from '#adapters/operations/retelling.ts';
import type { Operations } from '#adapters/operations/operations.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { newId } from '#kernel/ids.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import { inSpan } from '#adapters/telemetry/tracing.ts';
import type { Admission } from './admission.ts';
import { handleWith } from '#adapters/service/handling.ts';
import type { ServiceParts, Service } from '#adapters/service/service.ts';

/** What a service runs on. */
export interface Runtime {
  databaseUrl: string;
  tls?: Tls;
  /** Connections at most. */
  connections: number;
  bus: Bus;
  /** Looks at each message before it is handled; without one, every message is handled. */
  admit?: Admission;
  settings: Readonly<Record<string, unknown>>;
  log: Logger;
  development: boolean;
  /** So many seconds the clock of the machine may differ from the database's before the service says so. */
  clockTolerance: number;
  /** Ends the waiting for a database that does not come. */
  signal: AbortSignal;
}

/** A service whose tables exist and whose queue is consumed. */
export interface Hosted {
  service: Service;
  rpc: ServiceParts['rpc'];
  keptAnswers: KeptAnswers;
  publicKeys: ServiceParts['publicKeys'];
  staffRolesOf: StaffRolesOf;
  database: Database;
  operations: Operations;
  /** Lets the relay and the timers go; once every service that shares the bus listens, so that none misses what is sent first. */
  go(): Promise<void>;
  /** What it lacks to do its work in full, in words. */
  waitsFor(): Promise<string | undefined>;
  /** What its database lacks; while it lacks something, the service accepts nothing. */
  databaseLacks(): Promise<string | undefined>;
  /** Finishes work in progress, and releases everything. */
  stop(): Promise<void>;
}

const hour = 3_600_000;

export async function host(service: Service, runtime: Runtime): Promise<Hosted> {
  const { bus, log, admit } = runtime;
  const database = await opened(service, runtime);
  const { pool, prepared, clock } = database;

  const processLock = processLockIn(prepared, service.name);
  const loops: { relay?: Relay; timers?: Timers; retries?: Loop } = {};
  const afterCommit = ({ timers }: Plan, messages: readonly Envelope[]): void => {
    if (messages.length) loops.relay?.send(messages);
    for (const timer of timers.values()) loops.timers?.expect(timer);
  };
  const store = mikroOrmStore(database, afterCommit, () => loops.timers?.claimant());
  const send = async (...messages: readonly Outgoing[]): Promise<void> => {
    if (!messages.length) return;
    const now = clock.now();
    const envelopes = messages.map((message) =>
      envelopeOf({ id: newId(), message, scope: currentScope() }, service.name, now),
    );
    await prepared.query(withTimeout(intoOutbox(envelopes)));
    loops.relay?.send(envelopes);
  };
  const staffRolesOf = staffRolesIn(database.prepared);
  const plugged = service.plug({
    store,
    staffRolesOf,
    settings: runtime.settings,
    now: clock.now,
    log,
    development: runtime.development,
    send,
  });

  const handleOwn = handleWith(store, service.name, plugged.subscriptions);
  const replay = replayer({ pool, bus, service: service.name, log });
  /** What every service does, whatever its business. */
  const ownWays = new Map([
    [replayKey, replay],
    [tellAgainKey, (request: Envelope) => tellAgainOnRequest(pool, log, request)],
    [staffRolesSetKey, (set: Envelope) => keepStaffRoles(pool, set)],
  ]);
  /** The one way on which messages are handled: from the bus, from the retries, and when dead letters are redriven. */
  const handle = async (envelope: Envelope): Promise<void> => {
    admit?.(envelope);
    await inSpan(
      'message',
      `${service.name} handles ${envelope.type}`,
      envelope,
      ownWays.get(envelope.routingKey) ?? handleOwn,
    );
    const { type, id, correlationId, causationId } = envelope;
    log.debug({ type, messageId: id, correlationId, causationId }, 'message');
  };
  const retryStore = mikroOrmRetryStore(pool, log);
  const { projection, subscriptions } = plugged;
  const rebuilder =
    projection && rebuilderOf({ service: service.name, projection, subscriptions, pool, store, bus, send, log });
  const consumption = bus.subscribe({
    queue: service.name,
    events: [...plugged.subscriptions.events, ...ownWays.keys()],
    commands: plugged.subscriptions.commands,
    handle: (envelope) => handle(envelope).catch((error: unknown) => retryStore.keep(envelope, error)),
    layAside: retryStore.layAside,
    onQueue: (isMissing) => queueFound(isMissing, { pool, service: service.name, now: clock.now(), send }),
  });
  const databaseLacks = databaseHealth(database);
  const waitsFor = async (): Promise<string | undefined> => {
    const lacks = await databaseLacks();
    if (lacks) return lacks;
    const road = bus.status();
    if (!road.ready) return road.waitsFor;
    return skewOver(clock, runtime.clockTolerance) ?? plugged.waitsFor?.().catch(unreachable);
  };
  const leaving = new AbortController();
  const clean = async (): Promise<void> => {
    await forgetOldAnswers(pool);
    for (const statement of service.cleaning ?? []) await withoutTimeout(pool, (client) => client.query(statement));
    await archiveOld(pool, service.name, clock.now(), leaving.signal);
  };
  const tellSkew = (): void => {
    if (skewOver(clock, runtime.clockTolerance))
      log.error(
        { skewSeconds: clock.skewMs() / 1_000, tolerated: runtime.clockTolerance },
        'CLOCK_SKEW: the clock of this machine differs from the clock of the database',
      );
  };
  void keepMeasuring(clock, tellSkew, leaving.signal);
  const cleaning = setInterval(
    () =>
      void clean().catch((error: unknown) => log.warn({ err: error }, 'cleaning up failed; it runs again in an hour')),
    hour,
  );

  return {
    service,
    rpc: plugged.rpc,
    publicKeys: plugged.publicKeys,
    staffRolesOf,
    keptAnswers: mikroOrmKeptAnswers(prepared),
    database,
    operations: {
      service: service.name,
      since: Date.now(),
      breakers: plugged.breakers ?? [],
      limits: plugged.limits ?? [],
      deadLetters: mikroOrmDeadLetters(database, handle),
      reteller: retellerOf(pool),
      overdue: consumption.overdue,
      skewMs: clock.skewMs,
      orders: plugged.orders ?? [],
      oldest: (table, status) => oldestIn(pool, table, status),
      trail: trailIn(database),
      figures: () => figuresOf(pool),
      untaken: () => untakenIn(pool),
      ...(rebuilder && { rebuilder }),
      waitsFor,
    },
    async go() {
      loops.relay = startRelay({ pool: prepared, clock, processLock, bus, service: service.name, log });
      loops.timers = startTimers({ pool: prepared, clock, processLock, handlers: plugged.timers, log });
      loops.retries = startRetries({ pool, handle, retryStore, log });
      await retryStore.reviveNewer();
      await plugged.start?.();
    },
    waitsFor,
    databaseLacks,
    async stop() {
      clearInterval(cleaning);
      leaving.abort();
      await rebuilder?.stop();
      await consumption.stop();
      await Promise.all([loops.timers?.stop(), loops.retries?.stop()]);
      await plugged.stop?.();
      await store.close();
      await loops.relay?.stop();
      processLock.leave();
      await database.close();
    },
  };
}

/** The database went away between two questions. */
function unreachable(error: unknown): string {
  if (error instanceof Unavailable) return 'its database';
  throw error;
}

/** The database may come later than the service: it waits, and says so. */
async function opened(service: Service, { databaseUrl, connections, tls, log, signal }: Runtime): Promise<Database> {
  for (let tries = 0; ; tries++) {
    try {
      return await openDatabase({
        service: service.name,
        url: databaseUrl,
        migrations: service.migrations,
        entities: service.entities,
        connections,
        ...(tls && { tls }),
      });
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (tries % 10 === 0) log.warn(`${service.name} waits for its database: ${error.message}`);
      await pause(Math.min(1_000, 100 * 2 ** tries), undefined, { signal });
    }
  }
}
