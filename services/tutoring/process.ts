import type { Claim, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { askingAgain, type Waiting } from '#kernel/asking.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import { payUntil } from '#kernel/next.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { days, type Instant } from '#kernel/time.ts';
import { endOf, hoursClaims } from './hours.ts';
import type { Lesson, LessonEvent, Offer } from './lesson.ts';
import { toldBy, type Part, type Purchase, type PurchaseEvent, type Terms } from './purchase.ts';

/** Events that tutoring publishes: all but the internal ones, each with the lesson or purchase after it. */
export type PublishedLessonEvent = Exclude<
  LessonEvent['type'],
  'LessonChanged' | 'LessonClosed' | 'LessonReopened' | 'LessonApproved' | 'AskedAgain'
>;
export type PublishedPurchaseEvent = Exclude<
  PurchaseEvent['type'],
  'PurchaseLectureCalledOff' | 'PurchasePayoutStopped' | 'PurchasePartReturned' | 'AskedAgain'
>;

/** Messages of tutoring: commands to its capabilities, and events. The order of each is the lesson's or the purchase's id. */
export type LessonMessage =
  | { to: 'everybody'; type: PublishedLessonEvent }
  | { to: 'approval'; type: 'RequestApproval'; revision: number; sellerId: string; offer: Offer }
  | { to: 'approval'; type: 'WithdrawApproval'; revision: number }
  | { to: 'lecture'; type: 'RegisterLesson'; revision: number; sellerId: string; offer: Offer };

export type PurchaseMessage =
  | { to: 'everybody'; type: PublishedPurchaseEvent }
  | {
      to: 'payment';
      type: 'RequestPayment';
      payerId: string;
      payeeId: string;
      amount: Money;
      paymentMethodId?: string | undefined;
    }
  | ({ to: 'payment'; type: 'CancelPayment' } & RefundTerms)
  | { to: 'payout'; type: 'RequestPayout'; payeeId: string; gross: Money; expectedAt: Instant }
  | { to: 'payout'; type: 'ReleasePayout' }
  | { to: 'payout'; type: 'ReversePayout'; unlessSent: boolean }
  | { to: 'lecture'; type: 'ScheduleLecture'; terms: Terms }
  | { to: 'lecture'; type: 'CancelLecture' };

/** How a lesson comes on sale, as a table: for each event the next commands. */
export const afterLesson = (askAgain: number) => askingAgain(askAgain, waitingInLesson, lessonTable);

function lessonTable(event: LessonEvent, { state }: StoredAggregate<Lesson>): Consequences<LessonMessage> {
  if (state.status === 'none') return {};
  const { sellerId, offer, revision } = state;
  switch (event.type) {
    case 'LessonSaleRequested': {
      const request: LessonMessage = { to: 'approval', type: 'RequestApproval', revision, sellerId, offer };
      // Nobody need decide about what is no longer offered.
      const before: LessonMessage[] =
        revision > 1 ? [{ to: 'approval', type: 'WithdrawApproval', revision: revision - 1 }] : [];
      return { messages: [tell(event.type), request, ...before], claims: claimsOf(event.slots) };
    }
    case 'LessonApproved':
      return { messages: [{ to: 'lecture', type: 'RegisterLesson', revision, sellerId, offer }], releases: 'all' };
    case 'LessonWithdrawn':
      return { messages: [tell(event.type), { to: 'approval', type: 'WithdrawApproval', revision }], releases: 'all' };
    case 'LessonSaleRejected':
      return { messages: [tell(event.type)], releases: 'all' };
    case 'LessonOnSale':
      return { messages: [tell(event.type)] };
    case 'LessonChanged':
    case 'LessonClosed':
    case 'LessonReopened':
    case 'AskedAgain':
      return {};
  }
}

/** What each state of a lesson waits for. An administrator decides in time; until then, and until it is registered, its seller can withdraw it. */
function waitingInLesson({ state }: StoredAggregate<Lesson>): Waiting<LessonMessage> | undefined {
  if (state.status !== 'sale-requested') return undefined;
  const { sellerId, offer, revision } = state;
  return state.approved
    ? { asks: [{ to: 'lecture', type: 'RegisterLesson', revision, sellerId, offer }], pace: 'service' }
    : { asks: [{ to: 'approval', type: 'RequestApproval', revision, sellerId, offer }], pace: 'person' };
}

/** Times to wait for payment, in milliseconds. */
export interface PaymentTimeouts {
  /** Time without an answer after which the purchase shows PAYMENT_PENDING. */
  paymentAnswer: number;
  /** Time after which an unpaid order is cancelled; counts only while payment answers. */
  payment: number;
  /** Longest pause before unanswered commands are repeated (`askingAgain`). */
  askAgain: number;
}

/** The saga of a purchase as a table: for each event the next commands or compensations, and the timers to set. */
export const afterPurchase = (timeouts: PaymentTimeouts) =>
  askingAgain(timeouts.askAgain, waitingInPurchase, purchaseTable(timeouts));

const purchaseTable =
  (timeouts: PaymentTimeouts) =>
  (event: PurchaseEvent, { state, updatedAt: now }: StoredAggregate<Purchase>): Consequences<PurchaseMessage> => {
    if (state.status === 'none') return {};
    const { terms } = state;
    const { sellerId, price, startTime } = terms;
    switch (event.type) {
      case 'PurchaseRequested':
        return {
          messages: [tell(event.type), requestPayment(terms)],
          claims: [startTimeClaim(terms), ...hoursClaims(terms), ...claimsOf(terms.slots)],
          timers: [
            { name: 'payment-answer', at: now + timeouts.paymentAnswer },
            { name: 'payment-deadline', at: payUntil(now, startTime, timeouts) },
          ],
        };
      case 'PurchasePaymentDeferred':
        // The deadline is suspended; only the start of the lecture ends the waiting.
        return {
          messages: [tell(event.type)],
          stopTimers: ['payment-answer'],
          timers: [{ name: 'payment-deadline', at: startTime }],
        };
      case 'PurchaseCardDeclined':
        return {
          messages: [tell(event.type)],
          stopTimers: ['payment-answer', 'payment-deadline'],
          timers: [{ name: 'card-deadline', at: payUntil(event.declined.since, startTime, timeouts) }],
        };
      case 'PurchasePaid':
        return {
          messages: [
            tell(event.type),
            { to: 'payout', type: 'RequestPayout', payeeId: sellerId, gross: price, expectedAt: endOf(terms) },
            { to: 'lecture', type: 'ScheduleLecture', terms },
          ],
          stopTimers: 'all',
          releases: claimsOf(terms.slots),
        };
      case 'PurchaseCancelling': {
        const { awaiting, wasCompleted = false } = event;
        const compensations: PurchaseMessage[] = [
          { to: 'lecture', type: 'CancelLecture' },
          cancelPayment(event),
          { to: 'payout', type: 'ReversePayout', unlessSent: wasCompleted },
        ];
        return {
          messages: [tell(event.type), ...compensations.filter(({ to }) => awaiting.some((part) => part === to))],
          stopTimers: 'all',
          releases: claimsOf(terms.slots),
        };
      }
      case 'PurchaseLectureCalledOff':
        return state.status === 'cancelling'
          ? { messages: [cancelPayment(state), { to: 'payout', type: 'ReversePayout', unlessSent: false }] }
          : {};
      case 'PurchasePayoutStopped':
        return state.status === 'cancelling' ? { messages: [cancelPayment(state)] } : {};
      case 'PurchasePaymentFailed':
        return {
          messages: [
            tell(event.type),
            ...(state.status === 'payment-failed' && state.awaiting?.length ? [callOffPayment(terms, now)] : []),
          ],
          ...{ stopTimers: 'all', releases: 'all' },
        };
      case 'PurchaseCancelled':
        return { messages: [tell(event.type)], stopTimers: 'all', releases: 'all' };
      case 'PurchaseCompleted': // whoever can still cancel it stops the payout first
        return {
          messages: [tell(event.type), { to: 'payout', type: 'ReleasePayout' }],
          // Where it ended early, its time stays sold: nobody buys the same hour again.
          ...(now >= endOf(terms) && { releases: hoursClaims(terms) }),
        };
      case 'PurchaseReady':
      case 'PurchaseCancelRefused':
        return { messages: [tell(event.type)] };
      case 'PurchasePartReturned':
      case 'AskedAgain':
        return {};
    }
  };

/** What each state of a purchase waits for. */
function waitingInPurchase({ state, updatedAt }: StoredAggregate<Purchase>): Waiting<PurchaseMessage> | undefined {
  if (state.status === 'none') return undefined;
  const { terms } = state;
  const { sellerId, price } = terms;
  const scheduleLecture: PurchaseMessage = { to: 'lecture', type: 'ScheduleLecture', terms }; // also answered with how it went
  const requestPayout: PurchaseMessage = {
    to: 'payout',
    type: 'RequestPayout',
    payeeId: sellerId,
    gross: price,
    expectedAt: endOf(terms),
  };
  switch (state.status) {
    case 'requested':
    case 'payment-pending':
      return {
        asks: [requestPayment(terms)],
        pace: 'service',
      };
    case 'paid':
      return { asks: [requestPayout, scheduleLecture], pace: 'service', until: toldBy(terms) };
    case 'ready': {
      const until = state.cancelRefused === 'LECTURE_ENDED' ? {} : { until: toldBy(terms) };
      return { asks: [requestPayout, scheduleLecture], pace: 'service', from: endOf(terms), ...until };
    }
    case 'cancelling': {
      const asks: Record<Part, PurchaseMessage> = {
        lecture: { to: 'lecture', type: 'CancelLecture' },
        payment: cancelPayment(state),
        payout: { to: 'payout', type: 'ReversePayout', unlessSent: state.wasCompleted === true },
      };
      return { asks: state.awaiting.map((part) => asks[part]), pace: 'service' };
    }
    case 'completed': // the seller is to have the money, also where the lecture began at once
      return {
        asks: [requestPayout, { to: 'payout', type: 'ReleasePayout' }],
        pace: 'seldom',
        until: updatedAt + days(7),
      };
    case 'payment-failed':
      return state.awaiting?.length ? { asks: [callOffPayment(terms, updatedAt)], pace: 'service' } : undefined;
    case 'cancelled':
      return undefined;
  }
}

/** Nothing is kept of a card that is charged too late. */
const callOffPayment = ({ price }: Terms, askedAt: Instant): PurchaseMessage => ({
  ...{ to: 'payment', type: 'CancelPayment', keep: { ...price, amount: 0 }, askedAt },
});

/** A start time of a lesson belongs to one purchase. */
export const startTimeClaim = ({ lessonId, startTime }: Pick<Terms, 'lessonId' | 'startTime'>): Claim => ({
  key: `${lessonId}/${startTime}`,
});

const requestPayment = ({ buyerId, sellerId, price, paymentMethodId }: Terms): PurchaseMessage => ({
  to: 'payment',
  type: 'RequestPayment',
  payerId: buyerId,
  payeeId: sellerId,
  amount: price,
  paymentMethodId,
});

const cancelPayment = ({ keep, askedAt, wasPaid }: RefundTerms): PurchaseMessage => ({
  to: 'payment',
  type: 'CancelPayment',
  ...{ keep, askedAt, ...(wasPaid && { wasPaid }) },
});

const tell = <Told extends PublishedLessonEvent | PublishedPurchaseEvent>(
  type: Told,
): { to: 'everybody'; type: Told } => ({ to: 'everybody', type });
