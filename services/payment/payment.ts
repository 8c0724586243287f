import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import type { Instant } from '#kernel/time.ts';
import { nthOf, refundKeyOf } from './keys.ts';
import { cancel, cancelledState, named, raised, settled } from './refunds.ts';
import type { Card } from './wallet.ts';

/** Who pays whom, how much and by what; fixed before the provider hears of it. Only after a decline another card takes the place of the first. */
export interface Intent {
  payerId: string;
  /** Empty where the platform itself is paid. */
  payeeId: string;
  amount: Money;
  /** Null: the payer has none. Undefined: no cards are kept at the provider, or none were when this was requested. */
  card?: Card | null;
  /** The payer chose the card; absent where it was the default one. */
  isCardChosen?: true;
  /** The order waits when the card is declined, so that its payer can choose another one. */
  isRetryable?: true;
  /** Which of the payer's cards this is: 2 after one was declined. Absent: the first. */
  nth?: number;
}

/** An order's payment (결제). Its id is the order's. */
export type Payment =
  | { status: 'none' }
  /** `attempts` that brought no answer. Any of them may have charged, except those that were `unsent`: they never reached the provider. */
  | {
      status: 'pending';
      order: OrderRef;
      intent: Intent;
      attempts: number;
      unsent?: number;
      /** When this card's charge was asked for. Absent: when the payment was. */
      askedAt?: Instant;
    }
  | { status: 'completed'; order: OrderRef; intent: Intent; completedAt: Instant }
  | { status: 'declined'; order: OrderRef; intent: Intent; reason: string; reasonText: string }
  | Refunding
  /** Without an intent it is a tombstone: the cancellation came first, and a request that comes after it charges nothing. */
  | { status: 'cancelled'; order: OrderRef; intent: Intent | null; charged: Money; refunded: Money };

/** Money is on its way back, in one refund or, where it was raised, in several, one after the other. */
export interface Refunding {
  status: 'refunding';
  order: OrderRef;
  intent: Intent;
  /** What goes back just now. It never changes: the provider may have it already. */
  refund: Money;
  /** Whether anything was taken at all is for the provider to say. */
  inDoubt: boolean;
  tries: number;
  /** Why the provider will not. */
  stuck: string | null;
  /** What earlier refunds gave back, if there were any. */
  back?: Money;
  /** What has to follow this refund, if it was raised meanwhile. */
  more?: Money;
}

export type Input =
  // asked by the order's owner
  | { type: 'RequestPayment'; order: OrderRef; intent: Intent }
  /** Who asks charges at once, and waits for what comes of it; from `attendedUntil` on the payment looks after itself. */
  | { type: 'Pay'; order: OrderRef; intent: Intent; attendedUntil: Instant }
  | ({ type: 'CancelPayment'; order: OrderRef } & RefundTerms)
  /** The provider knows a charge, and we know no payment that it belongs to: ours was lost with what a backup did not hold. */
  | { type: 'CallOffUnknown'; id: string; charged: Money }
  // asked by people
  /** `card`: what to charge instead of a card that was declined; null: the payer has no such card. */
  | { type: 'RetryPayment'; by: Person; at: Instant; card?: Card | null }
  // what came of asking the provider to charge
  | { type: 'Charged'; at: Instant }
  | { type: 'Declined'; reason: string; reasonText: string }
  /** `unsent`: the provider was not called, for certain. */
  | { type: 'ChargeUnanswered'; retryAt: Instant; unsent?: boolean }
  // what came of asking the provider to give back
  | { type: 'Refunded'; refundKey: string; charged: boolean }
  | { type: 'RefundRefused'; refundKey: string; reason: string; retryAt: Instant }
  | { type: 'RefundUnanswered'; refundKey: string; retryAt: Instant };

/** Who wants to see or hasten a payment. */
export interface Person {
  id: string;
  /** May see everybody's. */
  admin: boolean;
}

export type PaymentEvent =
  | { type: 'PaymentRequested'; order: OrderRef; intent: Intent }
  | { type: 'PaymentAttended'; order: OrderRef; intent: Intent; attendedUntil: Instant }
  | { type: 'PaymentDeferred'; retryAt: Instant; unsent?: boolean }
  | { type: 'PaymentPostponed'; retryAt: Instant; unsent?: boolean }
  | { type: 'PaymentHastened' }
  /** After a decline: with another card, or with the same once more. */
  | { type: 'PaymentRetried'; intent: Intent; at: Instant }
  | { type: 'PaymentCompleted'; at: Instant }
  | { type: 'PaymentDeclined'; reason: string; reasonText: string }
  | { type: 'PaymentCancelled'; order: OrderRef; refund: Money; inDoubt: boolean }
  | { type: 'UnknownChargeCalledOff'; order: OrderRef; charged: Money }
  /** The order of a charge that was unknown turns up after all. */
  | { type: 'OrderNamed'; order: OrderRef }
  | { type: 'RefundRaised'; more: Money }
  | { type: 'RefundPostponed'; retryAt: Instant }
  | { type: 'RefundStuck'; reason: string; retryAt: Instant }
  | { type: 'RefundSettled'; charged: boolean }
  /** Whoever asked hears again how the payment stands. */
  | { type: 'AnswerRepeated' };

export type Refusal =
  | 'no-such-payment'
  | 'not-pending'
  | 'not-declined'
  | 'not-payer'
  | 'too-many-cards-tried'
  | 'unknown-payment-method';

/** Cards that one order may try; the decline of the last is final. Whoever tries more tries out cards, not the order. */
export const mostCards = 5;

export function decide(state: Payment, input: Input): Decision<PaymentEvent, Refusal> {
  switch (input.type) {
    case 'RequestPayment':
      return state.status === 'none'
        ? accept({ type: 'PaymentRequested', order: input.order, intent: input.intent })
        : accept(...named(state, input.order), { type: 'AnswerRepeated' });
    case 'Pay':
      if (state.status === 'none')
        return accept({
          type: 'PaymentAttended',
          order: input.order,
          intent: input.intent,
          attendedUntil: input.attendedUntil,
        });
      return state.intent && state.intent.payerId !== input.intent.payerId ? refuse('no-such-payment') : accept(); // whoever asks sees how it stands
    case 'CancelPayment':
      return cancel(state, input);
    case 'CallOffUnknown': // what was asked for meanwhile takes the charge for its own
      return isUnknown(state)
        ? accept({ type: 'UnknownChargeCalledOff', order: { kind: '', id: input.id }, charged: input.charged })
        : accept();
    case 'RetryPayment':
      return retry(state, input);

    // An attempt's outcome counts while the payment is pending; called off meanwhile, the refund asks the provider itself.
    case 'Charged':
      return state.status === 'pending' ? accept({ type: 'PaymentCompleted', at: input.at }) : accept();
    case 'Declined':
      return state.status === 'pending'
        ? accept({ type: 'PaymentDeclined', reason: input.reason, reasonText: input.reasonText })
        : accept();
    case 'ChargeUnanswered':
      if (state.status !== 'pending') return accept();
      return accept({ ...input, type: state.attempts === 0 ? 'PaymentDeferred' : 'PaymentPostponed' });

    case 'Refunded':
      if (!isOf(state, input)) return accept();
      return state.inDoubt && input.charged // more came back than was said
        ? accept({ type: 'RefundSettled', charged: true }, { type: 'AnswerRepeated' })
        : accept({ type: 'RefundSettled', charged: input.charged });
    case 'RefundRefused':
      return isOf(state, input)
        ? accept({ type: 'RefundStuck', reason: input.reason, retryAt: input.retryAt })
        : accept();
    case 'RefundUnanswered':
      return isOf(state, input) ? accept({ type: 'RefundPostponed', retryAt: input.retryAt }) : accept();
  }
}

/** Asked twice for the same card, it is charged once. Whoever is paid may hasten a payment, and only the payer chooses a card. */
function retry(
  state: Payment,
  { by, at, card }: Extract<Input, { type: 'RetryPayment' }>,
): Decision<PaymentEvent, Refusal> {
  if (state.status === 'none' || !isPartyTo(state, by)) return refuse('no-such-payment');
  if (card === undefined)
    return state.status === 'pending' ? accept({ type: 'PaymentHastened' }) : refuse('not-pending');
  const { intent } = state;
  if (intent?.payerId !== by.id) return refuse('not-payer');
  if (card === null) return refuse('unknown-payment-method');
  const isCharged = intent.card?.id === card.id;
  if (state.status === 'pending') return isCharged ? accept({ type: 'PaymentHastened' }) : refuse('not-declined');
  if (state.status === 'completed' && isCharged) return accept();
  if (!takesCards(state)) return refuse('not-pending');
  if (!isRetryable(state)) return refuse('too-many-cards-tried');
  const next = { ...intent, card, isCardChosen: true, nth: nthOf(intent) + 1 } as const;
  return accept({ type: 'PaymentRetried', intent: next, at });
}

/** Whether it was declined where the order waits for another card, and cards are kept. */
const takesCards = (state: Payment): state is Extract<Payment, { status: 'declined' }> =>
  state.status === 'declined' && state.intent.isRetryable === true && state.intent.card !== undefined;

/** Whether another card may be charged. */
export const isRetryable = (state: Payment): boolean => takesCards(state) && nthOf(state.intent) < mostCards;

/** Whether nobody has asked for it, or only to call it off. */
export const isUnknown = (state: Payment): boolean =>
  state.status === 'none' || (state.status === 'cancelled' && state.intent === null);

/** What is heard late of a refund that is over says nothing of the one that follows it. */
const isOf = (state: Payment, { refundKey }: { refundKey: string }): state is Refunding =>
  state.status === 'refunding' && refundKeyOf(state) === refundKey;

/** Somebody else's payment is not there. */
export const isPartyTo = (state: Payment, { id, admin }: Person): boolean =>
  state.status !== 'none' &&
  (admin || (state.intent !== null && (state.intent.payerId === id || state.intent.payeeId === id)));

export function evolve(state: Payment, event: PaymentEvent): Payment {
  switch (event.type) {
    case 'PaymentRequested':
    case 'PaymentAttended':
      return { status: 'pending', order: event.order, intent: event.intent, attempts: 0 };
    case 'PaymentRetried':
      return state.status === 'declined'
        ? { status: 'pending', order: state.order, intent: event.intent, attempts: 0, askedAt: event.at }
        : state;
    case 'PaymentCancelled':
      return cancelledState(state, event);
    case 'PaymentDeferred':
    case 'PaymentPostponed':
      return state.status === 'pending'
        ? { ...state, attempts: state.attempts + 1, ...(event.unsent && { unsent: (state.unsent ?? 0) + 1 }) }
        : state;
    case 'PaymentCompleted':
      return state.status === 'pending'
        ? { status: 'completed', order: state.order, intent: state.intent, completedAt: event.at }
        : state;
    case 'PaymentDeclined':
      return state.status === 'pending'
        ? {
            status: 'declined',
            order: state.order,
            intent: state.intent,
            reason: event.reason,
            reasonText: event.reasonText,
          }
        : state;
    case 'UnknownChargeCalledOff':
      return {
        status: 'cancelled',
        order: state.status === 'cancelled' ? state.order : event.order,
        intent: null,
        charged: event.charged,
        refunded: event.charged,
      };
    case 'OrderNamed':
      return state.status === 'none' ? state : { ...state, order: event.order };
    case 'RefundRaised':
      return raised(state, event.more);
    case 'RefundPostponed':
      return state.status === 'refunding' ? { ...state, tries: state.tries + 1 } : state;
    case 'RefundStuck':
      return state.status === 'refunding' ? { ...state, tries: state.tries + 1, stuck: event.reason } : state;
    case 'RefundSettled':
      return state.status === 'refunding' ? settled(state, event.charged) : state;
    case 'PaymentHastened':
    case 'AnswerRepeated':
      return state;
  }
}

export const payments: Decider<Payment, Input, PaymentEvent, Refusal> = { initial: { status: 'none' }, decide, evolve };
