import type { Limit } from '#kernel/limit.ts';
import type { Store } from './store.ts';

/** A limit as settings say it. */
export interface LimitOn {
  /** Whose slots they are, and of what: `unpaid/<customer>`. */
  key: string;
  /** 0: there is no limit. */
  most: number;
  /** What is counted, as the error text says it: `unpaid reservations`. */
  of: string;
  /** Slots that are wanted now; 1 if not said. */
  want?: number;
}

/** The limits with the slots that are free now. An order begins to look at a slot of its own: those that are made at once rarely meet. */
export const limitsFor = (
  store: Pick<Store, 'claims'>,
  orderId: string,
  limits: readonly LimitOn[],
): Promise<Limit[]> =>
  Promise.all(
    limits
      .filter(({ most }) => most > 0)
      .map(async ({ key, most, of, want = 1 }) => {
        const occupied = new Set((await store.claims(`${key}/`, `${key}0`)).map((claim) => claim.key));
        const first = parseInt(orderId.slice(-4), 16);
        const slots = Array.from({ length: most }, (_, nth) => `${key}/${(first + nth) % most}`);
        // More may be occupied than there are: the limit may have been higher.
        return {
          most,
          of,
          want,
          free: slots.filter((slot) => !occupied.has(slot)).slice(0, Math.max(0, most - occupied.size)),
        };
      }),
  );
