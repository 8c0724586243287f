import { cancelsAs, type Canceller, type CancelsAs } from '#kernel/canceller.ts';
import { accept, refuse, type Decision } from '#kernel/decision.ts';
import { keptAfterRefund, minus, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { endOf } from './hours.ts';
import type { Cause, Part, Purchase, PurchaseEvent, Refusal, Terms } from './purchase.ts';

const causes = {
  CUSTOMER: 'CANCELLED_BY_BUYER',
  PROVIDER: 'CANCELLED_BY_SELLER',
  STAFF: 'CANCELLED_BY_STAFF',
} as const satisfies Record<CancelsAs, Cause>;

export function cancel(state: Purchase, { by, at }: { by: Canceller; at: Instant }): Decision<PurchaseEvent, Refusal> {
  if (state.status === 'none') return refuse('no-such-purchase');
  const { terms } = state;
  const who = cancelsAs(by, { customerId: terms.buyerId, providerId: terms.sellerId }, 'no-such-purchase');
  if (!who.accepted) return who;
  if (state.status === 'cancelling' || state.status === 'cancelled') return accept(); // idempotent: the first one counts
  if (state.status === 'completed' && who.afterBegin && state.cancelRefused !== 'PAID_OUT')
    return accept({ ...cancelling(terms, causes[who.as], at, ['payout'], who.reasonText), wasCompleted: true });
  if (!isCancellable(state, at, who.afterBegin ? endOf(terms) : terms.startTime)) return refuse('not-cancellable');
  // What was never asked for need not be called off: payout and lecture are, once it is paid.
  const cause = causes[who.as];
  return accept(
    isPaid(state)
      ? { ...cancelling(terms, cause, at, ['lecture'], who.reasonText), wasPaid: true }
      : cancelling(terms, cause, at, ['payment'], who.reasonText),
  );
}

/** A cancellation begins. Only a buyer who cancels may lose something by the policy. */
export const cancelling = (
  terms: Terms,
  cause: Cause,
  askedAt: Instant,
  awaiting: readonly Part[],
  reasonText = '',
): Extract<PurchaseEvent, { type: 'PurchaseCancelling' }> => ({
  type: 'PurchaseCancelling',
  cause,
  reasonText,
  keep:
    cause === 'CANCELLED_BY_BUYER'
      ? keptAfterRefund(terms.price, terms.policy.refundPercent)
      : { ...terms.price, amount: 0 },
  askedAt,
  awaiting,
});

/** The lecture let itself be called off: now money goes back, on both sides. */
export const lectureCalledOff = (state: Purchase): Decision<PurchaseEvent, Refusal> =>
  state.status === 'cancelling' && state.awaiting.includes('lecture')
    ? accept({ type: 'PurchaseLectureCalledOff' })
    : accept();

/** The last part that is given back ends the cancellation. A part that is not awaited changes nothing. */
export function returned(state: Purchase, part: Part): Decision<PurchaseEvent, Refusal> {
  if (!('awaiting' in state) || !state.awaiting?.includes(part)) return accept();
  return accept(
    state.status === 'cancelling' && state.awaiting.length === 1
      ? { type: 'PurchaseCancelled' }
      : { type: 'PurchasePartReturned', part },
  );
}

/** What a cancellation at `at` would refund. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  reason: string;
}

export function previewCancellation(state: Purchase, at: Instant): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  if (state.status === 'none' || !isCancellable(state, at, state.terms.startTime)) return 'not-cancellable';
  const { price, policy } = state.terms;
  const percent = policy.refundPercent;
  const nothing = { ...price, amount: 0 };
  if (!isPaid(state)) return { paid: nothing, refund: nothing, percent, reason: 'NOTHING_PAID' };
  return { paid: price, refund: minus(price, keptAfterRefund(price, percent)), percent, reason: 'BEFORE_START' };
}

const isPaid = ({ status }: Purchase): boolean => status === 'paid' || status === 'ready';

/**
 * The buyer and the customer centre can until the start; seller and administrators until the end, unless the lecture refuses because the
 * two have met. Once it is completed, these two can again until the seller is paid: for the lecture that was none.
 */
function isCancellable(state: Exclude<Purchase, { status: 'none' }>, at: Instant, until: Instant): boolean {
  switch (state.status) {
    case 'requested':
    case 'payment-pending':
    case 'paid':
    case 'ready':
      return at < until;
    case 'completed':
    case 'payment-failed':
    case 'cancelling':
    case 'cancelled':
      return false;
  }
}
