/** How much of the price comes back when the buyer cancels before the start (취소 정책). Frozen into a purchase when it is made. */
export interface CancellationPolicy {
  version: string;
  /** 0–100. */
  refundPercent: number;
}

export const samplePolicy: CancellationPolicy = { version: 'sample-1', refundPercent: 100 };
