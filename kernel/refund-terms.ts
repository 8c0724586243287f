import type { Money } from './money.ts';
import type { Instant } from './time.ts';

/** What a cancelled order tells payment about the refund. */
export interface RefundTerms {
  /** What the cancellation policy keeps, if the payment came before the cancellation. */
  keep: Money;
  /** When the cancellation was requested, by the order's clock. */
  askedAt: Instant;
  /** The order knew then that it was paid: so the payment came before, whatever payment's clock says. */
  wasPaid?: true;
}
