import type { Pool, PoolClient } from 'pg';
import { firstIdAt, timeOf } from '#kernel/ids.ts';
import { days, type Instant } from '#kernel/time.ts';
import { withoutTimeout, tryLock } from './database.ts';

/** What is younger may still be delivered again, or be looked at; what is older is only told once more when a projection is rebuilt. */
const youngMs = days(30);
/** Rows of one transaction, so that nobody waits for it. */
const batchSize = 1_000;

/**
 * Keeps the tables that every transaction writes small: messages that were published long ago go to the archive, which has a table for
 * each of their days that can be dumped, detached or dropped whole; and what was handled long ago is forgotten, for a message that comes
 * again after that finds its aggregate far beyond it. One process of a service does it at a time; the others come back to it later.
 */
export async function archiveOld(pool: Pool, service: string, now: Instant, signal: AbortSignal): Promise<void> {
  await withoutTimeout(pool, async (client) => {
    if (!(await tryLock(client, `${service}/archive`))) return; // the lock goes with the session
    const old = firstIdAt(now - youngMs);
    while (!signal.aborted && (await moveBatch(client, old)));
    while (!signal.aborted && (await forgetBatch(client, service, old)));
  });
}

/** The oldest messages, of one day at most; whether there may be more. */
async function moveBatch(client: PoolClient, before: string): Promise<boolean> {
  const text = 'select id::text from outbox where id < $1 and published_at is not null order by id limit 1';
  const [oldest] = (await client.query<{ id: string }>(text, [before])).rows;
  if (!oldest) return false;
  const day = timeOf(oldest.id) - (timeOf(oldest.id) % days(1));
  const [from, next] = [firstIdAt(day), firstIdAt(day + days(1))];
  const name = await partOf(client, `outbox_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '_')}`);
  await client.query(
    `create table if not exists "${name}" partition of outbox_archive for values from ('${from}') to ('${next}')`,
  );
  await client.query(
    `with moved as (
      delete from outbox where id in (select id from outbox where id < least($1::uuid, $2::uuid) and published_at is not null order by id limit ${batchSize})
      returning *
    ) insert into outbox_archive select * from moved`,
    [before, next],
  );
  return true;
}

/** The archive's table of that name; a next one where somebody has detached it and not dropped it yet, for what comes late. */
async function partOf(client: PoolClient, day: string): Promise<string> {
  const text =
    'select relname from pg_class where relnamespace = current_schema()::regnamespace and starts_with(relname, $1) and not relispartition';
  const { rows } = await client.query<{ relname: string }>(text, [day]);
  const detached = new Set(rows.map(({ relname }) => relname));
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? day : `${day}_${nth}`;
    if (!detached.has(name)) return name;
  }
}

/** Ids of messages begin with their time, as text too. */
async function forgetBatch(client: PoolClient, service: string, before: string): Promise<boolean> {
  const text = `delete from inbox where consumer = $1 and message_id in
    (select message_id from inbox where consumer = $1 and message_id < $2 order by message_id limit ${batchSize})`;
  return ((await client.query(text, [service, before])).rowCount ?? 0) > 0;
}
