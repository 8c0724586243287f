import { keptAfterRefund, type Money } from '#kernel/money.ts';

/** How much of the price comes back (취소 정책) to who cancels before the time begins. Frozen into a selection when it is made. */
export interface CancellationPolicy {
  version: string;
  refundPercent: number;
}

export const cancellationFee = (policy: CancellationPolicy, total: Money): Money => keptAfterRefund(total, policy.refundPercent);

export const samplePolicy: CancellationPolicy = { version: 'sample-1', refundPercent: 100 };
