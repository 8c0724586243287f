import type { Pool } from 'pg';
import type { Instant } from '#kernel/time.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { withTimeout } from '#adapters/mikro-orm/database.ts';
import { reachable, type Page } from '#adapters/mikro-orm/store.ts';
import { fromJson } from '#adapters/mikro-orm/retry-store.ts';

/** A message that could not be handled, and waits for somebody to look at it; without its content, which may be large. */
export interface DeadLetter {
  envelope: Omit<Envelope, 'payload' | 'kind'>;
  /** Why it could not be handled the last time. */
  error: string;
  diedAt: Instant;
  /** When it was handled after all. */
  redrivenAt?: Instant;
}

/** One with its content, of which so much is there. */
export interface Inspected extends DeadLetter {
  payload: Buffer;
  payloadBytes: number;
}
export const inspectedBytes = 64 * 1024;

export interface DeadLetters {
  /** Those that were neither redriven nor discarded, newest message first. */
  list(page: Page): Promise<DeadLetter[]>;
  get(messageId: string): Promise<Inspected | undefined>;
  /**
   * Handles it again; the inbox sees to it that two who do so at once have one effect. Rejects with why it failed again, which then
   * stands in the letter.
   */
  redrive(messageId: string): Promise<Inspected | undefined>;
  /** The same for those of a type whose error contains these words, oldest first, one after the other; with why it failed again. */
  redriveMany(which: { type: string; error: string; limit: number }): Promise<{ messageId: string; error?: string }[]>;
  /** Takes it off the list for good. Whether there is such a letter. */
  discard(messageId: string): Promise<boolean>;
}

/** What a list shows of a letter. Old ones may have attributes of any length. */
const head = `message_id "messageId", left(envelope->>'type', 200) type, left(envelope->>'routingKey', 200) "routingKey", left(envelope->>'source', 200) source,
  left(envelope->>'subject', 200) subject, left(envelope->>'correlationId', 200) "correlationId", left(envelope->>'causationId', 200) "causationId",
  envelope->>'time' time, left(error, 2000) error, (extract(epoch from died_at) * 1000)::bigint::text "diedAt",
  (extract(epoch from redriven_at) * 1000)::bigint::text "redrivenAt"`;

interface Head {
  messageId: string;
  type: string;
  routingKey: string;
  source: string;
  subject: string;
  correlationId: string;
  causationId: string;
  time: string;
  error: string;
  diedAt: string;
  redrivenAt: string | null;
}

const open = 'redriven_at is null and discarded_at is null';
/** An id that is a UUID may be asked for in capital letters. */
const named = 'message_id in ($1, lower($1))';
/** As base64, whole groups of four characters. */
const inspectedCharacters = Math.ceil(inspectedBytes / 3) * 4;

/** `handle` is the way on which messages of the bus are handled. */
export function mikroOrmDeadLetters(pool: Pool, handle: (envelope: Envelope) => Promise<void>): DeadLetters {
  const rows = <Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> => reachable(async () => (await pool.query<Row>(withTimeout({ text, values }))).rows);

  async function get(messageId: string): Promise<Inspected | undefined> {
    const content = `left(envelope->>'payload', ${inspectedCharacters}) content, length(envelope->>'payload')::text characters, right(envelope->>'payload', 2) ending`;
    const [row] = await rows<Head & { content: string; characters: string; ending: string }>(`select ${head}, ${content} from dead_letter where ${named}`, messageId);
    if (!row) return undefined;
    const padding = row.ending === '==' ? 2 : row.ending.endsWith('=') ? 1 : 0;
    const payload = Buffer.from(row.content, 'base64').subarray(0, inspectedBytes);
    return { ...letterOf(row), payload, payloadBytes: (Number(row.characters) / 4) * 3 - padding };
  }

  /** Rejects with why it cannot be handled this time either. */
  async function redriveOpen(messageId: string): Promise<void> {
    const text = `select envelope::text, error, unreadable from dead_letter where ${named} and ${open}`;
    const [letter] = await rows<{ envelope: string; error: string; unreadable: boolean }>(text, messageId);
    if (!letter) return;
    if (letter.unreadable) throw new Error(letter.error);
    try {
      await handle(fromJson(letter.envelope));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await rows(`update dead_letter set error = $2 where ${named} and ${open}`, messageId, why.slice(0, 2_000).replaceAll('\0', ''));
      throw error;
    }
    await rows(`update dead_letter set redriven_at = now() where ${named} and ${open}`, messageId);
  }

  return {
    async list({ size, after }) {
      const text = `select ${head} from dead_letter where ${open} and ($2::text is null or message_id < $2) order by message_id desc limit $1`;
      return (await rows<Head>(text, size, after ?? null)).map(letterOf);
    },

    get,

    async redrive(messageId) {
      await redriveOpen(messageId);
      return get(messageId);
    },

    async redriveMany({ type, error, limit }) {
      const text = `select message_id id from dead_letter where ${open} and ($1 = '' or envelope->>'type' = $1) and ($2 = '' or strpos(error, $2) > 0) order by message_id limit $3`;
      const outcomes: { messageId: string; error?: string }[] = [];
      for (const { id } of await rows<{ id: string }>(text, type, error, limit)) {
        const why = await redriveOpen(id).then(() => undefined, (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)));
        outcomes.push({ messageId: id, ...(why !== undefined && { error: why.slice(0, 500) }) });
      }
      return outcomes;
    },

    async discard(messageId) {
      const found = await rows(`update dead_letter set discarded_at = coalesce(discarded_at, case when redriven_at is null then now() end) where ${named} returning 1`, messageId);
      return found.length > 0;
    },
  };
}

const letterOf = ({ messageId, time, error, diedAt, redrivenAt, ...rest }: Head): DeadLetter => ({
  envelope: { ...rest, id: messageId, time: Number(time) },
  error,
  diedAt: Number(diedAt),
  ...(redrivenAt && { redrivenAt: Number(redrivenAt) }),
});
