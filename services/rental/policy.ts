import { keptAfterRefund, type Money } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';

/** A rental that is not installed so long after it was paid is cancelled, and all of it paid back. */
export const longestWait = days(90);

/** How far a rental has come that can still be cancelled. */
export type Cancellable = 'received' | 'backordered' | 'stock-confirmed' | 'delivering';

/** How much of what was paid comes back (취소 정책), in percent, by how far the rental has come. Frozen into a rental when it is made. */
export interface CancellationPolicy {
  version: string;
  refundPercent: Readonly<Record<Cancellable, number>>;
}

export const cancellationFee = (policy: CancellationPolicy, paid: Money, stage: Cancellable): Money => keptAfterRefund(paid, policy.refundPercent[stage]);

export const samplePolicy: CancellationPolicy = {
  version: 'sample-1',
  refundPercent: { received: 100, backordered: 100, 'stock-confirmed': 100, delivering: 100 },
};
