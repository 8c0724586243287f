import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { Bus } from '#adapters/bus/bus.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { loop, type Loop } from './loop.ts';

/** Messages of one round at most. */
const batchSize = 500;
/** The truth is a poll; being woken only makes it quick. */
const pollMs = 1_000;
/** A message that was not taken (no queue for it, no confirm) rests this long, so that it does not stand before the others. */
const restSeconds = 2;

/** What an envelope is made of. */
export const columns = `id::text, kind, type, routing_key, subject, correlation_id, causation_id, traceparent,
  (extract(epoch from created_at) * 1000)::bigint::text time, payload`;

export interface OutboxRow {
  id: string;
  kind: 'event' | 'command';
  type: string;
  routing_key: string;
  subject: string;
  correlation_id: string;
  causation_id: string;
  traceparent: string | null;
  time: string;
  payload: Buffer;
}

/**
 * Sends what waits in the outbox. One relay per service works at a time: it holds a session lock in the database, and another
 * process takes over when its session ends. A row is marked only after the bus has the message, so a crash in between sends it twice,
 * which the inboxes know.
 */
export function startRelay({ pool, bus, service, log }: { pool: Pool; bus: Pick<Bus, 'publish' | 'status'>; service: string; log: Logger }): Loop {
  let leader: PoolClient | undefined;
  const name = `${service}/relay`;

  /** The connection that holds the lock; the lock is lost with it. Who does not get it wakes who has it. */
  async function lead(): Promise<PoolClient | undefined> {
    if (leader) return leader;
    const client = await pool.connect();
    try {
      const { rows } = await client.query<{ won: boolean }>('select pg_try_advisory_lock(hashtext($1)) won', [name]);
      if (!rows[0]?.won) {
        await client.query(`select pg_notify($1, '')`, [name]);
        client.release();
        return undefined;
      }
      await client.query(`listen ${client.escapeIdentifier(name)}`);
      // A mark that a crash of the database takes back is a message that is sent twice: nobody need wait until it is on the disk.
      await client.query('set synchronous_commit = off');
    } catch (error) {
      client.release(true);
      throw error;
    }
    leader = client;
    const lost = (): void => resign(client);
    client.once('error', lost).once('end', lost).on('notification', () => relay.wake());
    return client;
  }

  /** Gives the connection back for good, once: a pool waits for every one that it has lent. */
  function resign(client: PoolClient): void {
    if (leader !== client) return;
    leader = undefined;
    client.release(true);
  }

  async function round(): Promise<number> {
    const client = await lead();
    if (!client || !bus.status().ready) return pollMs;
    try {
      const { rows } = await client.query<OutboxRow>({
        name: 'outbox-waiting',
        text: `select ${columns} from outbox where published_at is null and (not_before is null or not_before <= now()) order by id limit ${batchSize}`,
      });
      if (!rows.length) return pollMs;
      const taken = await bus.publish(rows.map((row) => envelopeOf(row, service)));
      const left = rows.filter((row) => !taken.has(row.id));
      await mark(client, [...taken], left);
      if (left.length) log.warn({ messages: left.length, first: left[0]?.type }, 'relay: messages were not taken; they stay and are sent again');
      return rows.length === batchSize ? 0 : pollMs;
    } catch (error) {
      resign(client);
      throw error;
    }
  }

  const relay = loop({ name: 'relay', log, round, coalesceMs: 2 });
  return {
    wake: relay.wake,
    async stop() {
      await relay.stop();
      if (leader) resign(leader);
    },
  };
}

async function mark(client: PoolClient, taken: string[], left: readonly OutboxRow[]): Promise<void> {
  if (taken.length)
    await client.query({ name: 'outbox-published', text: 'update outbox set published_at = now() where id = any($1::uuid[])', values: [taken] });
  if (left.length)
    await client.query({
      name: 'outbox-left',
      text: `update outbox set not_before = now() + interval '${restSeconds} seconds' where id = any($1::uuid[])`,
      values: [left.map((row) => row.id)],
    });
}

export const envelopeOf = (row: OutboxRow, service: string): Envelope => ({
  id: row.id,
  kind: row.kind,
  type: row.type,
  routingKey: row.routing_key,
  source: `/${service}`,
  subject: row.subject,
  time: Number(row.time),
  correlationId: row.correlation_id,
  causationId: row.causation_id,
  ...(row.traceparent ? { traceparent: row.traceparent } : {}),
  payload: row.payload,
});
