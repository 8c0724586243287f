import type { Aggregate, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { forEachEvent } from '#kernel/consequences.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import { nthOf } from './keys.ts';
import { isRetryable, payments, type Input, type Payment, type PaymentEvent, type Refusal } from './payment.ts';
import { goingBack, keptOf, none } from './refunds.ts';

/** What payment tells whoever asked. */
export type Message = Answer & {
  /** It answers a command that came again. */
  again?: true;
};

type Answer =
  | { type: 'PaymentCompleted'; order: OrderRef; amount: Money }
  | { type: 'PaymentDeferred'; order: OrderRef; reason: string }
  | {
      type: 'PaymentDeclined';
      order: OrderRef;
      reason: string;
      reasonText: string;
      /** The payer may have another card charged. */
      isRetryable: boolean;
      /** How many cards were declined by now. */
      cards: number;
    }
  | { type: 'PaymentCancelled'; order: OrderRef; refunded: Money; kept: Money };

/** What follows from each event: who is told, and when the provider is asked (again). */
function after(event: PaymentEvent, { state, updatedAt }: StoredAggregate<Payment>): Consequences<Message> {
  switch (event.type) {
    case 'PaymentRequested':
    case 'PaymentHastened':
    case 'PaymentRetried':
      return { timers: [{ name: 'attempt', at: updatedAt }] };
    case 'PaymentAttended':
      return { timers: [{ name: 'attempt', at: event.attendedUntil }] };
    case 'PaymentDeferred':
      return { messages: answer(state), timers: [{ name: 'attempt', at: event.retryAt }] };
    case 'PaymentPostponed':
      return { timers: [{ name: 'attempt', at: event.retryAt }] };
    case 'PaymentCompleted':
    case 'PaymentDeclined':
    case 'AnswerRepeated':
      return { messages: answer(state) };
    case 'UnknownChargeCalledOff': // nobody here waits for it
    case 'OrderNamed':
      return {};
    case 'PaymentCancelled':
      return {
        messages: answer(state),
        timers: state.status === 'refunding' ? [{ name: 'settle', at: updatedAt }] : [],
      };
    case 'RefundRaised': // one that is under way has its timer already
      return {
        messages: answer(state),
        timers: state.status === 'refunding' && !state.more ? [{ name: 'settle', at: updatedAt }] : [],
      };
    case 'RefundPostponed':
    case 'RefundStuck':
      return { timers: [{ name: 'settle', at: event.retryAt }] };
    case 'RefundSettled':
      return { timers: state.status === 'refunding' ? [{ name: 'settle', at: updatedAt }] : [] };
  }
}

/** How the payment stands, as it is told; nothing while the first attempt is under way. */
function answer(state: Payment): Message[] {
  switch (state.status) {
    case 'none':
      return [];
    case 'pending':
      return state.attempts > 0 ? [{ type: 'PaymentDeferred', order: state.order, reason: 'PROVIDER_UNANSWERED' }] : [];
    case 'completed':
      return [{ type: 'PaymentCompleted', order: state.order, amount: state.intent.amount }];
    case 'declined':
      return [
        {
          ...{ type: 'PaymentDeclined', order: state.order, reason: state.reason, reasonText: state.reasonText },
          ...{ isRetryable: isRetryable(state), cards: nthOf(state.intent) },
        },
      ];
    case 'refunding':
    case 'cancelled':
      return [{ type: 'PaymentCancelled', order: state.order, refunded: refundedOf(state), kept: keptOf(state) }];
  }
}

/**
 * What is back with the payer or on its way. While in doubt nothing is said to be: nothing is known to have been charged. If it
 * turns out that it was, all of it goes back and PaymentCancelled is told again, with the amount.
 */
export function refundedOf(state: Extract<Payment, { intent: unknown }>): Money {
  if (state.status === 'cancelled') return goingBack(state);
  return state.status === 'refunding' && !state.inDoubt ? goingBack(state) : none(state.intent.amount);
}

export const payment: Aggregate<Payment, Input, PaymentEvent, Refusal, Message> = {
  ...payments,
  name: 'payment',
  consequences(events, kept) {
    const { messages = [], ...follows } = forEachEvent(after)(events, kept);
    const again = events.every(({ type }) => type === 'AnswerRepeated') && { again: true as const };
    return { ...follows, messages: messages.map((message) => ({ ...message, ...again })) };
  },
};
