import type { Pool } from 'pg';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';

/** Current figures of a service's tables. */
export interface Figures {
  /** Messages that are not sent yet. */
  waiting: number;
  /** Since when the oldest of them waits; 0 when none does. */
  lagSeconds: number;
  retries: number;
  timersDue: number;
  deadLetters: number;
}

/** Messages of one type that were offered to the bus and not taken. */
export interface Untaken {
  type: string;
  routingKey: string;
  messages: number;
}

// Numbers come as text: the driver's own parsing depends on who else uses the pool.
const text = `select
  (select count(*) from outbox where published_at is null)::text waiting,
  coalesce(greatest(0, extract(epoch from now() - (select created_at from outbox where published_at is null order by id limit 1))), 0)::text lag,
  (select count(*) from retry)::text retries,
  (select count(*) from timer where due_at <= now())::text timers_due,
  (select count(*) from dead_letter where redriven_at is null and discarded_at is null)::text dead_letters`;

export const figuresOf = (pool: Pool): Promise<Figures> =>
  mapDatabaseErrors(async () => {
    const { rows } = await pool.query<Record<'waiting' | 'lag' | 'retries' | 'timers_due' | 'dead_letters', string>>({
      name: 'figures',
      text,
    });
    const [row] = rows;
    return {
      waiting: Number(row?.waiting),
      lagSeconds: Number(row?.lag),
      retries: Number(row?.retries),
      timersDue: Number(row?.timers_due),
      deadLetters: Number(row?.dead_letters),
    };
  });

/** The relay lets a message rest that was not taken; what it has not come to yet has never rested. Most first, 20 types at most. */
export const untakenIn = (pool: Pool): Promise<Untaken[]> =>
  mapDatabaseErrors(async () => {
    const { rows } = await pool.query<{ type: string; routing_key: string; messages: string }>({
      name: 'untaken',
      text: `select type, routing_key, count(*)::text messages from outbox where published_at is null and not_before is not null
        group by type, routing_key order by count(*) desc, type limit 20`,
    });
    return rows.map(({ type, routing_key: routingKey, messages }) => ({
      type,
      routingKey,
      messages: Number(messages),
    }));
  });

/** Orders that are looked at in one state: more are there only when something is wrong, and then the first that were made tell it. */
const mostLookedAt = 1_000;

/** For how many seconds the order that has been in a state longest has been in it; 0 where none is. Reads along the index by status. */
export const oldestIn = (pool: Pool, table: string, status: string): Promise<number> =>
  mapDatabaseErrors(async () => {
    const { rows } = await pool.query<{ seconds: string }>({
      name: `oldest ${table}`,
      text: `select coalesce(greatest(0, extract(epoch from now() - min(updated_at))), 0)::text seconds
        from (select updated_at from "${table}" where status = $1 order by status, id limit ${mostLookedAt}) found`,
      values: [status],
    });
    return Number(rows[0]?.seconds);
  });
