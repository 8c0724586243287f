import { accept, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { minus, plus, type Money } from '#kernel/money.ts';
import type { Input, Intent, Payment, PaymentEvent, Refunding, Refusal } from './payment.ts';

/** Answered at once, whatever stands; giving back goes on by itself. */
export function cancel(
  state: Payment,
  { order, keep, askedAt, wasPaid }: Extract<Input, { type: 'CancelPayment' }>,
): Decision<PaymentEvent, Refusal> {
  const cancelled = (refund: Money, inDoubt = false) =>
    accept<PaymentEvent>({ type: 'PaymentCancelled', order, refund, inDoubt });
  switch (state.status) {
    case 'none':
      return cancelled(none(keep));
    case 'pending': // an attempt may be on its way, or have charged without our hearing of it
      return cancelled(state.intent.amount, true);
    case 'completed': {
      // Who asked could not know of a charge that came later, so the policy keeps nothing of it.
      const cameBefore = wasPaid || state.completedAt < askedAt;
      const kept = cameBefore ? Math.min(keep.amount, state.intent.amount.amount) : 0;
      return cancelled({ ...state.intent.amount, amount: state.intent.amount.amount - kept });
    }
    case 'declined':
      return cancelled(none(state.intent.amount));
    case 'refunding':
    case 'cancelled': {
      // Of all that were asked for, in whatever order they are heard, the highest refund counts.
      const more = minus(keptOf(state), keep);
      return accept(
        ...named(state, order),
        more.amount > 0 ? { type: 'RefundRaised', more } : { type: 'AnswerRepeated' },
      );
    }
  }
}

/** All that is back or on its way, if it was taken. */
export const goingBack = (state: Extract<Payment, { status: 'refunding' | 'cancelled' }>): Money =>
  state.status === 'cancelled' ? state.refunded : plus(state.refund, state.back, state.more);

/** What does not go back of what was charged, if it was. */
export const keptOf = (state: Extract<Payment, { status: 'refunding' | 'cancelled' }>): Money =>
  minus(state.status === 'cancelled' ? state.charged : state.intent.amount, goingBack(state));

/** An order that is known at last, of a charge that was unknown. */
export const named = (state: Payment, order: OrderRef): PaymentEvent[] =>
  state.status !== 'none' && state.order.kind === '' ? [{ type: 'OrderNamed', order }] : [];

/** The state after a cancellation: with nothing to give back it is final. */
export function cancelledState(
  state: Payment,
  { order, refund, inDoubt }: Extract<PaymentEvent, { type: 'PaymentCancelled' }>,
): Payment {
  if (state.status === 'none') return { status: 'cancelled', order, intent: null, charged: refund, refunded: refund };
  if (state.status === 'refunding' || state.status === 'cancelled') return state;
  const { intent } = state;
  if (refund.amount > 0) return refunding(state.order, intent, refund, inDoubt);
  return { status: 'cancelled', order: state.order, intent, charged: charged(state), refunded: refund };
}

const refunding = (order: OrderRef, intent: Intent, refund: Money, inDoubt = false): Refunding => ({
  status: 'refunding',
  order,
  intent,
  refund,
  inDoubt,
  tries: 0,
  stuck: null,
});

/** A refund under way is finished as it was begun, whether the provider has it or not; what was added follows it. */
export function raised(state: Payment, more: Money): Payment {
  if (state.status === 'refunding') return { ...state, more: plus(more, state.more) };
  if (state.status !== 'cancelled' || !state.intent) return state;
  return { ...refunding(state.order, state.intent, more), ...(state.refunded.amount > 0 && { back: state.refunded }) };
}

/** What became of a refund; what was added meanwhile follows it. */
export function settled({ order, intent, refund, back, more }: Refunding, wasCharged: boolean): Payment {
  if (!wasCharged) return { status: 'cancelled', order, intent, charged: none(refund), refunded: none(refund) };
  const refunded = plus(refund, back);
  return more
    ? { ...refunding(order, intent, more), back: refunded }
    : { status: 'cancelled', order, intent, charged: intent.amount, refunded };
}

const charged = (state: Extract<Payment, { intent: Intent }>): Money =>
  state.status === 'completed' ? state.intent.amount : none(state.intent.amount);

export const none = ({ currency }: Money): Money => ({ amount: 0, currency });
