import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { Unkeepable, type LaidAside } from '#adapters/bus/bus.ts';
import { FromNewerSender, type Envelope } from '#adapters/bus/messages.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import { withTimeout } from './database.ts';
import { loop, type Loop } from './loop.ts';

const pollMs = 1_000;
/** Messages in hand at most; one that takes long holds up none of the others. */
const inHand = 100;
const leaseSeconds = 30;
/** Longest pause between two tries, in seconds. */
const longestPause = 20;

/** What to do with a message that could not be handled: later, when it may pass by itself; else it lies until somebody has looked. */
export interface RetryStore {
  /** Stores the message, in the retry table or among the dead letters. Rejects when not even that can be done; `Unkeepable` when it never can. */
  keep(envelope: Envelope, error: unknown): Promise<void>;
  /** Stores a message that the broker laid aside among the dead letters. */
  layAside(message: LaidAside): Promise<void>;
  /** Has messages of newer senders tried again: this process may understand them. */
  reviveNewer(): Promise<void>;
}

export const isTemporary = (error: unknown): boolean => error instanceof Unavailable || error instanceof Contended;

/** Of an error's words at most so many are kept. */
const mostCharacters = 2_000;

export function mikroOrmRetryStore(pool: Pool, log: Logger): RetryStore {
  const bury = (envelope: Envelope, error: string, { newer = false, unreadable = false }) =>
    storable(async () => {
      const text = `insert into dead_letter (message_id, envelope, error, died_at, newer, unreadable) values ($1, $2, $3, now(), $4, $5)
        on conflict (message_id) do update set error = excluded.error, died_at = now(), redriven_at = null, newer = excluded.newer`;
      await pool.query(
        withTimeout({ text, values: [envelope.id, toJson(envelope), wordsOf(error), newer, unreadable] }),
      );
    });
  return {
    async keep(envelope, error) {
      const message = error instanceof Error ? error.message : String(error);
      const about = { err: error, type: envelope.type, messageId: envelope.id, correlationId: envelope.correlationId };
      if (isTemporary(error)) {
        log.warn(about, 'message: will be tried again');
        const text = `insert into retry (message_id, envelope, attempts, due_at, last_error)
          values ($1, $2, 1, now() + make_interval(secs => 0.5 + random()), $3) on conflict (message_id) do nothing`;
        await storable(() =>
          pool.query(withTimeout({ text, values: [envelope.id, toJson(envelope), wordsOf(message)] })),
        );
      } else {
        log.error(about, 'message: cannot be handled; it lies among the dead letters');
        await bury(envelope, message, { newer: error instanceof FromNewerSender });
      }
    },
    layAside: ({ envelope, error, isUnreadable }) => bury(envelope, error, { unreadable: isUnreadable }),
    async reviveNewer() {
      const text = `with revived as (delete from dead_letter where newer and redriven_at is null and discarded_at is null returning message_id, envelope, error)
        insert into retry (message_id, envelope, attempts, due_at, last_error) select message_id, envelope, 1, now(), error from revived on conflict (message_id) do nothing`;
      await pool.query(withTimeout({ text }));
    },
  };
}

export const wordsOf = (error: string): string => error.slice(0, mostCharacters).replaceAll('\0', '').toWellFormed();

/** Data that PostgreSQL refuses (class 22, and 54: too large) it will always refuse. */
async function storable(store: () => Promise<unknown>): Promise<void> {
  try {
    await store();
  } catch (error) {
    if (/^(22|54)/.test((error as { code?: string }).code ?? ''))
      throw new Unkeepable('the database cannot store the message', { cause: error });
    throw error;
  }
}

interface RetryRow {
  message_id: string;
  envelope: string;
  attempts: number;
}

/** Handles again what is due. The inbox makes a second success harmless. */
export function startRetries(parts: {
  pool: Pool;
  handle(envelope: Envelope): Promise<void>;
  retryStore: RetryStore;
  log: Logger;
}): Loop {
  const { pool, handle, retryStore, log } = parts;
  const running = new Map<string, Promise<void>>();

  async function round(): Promise<number> {
    const free = inHand - running.size;
    if (free === 0) return 50;
    const text = `update retry set due_at = now() + interval '${leaseSeconds} seconds'
      where message_id in (select message_id from retry where due_at <= now() order by due_at limit $1 for update skip locked)
      returning message_id, envelope::text, attempts`;
    const { rows } = await pool.query<RetryRow>(withTimeout({ text, values: [free] }));
    for (const row of rows.filter(({ message_id }) => !running.has(message_id))) start(row);
    return rows.length === free ? 0 : pollMs;
  }

  function start(row: RetryRow): void {
    const tried = again(row)
      .catch((error: unknown) =>
        log.warn(
          { err: error, messageId: row.message_id },
          'message: what became of it could not be kept; it will be tried again',
        ),
      )
      .finally(() => running.delete(row.message_id));
    running.set(row.message_id, tried);
  }

  async function again({ message_id, envelope, attempts }: RetryRow): Promise<void> {
    try {
      await handle(fromJson(envelope));
    } catch (error) {
      if (isTemporary(error)) {
        const pause = Math.min(longestPause, 2 ** Math.min(attempts, 10)) * (0.5 + Math.random() / 2);
        const text =
          'update retry set attempts = attempts + 1, last_error = $2, due_at = now() + make_interval(secs => $3) where message_id = $1';
        await pool.query(withTimeout({ text, values: [message_id, (error as Error).message, pause] }));
        return;
      }
      await retryStore.keep(fromJson(envelope), error);
    }
    await pool.query(withTimeout({ text: 'delete from retry where message_id = $1', values: [message_id] }));
  }

  const retries = loop({ name: 'retries', log, round, coalesceMs: 10 });
  return {
    wake: retries.wake,
    async stop() {
      await retries.stop();
      await Promise.all(running.values());
    },
  };
}

export const toJson = (envelope: Envelope): string =>
  JSON.stringify({ ...envelope, payload: Buffer.from(envelope.payload).toString('base64') });

/** An envelope out of the JSON that it was stored as. */
export function fromJson(text: string): Envelope {
  const stored = JSON.parse(text) as Envelope & { payload: string };
  return { ...stored, payload: Buffer.from(stored.payload, 'base64') };
}
