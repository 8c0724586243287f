import type { Pool, PoolClient } from 'pg';
import { withoutTimeout } from '#adapters/mikro-orm/database.ts';

/** In words, what the new table lacks before it may take the old one's place. */
export async function missingIn(
  pool: Pool,
  sources: Readonly<Record<string, number | null>>,
  table: string,
  next: string,
): Promise<string | undefined> {
  const telling = Object.entries(sources).flatMap(([source, events]) => (events === null ? [source] : []));
  if (telling.length || !Object.keys(sources).length) return `what ${telling.join(', ') || 'the services'} told before`;
  // A projection's version counts what was folded into it.
  const text = `select count(*)::text from "${table}" live left join "${next}" next using (id) where live.version > coalesce(next.version, 0)`;
  const { rows } = await withoutTimeout(pool, (client) => client.query<{ count: string }>(text));
  const count = Number(rows[0]?.count);
  return count
    ? `what is still missing of ${count} that were there before: somebody who told of them is away`
    : undefined;
}

/** An empty table of the same make. */
export async function createTableLike(pool: Pool, table: string, next: string): Promise<void> {
  const { rows } = await pool.query<{ options: string | null }>(
    `select array_to_string(reloptions, ', ') options from pg_class where oid = to_regclass($1)`,
    [table],
  );
  await pool.query(`drop table if exists "${next}"`);
  await pool.query(
    `create table "${next}" (like "${table}" including all) ${rows[0]?.options ? `with (${rows[0].options})` : ''}`,
  );
}

/** Swaps the tables atomically: readers wait for it. A slow reader is not waited for long; then the swap is tried again. */
export async function swapTables(pool: Pool, table: string, next: string): Promise<void> {
  const client: PoolClient = await pool.connect();
  try {
    for (let tries = 1; ; tries++) {
      try {
        await client.query('begin');
        await client.query(`set local lock_timeout = '2s'`);
        await client.query(`alter table "${table}" rename to "${table}_old"`);
        await client.query(`alter table "${next}" rename to "${table}"`);
        await client.query(`drop table "${table}_old"`);
        await client.query('commit');
        return;
      } catch (error) {
        await client.query('rollback');
        if (tries === 20) throw error;
      }
    }
  } finally {
    client.release();
  }
}
