import { sql } from 'kysely';
import type { Instant } from '#kernel/time.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import type { Database } from '#adapters/mikro-orm/database.ts';
import { milliseconds, platformTables, run } from '#adapters/mikro-orm/queries.ts';
import { fromJson, wordsOf } from '#adapters/mikro-orm/retry-store.ts';
import type { Page } from '#adapters/mikro-orm/store.ts';

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

/** A field of the envelope. Old letters may have attributes of any length. */
const field = <Name extends string>(name: Name) => sql<string>`left(envelope->>${sql.lit(name)}, 200)`.as(name);

/** What a list shows of a letter. */
const head = [
  'message_id as messageId',
  ...[
    field('type'),
    field('routingKey'),
    field('source'),
    field('subject'),
    field('correlationId'),
    field('causationId'),
    field('time'),
  ],
  sql<string>`left(error, 2000)`.as('error'),
  milliseconds('died_at').as('diedAt'),
  milliseconds<string | null>('redriven_at').as('redrivenAt'),
] as const;

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

/** As base64, whole groups of four characters. */
const inspectedCharacters = Math.ceil(inspectedBytes / 3) * 4;

/** `handle` is the way on which messages of the bus are handled. */
export function mikroOrmDeadLetters(
  database: Pick<Database, 'pool' | 'orm'>,
  handle: (envelope: Envelope) => Promise<void>,
): DeadLetters {
  const tables = platformTables(database);
  const open = tables.selectFrom('dead_letter').where('redriven_at', 'is', null).where('discarded_at', 'is', null);
  const change = tables.updateTable('dead_letter');
  const changeOpen = change.where('redriven_at', 'is', null).where('discarded_at', 'is', null);
  /** An id that is a UUID may be asked for in capital letters. */
  const named = (messageId: string): string[] => [messageId, messageId.toLowerCase()];

  async function get(messageId: string): Promise<Inspected | undefined> {
    const [row] = await run(
      database,
      tables
        .selectFrom('dead_letter')
        .select(head)
        .select([
          sql<string>`left(envelope->>'payload', ${sql.lit(inspectedCharacters)})`.as('content'),
          sql<string>`length(envelope->>'payload')::text`.as('characters'),
          sql<string>`right(envelope->>'payload', 2)`.as('ending'),
        ])
        .where('message_id', 'in', named(messageId)),
    );
    if (!row) return undefined;
    const padding = row.ending === '==' ? 2 : row.ending.endsWith('=') ? 1 : 0;
    const payload = Buffer.from(row.content, 'base64').subarray(0, inspectedBytes);
    return { ...letterOf(row), payload, payloadBytes: (Number(row.characters) / 4) * 3 - padding };
  }

  /** Rejects with why it cannot be handled this time either. */
  async function redriveOpen(messageId: string): Promise<void> {
    const [letter] = await run(
      database,
      open
        .select([sql<string>`envelope::text`.as('envelope'), 'error', 'unreadable'])
        .where('message_id', 'in', named(messageId)),
    );
    if (!letter) return;
    if (letter.unreadable) throw new Error(letter.error);
    const mine = changeOpen.where('message_id', 'in', named(messageId));
    try {
      await handle(fromJson(letter.envelope));
    } catch (error) {
      await run(database, mine.set({ error: wordsOf(error instanceof Error ? error.message : String(error)) }));
      throw error;
    }
    await run(database, mine.set({ redriven_at: sql`now()` }));
  }

  return {
    async list({ size, after }) {
      const newest = open.select(head).orderBy('message_id', 'desc').limit(size);
      return (await run(database, after === undefined ? newest : newest.where('message_id', '<', after))).map(letterOf);
    },

    get,

    async redrive(messageId) {
      await redriveOpen(messageId);
      return get(messageId);
    },

    async redriveMany({ type, error, limit }) {
      let oldest = open.select('message_id').orderBy('message_id').limit(limit);
      if (type) oldest = oldest.where(sql<string>`envelope->>'type'`, '=', type);
      if (error) oldest = oldest.where(sql<number>`strpos(error, ${error})`, '>', 0);
      const outcomes: { messageId: string; error?: string }[] = [];
      for (const { message_id: messageId } of await run(database, oldest)) {
        const why = await redriveOpen(messageId).then(
          () => undefined,
          (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
        );
        outcomes.push({ messageId, ...(why !== undefined && { error: why.slice(0, 500) }) });
      }
      return outcomes;
    },

    async discard(messageId) {
      const discarded = sql<Date | null>`coalesce(discarded_at, case when redriven_at is null then now() end)`;
      const found = await run(
        database,
        change.set({ discarded_at: discarded }).where('message_id', 'in', named(messageId)).returning('message_id'),
      );
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
