import type { Claim } from '#kernel/aggregate.ts';

/** So many selections a customer may have unpaid at once: who only tries things out keeps no seats from others. */
const mostUnpaid = 3;

/** An unpaid selection occupies one of its customer's slots for them; two made at once cannot occupy the same. */
const holdKey = (customerId: string, slot: number): string => `unpaid/${customerId}/${slot}`;

/** All of a customer's keys lie in [from, to). */
export const holdsOf = (customerId: string): { from: string; to: string } => ({ from: holdKey(customerId, 0), to: holdKey(customerId, mostUnpaid) });

export const holdClaim = (customerId: string, slot: number): Claim => ({ key: holdKey(customerId, slot) });

/** The first slot that is not among `occupied`, if there is one. */
export const freeSlot = (occupied: readonly number[]): number | undefined =>
  Array.from({ length: mostUnpaid }, (_, slot) => slot).find((slot) => !occupied.includes(slot));
