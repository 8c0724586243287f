import { keptAfterRefund, type Money } from '#kernel/money.ts';

/** Share of the price that is refunded (취소 정책) before the period begins. Stored in the selection when it is made. */
export interface CancellationPolicy {
  version: string;
  refundPercent: number;
}

export const cancellationFee = (policy: CancellationPolicy, total: Money): Money =>
  keptAfterRefund(total, policy.refundPercent);

export const samplePolicy: CancellationPolicy = { version: 'sample-1', refundPercent: 100 };
