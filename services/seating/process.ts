import type { Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { askingAgain, type Waiting } from '#kernel/asking.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import { payUntil } from '#kernel/next.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { refundTerms } from './cancellation.ts';
import type { Booking, Part, Selection, SelectionEvent } from './selection.ts';

/** Events that seating publishes: all but the internal ones, each with the selection after it. */
export type PublishedEvent = Exclude<SelectionEvent['type'], 'SelectionPartReturned' | 'AskedAgain'>;

/** Messages of seating: commands to its capabilities, and events. The order of each is the selection's id. */
export type Message =
  | { to: 'everybody'; type: PublishedEvent }
  | { to: 'studycafe'; type: 'HoldSeat'; booking: Booking }
  | { to: 'studycafe'; type: 'RegisterSeat' | 'ReleaseSeat' }
  | { to: 'payment'; type: 'RequestPayment'; payerId: string; amount: Money; paymentMethodId?: string | undefined }
  | ({ to: 'payment'; type: 'CancelPayment' } & RefundTerms);

/** Times to wait for payment, in milliseconds. */
export interface PaymentTimeouts {
  /** Time without an answer after which the selection shows PAYMENT_PENDING. */
  paymentAnswer: number;
  /** Time after which an unpaid order is cancelled; counts only while payment answers. */
  payment: number;
  /** Longest pause before unanswered commands are repeated (`askingAgain`). */
  askAgain: number;
}

/** The saga as a table: for each event the next commands or compensations, and the timers to set. */
export const consequencesWith = (timeouts: PaymentTimeouts) =>
  askingAgain(timeouts.askAgain, waitingIn, tableWith(timeouts));

const tableWith =
  (timeouts: PaymentTimeouts) =>
  (event: SelectionEvent, after: StoredAggregate<Selection>): Consequences<Message> => {
    if (after.state.status === 'none') return {};
    const { booking } = after.state;
    const now = after.updatedAt;
    switch (event.type) {
      case 'SelectionMade':
        return { messages: [publish(event), holdSeat(booking)], claims: claimsOf(booking.slots) };
      case 'SelectionHeld':
        return {
          messages: [publish(event), requestPayment(booking)],
          timers: [
            { name: 'payment-answer', at: now + timeouts.paymentAnswer },
            { name: 'payment-deadline', at: payUntil(now, booking.period.start, timeouts) },
          ],
        };
      case 'SelectionPaymentDeferred':
        // The deadline is suspended; only the start of the period ends the waiting.
        return {
          messages: [publish(event)],
          stopTimers: ['payment-answer'],
          timers: [{ name: 'payment-deadline', at: booking.period.start }],
        };
      case 'SelectionCardDeclined':
        return {
          messages: [publish(event)],
          stopTimers: ['payment-answer', 'payment-deadline'],
          timers: [{ name: 'card-deadline', at: payUntil(event.declined.since, booking.period.start, timeouts) }],
        };
      case 'SelectionPaid':
        return { messages: [publish(event), registerSeat], stopTimers: 'all', releases: 'all' };
      case 'SelectionRegistered':
        return { messages: [publish(event)], timers: [{ name: 'time-over', at: booking.period.end }] };
      case 'SelectionPaymentFailed':
      case 'SelectionCancelling':
        return { messages: [publish(event), ...takingBack(after)], stopTimers: 'all', releases: 'all' };
      case 'SelectionPartReturned':
      case 'AskedAgain':
        return {};
      case 'SelectionRefused':
        return { messages: [publish(event)], releases: 'all' };
      case 'SelectionCancelled':
      case 'SelectionCompleted':
        return { messages: [publish(event)] };
    }
  };

/** The second half of the saga: what each state waits for. */
function waitingIn(after: StoredAggregate<Selection>): Waiting<Message> | undefined {
  const { state } = after;
  switch (state.status) {
    case 'selected':
      return { asks: [holdSeat(state.booking)], pace: 'service', until: state.booking.period.start };
    case 'held':
    case 'payment-pending':
      return { asks: [requestPayment(state.booking)], pace: 'service' };
    case 'paid':
      return { asks: [registerSeat], pace: 'service', until: state.booking.period.end };
    case 'payment-failed':
      return state.awaiting?.length ? { asks: takingBack(after), pace: 'service' } : undefined;
    case 'cancelling':
      return { asks: takingBack(after), pace: 'service' };
    case 'none':
    case 'registered': // its end comes by its own timer
    case 'completed':
    case 'refused':
    case 'cancelled':
      return undefined;
  }
}

/** What is not back yet. */
function takingBack({ state, updatedAt }: StoredAggregate<Selection>): Message[] {
  if (state.status !== 'payment-failed' && state.status !== 'cancelling') return [];
  const asks: Record<Part, Message> = {
    seat: releaseSeat,
    payment: { to: 'payment', type: 'CancelPayment', ...refundTerms(state, updatedAt) },
  };
  return (state.awaiting ?? []).map((part) => asks[part]);
}

const holdSeat = (booking: Booking): Message => ({ to: 'studycafe', type: 'HoldSeat', booking });

const registerSeat: Message = { to: 'studycafe', type: 'RegisterSeat' };

const releaseSeat: Message = { to: 'studycafe', type: 'ReleaseSeat' };

const requestPayment = ({ customerId, total, paymentMethodId }: Booking): Message => ({
  to: 'payment',
  type: 'RequestPayment',
  payerId: customerId,
  amount: total,
  paymentMethodId,
});

const publish = (event: { type: PublishedEvent }): Message => ({ to: 'everybody', type: event.type });
