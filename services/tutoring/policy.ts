/** Share of the price that is refunded when the buyer cancels before the start (취소 정책). Stored in the purchase when it is made. */
export interface CancellationPolicy {
  version: string;
  /** 0–100. */
  refundPercent: number;
}

export const samplePolicy: CancellationPolicy = { version: 'sample-1', refundPercent: 100 };
