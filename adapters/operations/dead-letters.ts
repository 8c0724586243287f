import { raw } from '@mikro-orm/postgresql';
import type { Instant } from '#kernel/time.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { DeadLetter as Row, type Database } from '#adapters/mikro-orm/database.ts';
import { reachable, type Page } from '#adapters/mikro-orm/store.ts';
import { revived } from '#adapters/mikro-orm/troubles.ts';

/** A message that could not be handled, and waits for somebody to look at it. */
export interface DeadLetter {
  envelope: Envelope;
  /** Why it could not be handled the last time. */
  error: string;
  diedAt: Instant;
  /** When it was handled after all. */
  redrivenAt?: Instant;
}

export interface DeadLetters {
  /** Those that were not redriven, newest message first. */
  list(page: Page): Promise<DeadLetter[]>;
  get(messageId: string): Promise<DeadLetter | undefined>;
  /**
   * Handles it again; the inbox sees to it that two who do so at once have one effect. Rejects with why it failed again, which then
   * stands in the letter.
   */
  redrive(messageId: string): Promise<DeadLetter | undefined>;
}

/** `handle` is the way on which messages of the bus are handled. */
export function mikroOrmDeadLetters({ orm }: Pick<Database, 'orm'>, handle: (envelope: Envelope) => Promise<void>): DeadLetters {
  const get: DeadLetters['get'] = (messageId) =>
    reachable(async () => {
      const row = await orm.em.fork().findOne(Row, { messageId });
      return row ? toLetter(row) : undefined;
    });
  const isOpen = (messageId: string) => ({ messageId, redrivenAt: null });

  return {
    list: ({ size, after }) =>
      reachable(async () => {
        const wanted = { redrivenAt: null, ...(after && { messageId: { $lt: after } }) };
        return (await orm.em.fork().find(Row, wanted, { orderBy: { messageId: 'desc' }, limit: size })).map(toLetter);
      }),

    get,

    async redrive(messageId) {
      const letter = await get(messageId);
      if (!letter || letter.redrivenAt) return letter;
      const mark = (change: object) => reachable(() => orm.em.fork().nativeUpdate(Row, isOpen(messageId), change));
      try {
        await handle(letter.envelope);
      } catch (error) {
        await mark({ error: error instanceof Error ? error.message : String(error) });
        throw error;
      }
      await mark({ redrivenAt: raw('now()') });
      return get(messageId);
    },
  };
}

const toLetter = ({ envelope, error, diedAt, redrivenAt }: { envelope: Record<string, unknown>; error: string; diedAt: Date; redrivenAt?: Date | null | undefined }): DeadLetter => ({
  envelope: revived(envelope),
  error,
  diedAt: diedAt.getTime(),
  ...(redrivenAt && { redrivenAt: redrivenAt.getTime() }),
});
