import { accept, refuse, type Decision } from '#kernel/decision.ts';
import { keptAfterRefund, minus, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Cause, Part, Purchase, PurchaseEvent, Refusal, Terms } from './purchase.ts';

export function cancel(state: Purchase, { by, at }: { by: string; at: Instant }): Decision<PurchaseEvent, Refusal> {
  if (state.status === 'none' || state.terms.buyerId !== by) return refuse('no-such-purchase'); // hidden from others
  if (state.status === 'cancelling' || state.status === 'cancelled') return accept(); // idempotent
  if (!isCancellable(state, at)) return refuse('not-cancellable');
  // What was never asked for need not be called off: payout and lecture are, once it is paid.
  const awaiting: readonly Part[] = isPaid(state) ? ['lecture'] : ['payment'];
  return accept(cancelling(state.terms, 'CANCELLED_BY_BUYER', at, awaiting));
}

/** A cancellation begins. Only a buyer who changes his mind may lose something by the policy. */
export const cancelling = (terms: Terms, cause: Cause, askedAt: Instant, awaiting: readonly Part[]): PurchaseEvent => ({
  type: 'PurchaseCancelling',
  cause,
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
  if (state.status !== 'cancelling' || !state.awaiting.includes(part)) return accept();
  return accept(state.awaiting.length === 1 ? { type: 'PurchaseCancelled' } : { type: 'PurchasePartReturned', part });
}

/** What a cancellation at `at` would refund. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  reason: string;
}

export function previewCancellation(state: Purchase, at: Instant): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  if (state.status === 'none' || !isCancellable(state, at)) return 'not-cancellable';
  const { price, policy } = state.terms;
  const percent = policy.refundPercent;
  const nothing = { ...price, amount: 0 };
  if (!isPaid(state)) return { paid: nothing, refund: nothing, percent, reason: 'NOTHING_PAID' };
  return { paid: price, refund: minus(price, keptAfterRefund(price, percent)), percent, reason: 'BEFORE_START' };
}

const isPaid = ({ status }: Purchase): boolean => status === 'paid' || status === 'ready';

function isCancellable(state: Exclude<Purchase, { status: 'none' }>, at: Instant): boolean {
  switch (state.status) {
    case 'requested':
    case 'payment-pending':
    case 'paid':
    case 'ready':
      return at < state.terms.startTime;
    case 'completed':
    case 'payment-failed':
    case 'cancelling':
    case 'cancelled':
      return false;
  }
}
