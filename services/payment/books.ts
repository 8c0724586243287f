import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { Aggregate } from '#kernel/aggregate.ts';
import { idOf } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';

/**
 * How far our books have been compared with the provider's. It is restored from a backup along with the payments, so the comparison after
 * it reaches back to the backup.
 */
export interface Books {
  comparedAt: Instant | null;
  /** Charges that no payment of ours stands for, by the order's id, and since when that is known. */
  unknown: Readonly<Record<string, Instant>>;
}

export interface Compared {
  type: 'Compared';
  at: Instant;
  unknown: readonly string[];
}

/** There is one. */
export const booksId = idOf('payment', 'books');

const decide = (_: Books, input: Compared): Decision<Compared, never> => accept(input);

const evolve = ({ unknown: before }: Books, { at, unknown }: Compared): Books => ({
  comparedAt: at,
  unknown: Object.fromEntries(unknown.map((id) => [id, before[id] ?? at])),
});

const decider: Decider<Books, Compared, Compared, never> = {
  initial: { comparedAt: null, unknown: {} },
  decide,
  evolve,
};

export const books: Aggregate<Books, Compared, Compared, never, never> = {
  ...decider,
  name: 'books',
  consequences: () => ({}),
};
