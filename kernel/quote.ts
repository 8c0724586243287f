import type { Money } from './money.ts';
import type { Instant } from './time.ts';

/** One line of a quote. */
export interface QuoteLine {
  /** Names as the provider wrote them. */
  text: string;
  quantity: number;
  unitPrice: Money;
  amount: Money;
}

/** What a cancellation before `until` refunds once the order is paid. Without it no time ends the step. */
export interface RefundStep {
  until?: Instant;
  percent: number;
  refund: Money;
}

/** What an order would be now. Nothing is stored for it. */
export interface Quote<Reason extends string, Alternative> {
  isAvailable: boolean;
  reason: Reason | undefined;
  lines: readonly QuoteLine[];
  total: Money;
  refundSteps: readonly RefundStep[];
  /** Until when what is ordered is held for payment. */
  holdUntil?: Instant;
  alternatives: readonly Alternative[];
}

/** Most alternatives that a quote shows. */
export const mostAlternatives = 3;
