import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { inScope, isSpent, type Once, type Scope } from '#adapters/scope/scope.ts';
import { inSpan } from '#adapters/telemetry/tracing.ts';
import { loop, type Loop } from './loop.ts';
import { TimerGone } from './store.ts';

/** Timers in hand at most; a slow one holds up none of the others. */
const inHand = 64;
/** How long a timer belongs to who claimed it; past that its process is taken for dead. Longer than any handler may run. */
const leaseSeconds = 30;
const pollMs = 1_000;

interface Row {
  id: string;
  aggregate: string;
  aggregate_id: string;
  name: string;
  at: string;
  traceparent: string | null;
}

/** What a timer's firing means, by `aggregate/name`. */
export type TimerHandlers = Readonly<Record<string, (id: string, at: number) => Promise<void>>>;

export interface Timers extends Loop {
  /** A timer was set for then; the loop will not oversleep it. */
  expect(at: number): void;
}

/** Fires what is due by the database's clock. A timer's row goes in the transaction of what it did, so it takes effect once. */
export function startTimers({ pool, handlers, log }: { pool: Pool; handlers: TimerHandlers; log: Logger }): Timers {
  const running = new Set<Promise<void>>();
  let nextExpected = Infinity;

  async function round(): Promise<number> {
    const room = inHand - running.size;
    if (room <= 0) return 50;
    nextExpected = Infinity;
    const { rows } = await pool.query<Row>({
      name: 'timer-claim',
      text: `update timer set claimed_until = now() + interval '${leaseSeconds} seconds'
        where id in (
          select id from timer where due_at <= now() and (claimed_until is null or claimed_until < now())
          order by due_at limit $1 for update skip locked
        )
        returning id::text, aggregate, aggregate_id::text, name, (extract(epoch from due_at) * 1000)::bigint::text at, traceparent`,
      values: [room],
    });
    for (const row of rows) {
      const fired = fire(row).finally(() => {
        running.delete(fired);
        if (rows.length === room) timers.wake();
      });
      running.add(fired);
    }
    return Math.max(0, Math.min(pollMs, nextExpected - Date.now()));
  }

  async function fire(row: Row): Promise<void> {
    const once: Once = { by: 'timer', timerId: row.id };
    try {
      const handle = handlers[`${row.aggregate}/${row.name}`];
      if (!handle) throw new Error(`nobody handles the timer ${row.aggregate}/${row.name}`);
      const scope: Scope = { correlationId: row.aggregate_id, causationId: row.id, once, ...(row.traceparent && { traceparent: row.traceparent }) };
      await inSpan('timer', `timer ${row.aggregate}/${row.name}`, scope, (traced) => inScope(traced, () => handle(row.aggregate_id, Number(row.at))));
      if (!isSpent(once)) await pool.query('delete from timer where id = $1', [row.id]);
    } catch (error) {
      if (error instanceof TimerGone) return;
      log.warn({ err: error, timer: `${row.aggregate}/${row.name}`, correlationId: row.aggregate_id }, 'timer: failed; it fires again');
      await pool
        .query(`update timer set claimed_until = now() + make_interval(secs => 1 + 4 * random()) where id = $1`, [row.id])
        .catch(() => undefined); // the lease runs out by itself
    }
  }

  const timers = loop({ name: 'timers', log, round, coalesceMs: 1 });
  return {
    wake: timers.wake,
    expect(at) {
      if (at <= Date.now()) timers.wake();
      else if (at < nextExpected) {
        nextExpected = at;
        if (at - Date.now() < pollMs) setTimeout(timers.wake, at - Date.now() + 1).unref();
      }
    },
    async stop() {
      await timers.stop();
      await Promise.allSettled(running);
    },
  };
}
