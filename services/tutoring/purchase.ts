import type { AskedAgain } from '#kernel/asking.ts';
import { defaultIfCancelled, type Canceller } from '#kernel/canceller.ts';
import type { CardRefusal } from '#kernel/card.ts';
import { onDecline, type CardDeclined, type Declined } from '#kernel/declined.ts';
import { accept, refuse, type Decider, type Decision, type Refused } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { totalMismatch, type Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import { cancel, cancelling, lectureCalledOff, returned } from './cancellation.ts';
import { endOf } from './hours.ts';
import type { Lesson, Offer } from './lesson.ts';
import { samplePolicy, type CancellationPolicy } from './policy.ts';

/** What a buyer asks for. */
export interface Wish {
  buyerId: string;
  lessonId: string;
  startTime: Instant;
  /** The card to charge; by default the default one. */
  paymentMethodId?: string | undefined;
}

/** The lesson and the terms of the purchase; fixed when it is made, even if the lesson changes. */
export interface Terms extends Wish {
  sellerId: string;
  title: string;
  minutes: number;
  price: Money;
  policy: CancellationPolicy;
  /** Slots of the buyer's limit that it occupies until it is paid or over. */
  slots: readonly string[];
}

/** A purchase (구매) of one start time of a lesson. */
export type Purchase =
  | { status: 'none' }
  | { status: 'requested' | 'paid'; terms: Terms }
  /** `declined`: why it waits for another card; absent where it waits for payment to answer. */
  | { status: 'payment-pending'; terms: Terms; declined?: Declined }
  /** `cancelRefused`: why the last attempt to cancel came to nothing. */
  | { status: 'ready' | 'completed'; terms: Terms; cancelRefused: string }
  /** `awaiting`: the payment, until it is called off; absent where the decline was final, and in rows of earlier versions. */
  | { status: 'payment-failed'; terms: Terms; reason: string; reasonText: string; awaiting?: readonly Part[] }
  | {
      status: 'cancelling';
      terms: Terms;
      cause: Cause;
      reasonText: string;
      keep: Money;
      askedAt: Instant;
      wasPaid?: true;
      awaiting: readonly Part[];
      /** It was completed: the payout is stopped first and alone, since the seller may have it already. */
      wasCompleted?: true;
    }
  | { status: 'cancelled'; terms: Terms; cause: Cause; reasonText: string };

/** LECTURE_NOT_HELD: no report of the lecture until a day after its end. */
export type Cause =
  | 'CANCELLED_BY_BUYER'
  | 'CANCELLED_BY_SELLER'
  | 'CANCELLED_BY_STAFF'
  | 'PAYMENT_TIMEOUT'
  | 'SELLER_ABSENT'
  | 'LECTURE_NOT_HELD';
/** What a cancellation waits for. The lecture is asked first and alone, since it may refuse. */
export type Part = 'lecture' | 'payment' | 'payout';

export type Input =
  // commands of people
  | {
      type: 'RequestPurchase';
      wish: Wish;
      lesson: Lesson;
      isTaken: boolean;
      overlapsOwn: boolean;
      agreed: Money | undefined;
      /** Why no card can be charged; undefined also where payment does not answer in time. */
      noCard?: CardRefusal | undefined;
      limits: readonly Limit[];
      at: Instant;
    }
  | { type: 'CancelPurchase'; by: Canceller; at: Instant }
  // events of payment, payout and lecture
  | { type: 'PaymentCompleted' }
  | { type: 'PaymentDeferred' }
  | ({ type: 'PaymentDeclined' } & CardDeclined)
  | { type: 'PaymentCancelled' }
  | { type: 'PayoutReversed' }
  | { type: 'PayoutCompleted' }
  | { type: 'LectureScheduled' }
  | { type: 'LectureEnded'; attendance: readonly string[]; at: Instant }
  | { type: 'LectureCancelled' }
  | { type: 'LectureCancelRefused'; reason: string }
  // timers
  | { type: 'PaymentAnswerOverdue' }
  | { type: 'PaymentDeadlinePassed'; at: Instant }
  | { type: 'CardDeadlinePassed' }
  | { type: 'AskAgain'; at: Instant };

export type PurchaseEvent =
  | { type: 'PurchaseRequested'; terms: Terms }
  | { type: 'PurchasePaymentDeferred' }
  | { type: 'PurchaseCardDeclined'; declined: Declined }
  | { type: 'PurchasePaid' }
  | { type: 'PurchasePaymentFailed'; reason: string; reasonText: string }
  | { type: 'PurchaseReady' }
  | { type: 'PurchaseCompleted' }
  | ({
      type: 'PurchaseCancelling';
      cause: Cause;
      reasonText: string;
      awaiting: readonly Part[];
      wasCompleted?: true;
    } & RefundTerms)
  | { type: 'PurchaseLectureCalledOff' }
  | { type: 'PurchasePayoutStopped' }
  | { type: 'PurchaseCancelRefused'; reason: string }
  | { type: 'PurchasePartReturned'; part: Part }
  | { type: 'PurchaseCancelled' }
  | AskedAgain;

export type Refusal =
  | 'no-such-lesson'
  | 'not-on-sale'
  | 'own-lesson'
  | 'no-such-start-time'
  | 'in-the-past'
  | 'start-time-taken'
  | 'price-changed'
  | CardRefusal
  | 'too-many-holds'
  | 'overlaps-own'
  | 'already-requested'
  | 'no-such-purchase'
  | 'text-required'
  | 'not-cancellable';

const unpaid = ['requested', 'payment-pending'] as const;

export function decide(state: Purchase, input: Input): Decision<PurchaseEvent, Refusal> {
  switch (input.type) {
    case 'RequestPurchase':
      return request(state, input);
    case 'CancelPurchase':
      return cancel(state, input);

    case 'PaymentCompleted':
      return onlyWhen(state, unpaid, { type: 'PurchasePaid' });
    case 'PaymentDeferred':
    case 'PaymentAnswerOverdue': // a service that is down cannot say that it defers
      return onlyWhen(state, ['requested'], { type: 'PurchasePaymentDeferred' });
    case 'PaymentDeclined':
      if (state.status !== 'requested' && state.status !== 'payment-pending') return accept();
      return onDecline<PurchaseEvent>(declinedOf(state), input, {
        waits: (declined) => ({ type: 'PurchaseCardDeclined', declined }),
        fails: () => paymentFailed(input),
      });
    case 'PaymentCancelled':
      return returned(state, 'payment');
    case 'PayoutReversed':
      return isAskedToStop(state) ? accept({ type: 'PurchasePayoutStopped' }) : returned(state, 'payout');
    case 'PayoutCompleted': // the seller was paid before it could be stopped
      return isAskedToStop(state) ? accept({ type: 'PurchaseCancelRefused', reason: 'PAID_OUT' }) : accept();

    case 'LectureScheduled':
      return onlyWhen(state, ['paid'], { type: 'PurchaseReady' });
    case 'LectureEnded':
      return ended(state, input);
    case 'LectureCancelled':
      return lectureCalledOff(state);
    case 'LectureCancelRefused':
      return isAskedToCancel(state) || endedMeanwhile(state)
        ? accept({ type: 'PurchaseCancelRefused', reason: input.reason })
        : accept();

    case 'PaymentDeadlinePassed':
      return isOverdue(state, input.at)
        ? accept(cancelling(state.terms, 'PAYMENT_TIMEOUT', input.at, ['payment']))
        : accept();
    case 'CardDeadlinePassed': {
      const declined = declinedOf(state);
      return declined ? accept(paymentFailed(declined)) : accept();
    }
    case 'AskAgain': // the lecture first: if it was held after all, it refuses
      return isUntold(state, input.at)
        ? accept(cancelling(state.terms, 'LECTURE_NOT_HELD', input.at, ['lecture']))
        : accept({ type: 'AskedAgain', at: input.at });
  }
}

function request(
  state: Purchase,
  input: Extract<Input, { type: 'RequestPurchase' }>,
): Decision<PurchaseEvent, Refusal> {
  const { wish, lesson, isTaken, overlapsOwn, agreed, noCard, limits, at } = input;
  if (state.status !== 'none') return refuse('already-requested');
  const wanted = termsOf(wish, lesson, at);
  if (!wanted.accepted) return wanted;
  const { terms, isClosed } = wanted;
  if (isClosed) return refuse('not-on-sale');
  if (terms.sellerId === wish.buyerId) return refuse('own-lesson');
  if (isTaken) return refuse('start-time-taken');
  if (overlapsOwn) return refuse('overlaps-own');
  const changed = totalMismatch(agreed, terms.price);
  if (changed) return refuse('price-changed', changed);
  if (noCard) return refuse(noCard);
  const tooMany = exceeded(limits);
  if (tooMany) return refuse('too-many-holds', tooMany);
  return accept({ type: 'PurchaseRequested', terms: { ...terms, slots: slotsOf(limits) } });
}

/** The purchase that the wish comes to now, for an order and for a quote alike; or why it is no possible one. */
export function termsOf(
  wish: Wish,
  lesson: Lesson,
  at: Instant,
): { accepted: true; terms: Terms; offer: Offer; isClosed: boolean } | Refused<Refusal> {
  if (lesson.status === 'none') return refuse('no-such-lesson');
  if (lesson.status !== 'on-sale') return refuse('not-on-sale');
  const { sellerId, offer, isClosed } = lesson;
  if (!offer.startTimes.includes(wish.startTime)) return refuse('no-such-start-time');
  if (wish.startTime <= at) return refuse('in-the-past');
  const { title, price, minutes: length } = offer;
  const terms = { ...wish, sellerId, title, minutes: length, price, policy: samplePolicy, slots: [] };
  return { accepted: true, terms, offer, isClosed };
}

/** Why it waits for another card, if it does. */
const declinedOf = (state: Purchase): Declined | undefined =>
  state.status === 'payment-pending' ? state.declined : undefined;

const paymentFailed = ({ reason, reasonText }: Pick<Declined, 'reason' | 'reasonText'>): PurchaseEvent => ({
  ...{ type: 'PurchasePaymentFailed', reason, reasonText },
});

/** Whatever came before: it was held. Only a seller who never came has sold nothing. */
function ended(
  state: Purchase,
  { attendance, at }: Extract<Input, { type: 'LectureEnded' }>,
): Decision<PurchaseEvent, Refusal> {
  if (state.status === 'none' || (state.status !== 'paid' && state.status !== 'ready' && !isAskedToCancel(state)))
    return accept();
  const { sellerId, buyerId } = state.terms;
  if (isTakenBack(state) && !attendance.includes(buyerId))
    // the buyer was told, and stayed away
    return accept(cancelling(state.terms, state.cause, at, ['payment', 'payout'], state.reasonText));
  if (attendance.includes(sellerId)) return accept({ type: 'PurchaseCompleted' });
  return accept(cancelling(state.terms, 'SELLER_ABSENT', at, ['payment', 'payout']));
}

/** The lecture was asked whether it can be cancelled, and has not answered. */
const isAskedToCancel = (state: Purchase): boolean =>
  state.status === 'cancelling' && state.awaiting.includes('lecture');

/** Payout was asked whether the seller's money can be kept back, and has not answered. */
export const isAskedToStop = (state: Purchase): boolean =>
  state.status === 'cancelling' && state.wasCompleted === true && state.awaiting.includes('payout');

/** Its seller or the customer centre cancels it. */
const isTakenBack = (state: Purchase): state is Extract<Purchase, { status: 'cancelling' }> =>
  state.status === 'cancelling' && (state.cause === 'CANCELLED_BY_SELLER' || state.cause === 'CANCELLED_BY_STAFF');

/** The lecture's end overtook its refusal to be cancelled. */
const endedMeanwhile = (state: Purchase): boolean => state.status === 'completed' && state.cancelRefused === '';

/** The deadline is suspended while payment is down; the start of the lecture ends it in any case. */
const isOverdue = (state: Purchase, at: Instant): state is Exclude<Purchase, { status: 'none' }> =>
  state.status === 'requested' || (state.status === 'payment-pending' && state.terms.startTime <= at);

/** The lecture's time is over; this is how long lecture may take to report it before its cancellation is requested. */
export const toldBy = (terms: Terms): Instant => endOf(terms) + minutes(24 * 60);

/** A lecture that refused its cancellation is still asked for its report. */
const isUntold = (state: Purchase, at: Instant): state is Exclude<Purchase, { status: 'none' }> =>
  (state.status === 'paid' || (state.status === 'ready' && state.cancelRefused !== 'LECTURE_ENDED')) &&
  toldBy(state.terms) <= at;

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. */
function onlyWhen(
  state: Purchase,
  statuses: readonly Purchase['status'][],
  event: PurchaseEvent,
): Decision<PurchaseEvent, Refusal> {
  return statuses.includes(state.status) ? accept(event) : accept();
}

export function evolve(state: Purchase, event: PurchaseEvent): Purchase {
  if (event.type === 'PurchaseRequested') return { status: 'requested', terms: event.terms };
  if (state.status === 'none') return state;
  const { terms } = state;
  switch (event.type) {
    case 'PurchasePaymentDeferred':
      return { status: 'payment-pending', terms };
    case 'PurchaseCardDeclined':
      return { status: 'payment-pending', terms, declined: event.declined };
    case 'PurchasePaid':
      return { status: 'paid', terms };
    case 'PurchasePaymentFailed':
      return {
        ...{ status: 'payment-failed', terms, reason: event.reason, reasonText: event.reasonText },
        ...(declinedOf(state) && { awaiting: ['payment'] }), // another card may just be charged
      };
    case 'PurchaseReady':
      return { status: 'ready', terms, cancelRefused: '' };
    case 'PurchaseCompleted':
      return { status: 'completed', terms, cancelRefused: state.status === 'ready' ? state.cancelRefused : '' };
    case 'PurchaseCancelling': {
      const { type: _, ...cancellation } = event;
      return { status: 'cancelling', terms, ...cancellation };
    }
    case 'PurchaseLectureCalledOff':
      return state.status === 'cancelling' ? { ...state, awaiting: ['payment', 'payout'] } : state;
    case 'PurchasePayoutStopped':
      return state.status === 'cancelling' ? { ...state, awaiting: ['payment'] } : state;
    case 'PurchaseCancelRefused': // a lecture that refuses is scheduled, even if its answer was lost
      return {
        status: state.status === 'completed' || isAskedToStop(state) ? 'completed' : 'ready',
        ...{ terms, cancelRefused: event.reason },
      };
    case 'PurchasePartReturned':
      return 'awaiting' in state
        ? { ...state, awaiting: state.awaiting?.filter((part) => part !== event.part) }
        : state;
    case 'PurchaseCancelled':
      return state.status === 'cancelling'
        ? { status: 'cancelled', terms, cause: state.cause, reasonText: state.reasonText }
        : state;
    case 'AskedAgain':
      return state;
  }
}

export const purchases: Decider<Purchase, Input, PurchaseEvent, Refusal> = {
  initial: { status: 'none' },
  defaults: { terms: { slots: () => [] }, reasonText: defaultIfCancelled('') },
  decide,
  evolve,
};
