import type { Claim } from '#kernel/aggregate.ts';

/** So many selections a customer may have unpaid at once: who only tries things out keeps no seats from others. */
const mostUnpaid = 3;

/** An unpaid selection occupies one of its customer's places for them; two made at once cannot occupy the same. */
const holdKey = (customerId: string, place: number): string => `unpaid/${customerId}/${place}`;

/** All of a customer's keys lie in [from, to). */
export const holdsOf = (customerId: string): { from: string; to: string } => ({ from: holdKey(customerId, 0), to: holdKey(customerId, mostUnpaid) });

export const holdClaim = (customerId: string, place: number): Claim => ({ key: holdKey(customerId, place) });

/** The first place that is not among `occupied`, if there is one. */
export const freePlace = (occupied: readonly number[]): number | undefined =>
  Array.from({ length: mostUnpaid }, (_, place) => place).find((place) => !occupied.includes(place));
