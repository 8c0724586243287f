import type { Pool, PoolClient } from 'pg';
import { firstIdAt } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import { withTimeout } from './database.ts';
import { columns, stored, type OutboxRow } from './outbox.ts';

/** Messages of one round. */
const batchSize = 200;
/** Between two rounds; so a thousand messages a second at most. */
export const retellRestMs = 200;
/** Requests that come together are one, and whoever has just come back has bound its queue. */
const settleSeconds = 2;

/** How far a service is with sending again what it has published. */
export interface Retelling {
  since: Instant;
  requestedAt: Instant;
  endedAt?: Instant;
  /** Messages sent again so far, and those of them that nobody took. */
  sent: number;
  unheard: number;
}

const figures = `(extract(epoch from since) * 1000)::bigint::text since, (extract(epoch from requested_at) * 1000)::bigint::text requested,
  (extract(epoch from ended_at) * 1000)::bigint::text ended, sent::text, unheard::text`;
type Figures = Record<'since' | 'requested' | 'sent' | 'unheard', string> & { ended: string | null };

const retellingOf = ({ since, requested, ended, sent, unheard }: Figures): Retelling => ({
  ...{ since: Number(since), requestedAt: Number(requested), sent: Number(sent), unheard: Number(unheard) },
  ...(ended && { endedAt: Number(ended) }),
});

/** Has everything sent again that was published since then; what is under way begins anew, from the earlier time. */
export async function tellAgain(pool: Pick<Pool, 'query'>, since: Instant): Promise<Retelling> {
  const text = `update retelling set requested_at = now(), ended_at = null, cursor = null, sent = 0, unheard = 0,
    since = case when requested_at is not null and ended_at is null then least(since, to_timestamp($1 / 1000.0)) else to_timestamp($1 / 1000.0) end returning ${figures}`;
  const { rows } = await pool.query<Figures>(withTimeout({ text, values: [since] }));
  return retellingOf(rows[0] as Figures);
}

export async function lastRetelling(pool: Pick<Pool, 'query'>): Promise<Retelling | undefined> {
  const { rows } = await pool.query<Figures>(
    withTimeout({ text: `select ${figures} from retelling where requested_at is not null` }),
  );
  return rows[0] && retellingOf(rows[0]);
}

/** Requests to tell again, or to replay, are not told again: they would never end. */
const notTold = ['jari.ops.v1.TellAgainRequested', 'jari.ops.v1.ReplayRequested'];

/**
 * Sends the next of what is to be told again, archived days as well; whether there was anything. Called by whoever leads the relay, so one
 * process does it, and another goes on where that one stopped.
 */
export async function retellNext(
  client: Pick<PoolClient, 'query'>,
  bus: Pick<Bus, 'publish' | 'status'>,
  service: string,
): Promise<boolean> {
  const due = `select ${figures}, cursor::text, requested_at::text request from retelling
    where requested_at < now() - interval '${settleSeconds} seconds' and ended_at is null`;
  const [asked] = (
    await client.query<Figures & { cursor: string | null; request: string }>(
      withTimeout({ name: 'retelling-due', text: due, values: [] }),
    )
  ).rows;
  if (!asked) return false;
  const { rows } = await client.query<OutboxRow>(
    withTimeout({
      name: 'retelling-next',
      text: `select ${columns} from told where id > $1 and id < $2 and published_at is not null and type <> all($3) order by id limit ${batchSize}`,
      values: [asked.cursor ?? firstIdAt(Number(asked.since)), firstIdAt(Number(asked.requested) + 1_000), notTold],
    }),
  );
  const taken = rows.length ? await bus.publish(rows.map((row) => stored(row, service))) : new Set();
  if (!bus.status().ready) return true; // the broker is gone: the same once more, later
  // Where it was asked for anew meanwhile it begins anew.
  const text = `update retelling set cursor = coalesce($1, cursor), sent = sent + $2, unheard = unheard + $3, ended_at = case when $4 then now() end
    where requested_at = $5::timestamptz`;
  await client.query(
    withTimeout({
      name: 'retelling-done',
      text,
      values: [rows.at(-1)?.id ?? null, rows.length, rows.length - taken.size, rows.length < batchSize, asked.request],
    }),
  );
  return true;
}
