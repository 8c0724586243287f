import type { Claim } from '#kernel/aggregate.ts';
import { minutes, type Instant } from '#kernel/time.ts';

/** When a lecture takes place, by the plan. */
export interface Hours {
  startTime: Instant;
  /** How long it takes. */
  minutes: number;
}

export const endOf = ({ startTime, minutes: length }: Hours): Instant => startTime + minutes(length);

const quarterMs = minutes(15);

/** The quarter-hour of an instant, counted since 1970. */
export const quarterOf = (at: Instant): number => Math.floor(at / quarterMs);

/** Every quarter-hour that a lecture touches. Two lectures that share one overlap. */
export function quartersOf(hours: Hours): number[] {
  const first = quarterOf(hours.startTime);
  const last = Math.ceil(endOf(hours) / quarterMs);
  return Array.from({ length: last - first }, (_, nth) => first + nth);
}

/** Whose time it is. */
export type Person = { as: 'seller' | 'buyer'; id: string };

/** Keys sort as the quarter-hours do. */
export const quarterKey = ({ as, id }: Person, quarter: number): string =>
  `${as}/${id}/${String(quarter).padStart(8, '0')}`;

/** A seller's time is sold once, whichever lesson it is sold for, and a buyer is at one lecture at a time. */
export const hoursClaims = ({ sellerId, buyerId, ...hours }: Hours & { sellerId: string; buyerId: string }): Claim[] =>
  quartersOf(hours).flatMap((quarter) => [
    { key: quarterKey({ as: 'seller', id: sellerId }, quarter) },
    { key: quarterKey({ as: 'buyer', id: buyerId }, quarter) },
  ]);
