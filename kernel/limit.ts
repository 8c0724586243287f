import type { Claim } from './aggregate.ts';
import type { Details } from './decision.ts';

/**
 * A limit on how much one customer has at once. It has numbered slots, and a slot is the key of a claim: of two who take the last one at the
 * same time, the database refuses one.
 */
export interface Limit {
  most: number;
  /** What is counted, as the error text says it: `unpaid reservations`. */
  of: string;
  /** Slots that are wanted now. */
  want: number;
  /** Slots that nobody occupies. */
  free: readonly string[];
}

/** The first limit that has fewer free slots than are wanted, as details of the refusal. */
export function exceeded(limits: readonly Limit[]): Details | undefined {
  const full = limits.find(({ want, free }) => free.length < want);
  return full && { most: String(full.most), of: full.of };
}

/** The slots that are occupied from now on: to be kept in the state, claimed, and released when they are no longer needed. */
export const slotsOf = (limits: readonly Limit[]): readonly string[] =>
  limits.flatMap(({ want, free }) => free.slice(0, want));

export const claimsOf = (slots: readonly string[]): Claim[] => slots.map((key) => ({ key }));
