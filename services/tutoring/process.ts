import type { Claim, Consequences, Kept } from '#kernel/aggregate.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Lesson, LessonEvent, Offer } from './lesson.ts';
import type { Purchase, PurchaseEvent, Terms } from './purchase.ts';

/** What tutoring tells everybody: each event but the inner ones, with the lesson or purchase as it is after it. */
export type LessonTold = Exclude<LessonEvent['type'], 'LessonChanged' | 'LessonApproved'>;
export type PurchaseTold = Exclude<PurchaseEvent['type'], 'PurchaseLectureCalledOff' | 'PurchasePartReturned'>;

/** What tutoring asks of its capabilities, and tells; each travels with the lesson's or the purchase's id as the order. */
export type LessonMessage =
  | { to: 'everybody'; type: LessonTold }
  | { to: 'approval'; type: 'RequestApproval'; revision: number; sellerId: string; offer: Offer }
  | { to: 'approval'; type: 'WithdrawApproval'; revision: number }
  | { to: 'lecture'; type: 'RegisterLesson'; revision: number; sellerId: string; offer: Offer };

export type PurchaseMessage =
  | { to: 'everybody'; type: PurchaseTold }
  | { to: 'payment'; type: 'RequestPayment'; payerId: string; payeeId: string; amount: Money }
  | { to: 'payment'; type: 'CancelPayment'; keep: Money; askedAt: Instant }
  | { to: 'payout'; type: 'RequestPayout'; payeeId: string; gross: Money }
  | { to: 'payout'; type: 'ReversePayout' }
  | { to: 'lecture'; type: 'ScheduleLecture'; terms: Terms }
  | { to: 'lecture'; type: 'CancelLecture' };

/** The way of a lesson to being on sale, as a table: what happened → what is asked for next. */
export function afterLesson([event]: readonly LessonEvent[], { state }: Kept<Lesson>): Consequences<LessonMessage> {
  if (!event || state.status === 'none') return {};
  const { sellerId, offer, revision } = state;
  switch (event.type) {
    case 'LessonSaleRequested': {
      const request: LessonMessage = { to: 'approval', type: 'RequestApproval', revision, sellerId, offer };
      // Nobody need decide about what is no longer offered.
      const before: LessonMessage[] = revision > 1 ? [{ to: 'approval', type: 'WithdrawApproval', revision: revision - 1 }] : [];
      return { messages: [tell(event.type), request, ...before] };
    }
    case 'LessonApproved':
      return { messages: [{ to: 'lecture', type: 'RegisterLesson', revision, sellerId, offer }] };
    case 'LessonWithdrawn':
      return { messages: [tell(event.type), { to: 'approval', type: 'WithdrawApproval', revision }] };
    case 'LessonOnSale':
    case 'LessonSaleRejected':
      return { messages: [tell(event.type)] };
    case 'LessonChanged':
      return {};
  }
}

/** How long to wait for payment, in milliseconds. */
export interface Patience {
  /** Without an answer for so long, the purchase shows as PAYMENT_PENDING. */
  paymentAnswer: number;
  /** Unpaid for so long while payment answers, it is cancelled. */
  payment: number;
}

/** The saga of a purchase, as a table: what happened → the next step or the compensation that is asked for, and which alarm clocks are set. */
export const afterPurchase =
  (patience: Patience) =>
  ([event]: readonly PurchaseEvent[], { state, updatedAt: now }: Kept<Purchase>): Consequences<PurchaseMessage> => {
    if (!event || state.status === 'none') return {};
    const { terms } = state;
    const { buyerId, sellerId, price, startTime } = terms;
    switch (event.type) {
      case 'PurchaseRequested':
        return {
          messages: [tell(event.type), { to: 'payment', type: 'RequestPayment', payerId: buyerId, payeeId: sellerId, amount: price }],
          claims: [startTimeClaim(terms), ...claimsOf(terms.slots)],
          timers: [
            { name: 'payment-answer', at: now + patience.paymentAnswer },
            { name: 'payment-deadline', at: Math.min(now + patience.payment, startTime) },
          ],
        };
      case 'PurchasePaymentDeferred':
        // The deadline stands still; only the beginning of the lecture ends the waiting.
        return { messages: [tell(event.type)], stopTimers: ['payment-answer'], timers: [{ name: 'payment-deadline', at: startTime }] };
      case 'PurchasePaid':
        return {
          messages: [
            tell(event.type),
            { to: 'payout', type: 'RequestPayout', payeeId: sellerId, gross: price },
            { to: 'lecture', type: 'ScheduleLecture', terms },
          ],
          stopTimers: 'all',
          releases: claimsOf(terms.slots),
        };
      case 'PurchaseCancelling': {
        const { awaiting, keep, askedAt } = event;
        const compensations: PurchaseMessage[] = [
          { to: 'lecture', type: 'CancelLecture' },
          { to: 'payment', type: 'CancelPayment', keep, askedAt },
          { to: 'payout', type: 'ReversePayout' },
        ];
        return { messages: [tell(event.type), ...compensations.filter(({ to }) => awaiting.some((part) => part === to))], stopTimers: 'all', releases: claimsOf(terms.slots) };
      }
      case 'PurchaseLectureCalledOff':
        if (state.status !== 'cancelling') return {};
        return {
          messages: [
            { to: 'payment', type: 'CancelPayment', keep: state.keep, askedAt: state.askedAt },
            { to: 'payout', type: 'ReversePayout' },
          ],
        };
      case 'PurchasePaymentFailed':
      case 'PurchaseCancelled':
        return { messages: [tell(event.type)], stopTimers: 'all', releases: 'all' };
      case 'PurchaseReady':
      case 'PurchaseCompleted':
      case 'PurchaseCancelRefused':
        return { messages: [tell(event.type)] };
      case 'PurchasePartReturned':
        return {};
    }
  };

/** A start time of a lesson belongs to one purchase. */
export const startTimeClaim = ({ lessonId, startTime }: Pick<Terms, 'lessonId' | 'startTime'>): Claim => ({ key: `${lessonId}/${startTime}` });

const tell = <Told extends LessonTold | PurchaseTold>(type: Told): { to: 'everybody'; type: Told } => ({ to: 'everybody', type });
