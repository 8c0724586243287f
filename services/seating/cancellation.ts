import { cancelsAs, type Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Decision } from '#kernel/decision.ts';
import { minus, type Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import type { Instant } from '#kernel/time.ts';
import { cancellationFee } from './policy.ts';
import type { Part, Refusal, Selection, SelectionEvent } from './selection.ts';

export function cancel(
  state: Selection,
  { by, at }: { by: Canceller; at: Instant },
): Decision<SelectionEvent, Refusal> {
  if (state.status === 'none') return refuse('no-such-selection');
  const { customerId, policy, total, period } = state.booking;
  const who = cancelsAs(by, { customerId }, 'no-such-selection');
  if (!who.accepted) return who;
  if (state.status === 'cancelling' || state.status === 'cancelled') return accept(); // idempotent: the first one counts
  if (!isCancellable(state, at, who.afterBegin ? period.end : period.start)) return refuse('not-cancellable');
  const { reasonText } = who;
  if (who.as === 'CUSTOMER') {
    const keep = cancellationFee(policy, total);
    return accept({
      type: 'SelectionCancelling',
      cause: 'CANCELLED_BY_CUSTOMER',
      reasonText,
      keep,
      askedAt: at,
      ...(isPaid(state) && { wasPaid: true }),
    });
  }
  const keep = { ...total, amount: 0 };
  return accept({ type: 'SelectionCancelling', cause: 'CANCELLED_BY_STAFF', reasonText, keep, askedAt: at });
}

/** The last part that is given back ends the cancellation. A part that is not awaited changes nothing. */
export function returned(state: Selection, part: Part): Decision<SelectionEvent, Refusal> {
  if (!('awaiting' in state) || !state.awaiting?.includes(part)) return accept();
  return accept(
    state.status === 'cancelling' && state.awaiting.length === 1
      ? { type: 'SelectionCancelled' }
      : { type: 'SelectionPartReturned', part },
  );
}

/** Terms of the refund, also for a cancellation that an earlier version began at `began`. Nothing is kept of a card that is charged too late. */
export function refundTerms(
  state: Extract<Selection, { status: 'cancelling' | 'payment-failed' }>,
  began: Instant,
): RefundTerms {
  const { policy, total } = state.booking;
  if (state.status === 'payment-failed') return { keep: { ...total, amount: 0 }, askedAt: began };
  const { cause, askedAt = began, wasPaid } = state;
  return {
    keep: state.keep ?? (cause === 'CANCELLED_BY_CUSTOMER' ? cancellationFee(policy, total) : { ...total, amount: 0 }),
    askedAt,
    ...(wasPaid && { wasPaid }),
  };
}

/** What a cancellation at `at` would refund. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  reason: 'BEFORE_START' | 'NOTHING_PAID';
}

export function previewCancellation(
  state: Selection,
  at: Instant,
): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  if (state.status === 'none' || !isCancellable(state, at)) return 'not-cancellable';
  const { total, policy } = state.booking;
  const nothing = { ...total, amount: 0 };
  if (!isPaid(state)) return { paid: nothing, refund: nothing, percent: policy.refundPercent, reason: 'NOTHING_PAID' };
  return {
    paid: total,
    refund: minus(total, cancellationFee(policy, total)),
    percent: policy.refundPercent,
    reason: 'BEFORE_START',
  };
}

const isPaid = ({ status }: Selection): boolean => status === 'paid' || status === 'registered';

/** The customer and the customer centre can until the period begins; administrators until it is over, where the seat cannot be used. */
function isCancellable(
  state: Exclude<Selection, { status: 'none' }>,
  at: Instant,
  until = state.booking.period.start,
): boolean {
  switch (state.status) {
    case 'selected':
    case 'held':
    case 'payment-pending':
    case 'paid':
    case 'registered':
      return at < until;
    case 'completed':
    case 'refused':
    case 'payment-failed':
    case 'cancelling':
    case 'cancelled':
      return false;
  }
}
