import { keptAfterRefund, type Money } from '#kernel/money.ts';

/** Share of the price that is refunded (취소 정책), by whole days left before check-in. Stored in the reservation when it is made. */
export interface CancellationPolicy {
  version: string;
  /** Highest day first; the first line that fits counts. */
  refunds: readonly { daysBefore: number; percent: number }[];
}

/** Percent of the total that is refunded when `daysBefore` whole days are left. */
export const refundPercent = (policy: CancellationPolicy, daysBefore: number): number =>
  policy.refunds.find((line) => daysBefore >= line.daysBefore)?.percent ?? 0;

export const cancellationFee = (policy: CancellationPolicy, total: Money, daysBefore: number): Money =>
  keptAfterRefund(total, refundPercent(policy, daysBefore));

export const samplePolicy: CancellationPolicy = {
  version: 'sample-1',
  refunds: [
    { daysBefore: 10, percent: 100 },
    { daysBefore: 7, percent: 70 },
    { daysBefore: 5, percent: 50 },
    { daysBefore: 1, percent: 20 },
  ],
};
