import type { Claim } from '#kernel/aggregate.ts';

/** State of an order at a product. */
export type Standing =
  /** It waits in line; units are reserved for it, and still on the shelf; or they were handed over. */
  | { stage: 'waiting' | 'held' | 'committed'; quantity: number }
  /** It gave up whatever it had; what comes late takes nothing. */
  | { stage: 'released' }
  /** There were not so many units, and it would not wait; what comes late takes nothing, though there be units by then. */
  | { stage: 'refused' };

/**
 * What an order does at a product once: it is met; it gets units, or is refused; its hold is over, as they are handed over or given
 * back; it has given up all. Each step is a claim of the product's, and a claim is made once. So whoever decides on how an order stood
 * before another decision moved it on makes a step that is made already, and decides again.
 */
type Step = 'met' | `held/${number}` | 'refused' | 'over' | 'released';

/** Never given up: a late message about the order finds what became of it. */
export const stepClaims = (productId: string, orderId: string, ...steps: readonly Step[]): Claim[] =>
  steps.map((step) => ({ key: `${productId}/${orderId}/${step}` }));

/** Keys of an order's steps: from the first, before the second. */
export const stepsOf = (productId: string, orderId: string): [from: string, to: string] => [
  `${productId}/${orderId}/`,
  `${productId}/${orderId}0`,
];

/** What the steps come to; nothing before there are any, and while the order waits. */
export function standingAfter(keys: readonly string[]): Standing | undefined {
  const made = (step: Step): boolean => keys.some((key) => key.endsWith(`/${step}`));
  if (made('released')) return { stage: 'released' };
  if (made('refused')) return { stage: 'refused' };
  const held = keys.find((key) => key.includes('/held/'));
  return held
    ? { stage: made('over') ? 'committed' : 'held', quantity: Number(held.slice(held.lastIndexOf('/') + 1)) }
    : undefined;
}
