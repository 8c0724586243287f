import { keptAfterRefund, type Money } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';

/** Time after payment after which a rental that is not installed is cancelled and refunded in full. */
export const longestWait = days(90);

/** How far a rental has come that can still be cancelled. */
export type Cancellable = 'received' | 'backordered' | 'stock-confirmed' | 'delivering';

/** Percent of the payment that is refunded (취소 정책), by the state of the rental. Stored in the rental when it is made. */
export interface CancellationPolicy {
  version: string;
  refundPercent: Readonly<Record<Cancellable, number>>;
}

export const cancellationFee = (policy: CancellationPolicy, paid: Money, stage: Cancellable): Money =>
  keptAfterRefund(paid, policy.refundPercent[stage]);

export const samplePolicy: CancellationPolicy = {
  version: 'sample-1',
  refundPercent: { received: 100, backordered: 100, 'stock-confirmed': 100, delivering: 100 },
};
