import { accept, type Decision } from './decision.ts';
import { payUntil, type Deadline, type Next } from './next.ts';
import type { Instant } from './time.ts';

/** What payment says of a card that was declined. */
export interface CardDeclined {
  reason: string;
  reasonText: string;
  /** The payer may have another card charged (B5). Otherwise the decline is final. */
  isRetryable: boolean;
  /** How many cards were declined for the order. */
  cards: number;
  at: Instant;
}

/** Why an unpaid order waits for another card. */
export interface Declined {
  reason: string;
  reasonText: string;
  cards: number;
  /** When the first card was declined: the time to pay runs from then on, whatever becomes of further ones. */
  since: Instant;
}

/** An unpaid order waits for another card, or ends where the decline is final. What it has heard before changes nothing. */
export function onDecline<Event>(
  before: Declined | undefined,
  { reason, reasonText, isRetryable, cards, at }: CardDeclined,
  order: { waits(declined: Declined): Event; fails(): Event },
): Decision<Event, never> {
  if (!isRetryable) return accept(order.fails());
  if (before && cards <= before.cards) return accept();
  return accept(order.waits({ reason, reasonText, cards, since: before?.since ?? at }));
}

/** What an order waits for whose payment is late: for its customer's other card after a decline, otherwise for payment until its start. */
export function nextOfLatePayment(
  declined: Declined | undefined,
  { start, what }: { start: Instant; what: Deadline['what'] },
  timeouts: { payment: number },
): Next {
  const at = declined ? payUntil(declined.since, start, timeouts) : start;
  return { who: declined ? 'CUSTOMER' : 'NOBODY', what: 'PAYMENT', deadline: { at, what } };
}
