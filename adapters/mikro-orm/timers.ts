import type { Logger } from 'pino';
import type { Clock } from '#adapters/clock/clock.ts';
import { inScope, isSpent, outOfScope, type Once, type Scope } from '#adapters/scope/scope.ts';
import { inSpan } from '#adapters/telemetry/tracing.ts';
import { withTimeout } from './database.ts';
import { loop, type Loop } from './loop.ts';
import type { Claimant, PlannedTimer } from './plan.ts';
import type { ProcessLock } from './process-lock.ts';
import type { PreparedPool } from './sessions.ts';
import { TimerGone } from './store.ts';
import { lease } from './write.ts';

/** Timers in hand at most; a slow one holds up none of the others. */
const inHand = 64;
const pollMs = 1_000;

/** What a timer's firing means, by `aggregate/name`. */
export type TimerHandlers = Readonly<Record<string, (id: string, at: number) => Promise<void>>>;

export interface Timers extends Loop {
  /** Who claims a timer here, and how many more may be taken in hand now. */
  claimant(): Claimant | undefined;
  /** A timer was set. One that was claimed fires at once; the loop will not oversleep the others. */
  expect(timer: PlannedTimer): void;
}

interface TimersOptions {
  pool: PreparedPool;
  clock: Pick<Clock, 'now'>;
  processLock: ProcessLock;
  handlers: TimerHandlers;
  log: Logger;
}

/**
 * Fires what is due by the database's clock. A timer's row goes in the transaction of what it did, so it takes effect once. One that is
 * due as it is set is claimed in the same statement, and fired by who set it. A claim lasts while its process lives and is not hung.
 */
export function startTimers({ pool, clock, processLock, handlers, log }: TimersOptions): Timers {
  const running = new Map<string, Promise<void>>();
  let nextExpected = Infinity;

  async function round(): Promise<number> {
    const { number } = await processLock.session();
    const free = room();
    if (!free) return 50;
    nextExpected = Infinity;
    const claiming = withTimeout({
      name: 'timer-claim',
      // The lock of a living process is not to be had.
      text: `update timer set claimed_until = now() + ${lease}, claimed_by = $2
        where id in (
          select id from timer where due_at <= now()
            and (claimed_until is null or claimed_until < now() or claimed_by <> $2 and pg_try_advisory_xact_lock(hashtext($3), claimed_by))
          order by due_at limit $1 for update skip locked
        )
        returning id::text, aggregate, aggregate_id::text "aggregateId", name, (extract(epoch from due_at) * 1000)::bigint::text at, traceparent`,
      values: [free, number, processLock.lock],
    });
    const { rows } = await pool.query<Omit<PlannedTimer, 'at'> & { at: string }>(claiming);
    // One that is in hand already is ours again, under the number of a new session.
    for (const row of rows.filter(({ id }) => !running.has(id)))
      void start({ ...row, at: Number(row.at), claimedBy: number }).then(() => rows.length === free && timers.wake());
    return Math.max(0, Math.min(pollMs, nextExpected - clock.now()));
  }

  function start(timer: PlannedTimer): Promise<void> {
    const fired = outOfScope(() => fire(timer)).finally(() => running.delete(timer.id));
    running.set(timer.id, fired);
    return fired;
  }

  async function fire(timer: PlannedTimer): Promise<void> {
    const once: Once = { by: 'timer', timerId: timer.id };
    try {
      const handle = handlers[`${timer.aggregate}/${timer.name}`];
      if (!handle) throw new Error(`nobody handles the timer ${timer.aggregate}/${timer.name}`);
      const scope: Scope = {
        correlationId: timer.aggregateId,
        causationId: timer.id,
        once,
        ...(timer.traceparent && { traceparent: timer.traceparent }),
      };
      await inSpan('timer', `timer ${timer.aggregate}/${timer.name}`, scope, (traced) =>
        inScope(traced, () => handle(timer.aggregateId, timer.at)),
      );
      if (!isSpent(once))
        await pool.query(
          withTimeout({ name: 'timer-delete', text: 'delete from timer where id = $1', values: [timer.id] }),
        );
    } catch (error) {
      if (error instanceof TimerGone) return;
      log.warn(
        { err: error, timer: `${timer.aggregate}/${timer.name}`, correlationId: timer.aggregateId },
        'timer: failed; it fires again',
      );
      const text = `update timer set claimed_until = now() + make_interval(secs => 1 + 4 * random()), claimed_by = null where id = $1 and claimed_by = $2`;
      await pool
        .query(withTimeout({ name: 'timer-rest', text, values: [timer.id, timer.claimedBy] }))
        .catch(() => undefined); // the lease runs out by itself
    }
  }

  let stopped = false;
  const room = (): number => Math.max(0, inHand - running.size);

  const timers = loop({ name: 'timers', log, round, coalesceMs: 1 });
  return {
    claimant() {
      const number = processLock.number();
      return stopped || number === undefined ? undefined : { number, room: room() };
    },
    wake: timers.wake,
    expect(timer) {
      const { at } = timer;
      if (timer.claimedBy) void start(timer);
      else if (at <= clock.now()) timers.wake();
      else if (at < nextExpected) {
        nextExpected = at;
        if (at - clock.now() < pollMs) setTimeout(timers.wake, at - clock.now() + 1).unref();
      }
    },
    async stop() {
      stopped = true;
      await timers.stop();
      while (running.size) await Promise.allSettled(running.values()); // what they set is fired as well
    },
  };
}
