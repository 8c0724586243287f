import type { Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { askingAgain, type Waiting } from '#kernel/asking.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import { payUntil } from '#kernel/next.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { days } from '#kernel/time.ts';
import { refundTerms } from './cancellation.ts';
import { isOfHost } from './limits.ts';
import type { Booking, Part, Reservation, ReservationEvent } from './reservation.ts';

/** Events that lodging publishes: all but the internal ones, each with the reservation after it. */
export type PublishedEvent = Exclude<ReservationEvent['type'], 'ReservationPartReturned' | 'AskedAgain'>;

/** Messages of lodging: commands to its capabilities, and events. The order of each is the reservation's id. */
export type Message =
  | { to: 'everybody'; type: PublishedEvent }
  | { to: 'property'; type: 'RequestStay'; booking: Booking }
  | { to: 'property'; type: 'ReleaseStay' }
  | {
      to: 'payment';
      type: 'RequestPayment';
      payerId: string;
      payeeId: string;
      amount: Money;
      paymentMethodId?: string | undefined;
    }
  | ({ to: 'payment'; type: 'CancelPayment' } & RefundTerms);

/** Times to wait for payment, in milliseconds. */
export interface PaymentTimeouts {
  /** Time without an answer after which the reservation shows PAYMENT_PENDING. */
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
  (event: ReservationEvent, after: StoredAggregate<Reservation>): Consequences<Message> => {
    if (after.state.status === 'none') return {};
    const { state } = after;
    const { booking } = state;
    const now = after.updatedAt;
    switch (event.type) {
      case 'ReservationRequested':
        return { messages: [publish(event), requestStay(booking)], claims: claimsOf(booking.slots) };
      case 'ReservationConfirmed':
        return {
          messages: [publish(event), requestPayment(booking)],
          releases: claimsOf(booking.slots.filter(isOfHost)), // the host has answered; the slot for unpaid ones stays taken
          timers: [
            { name: 'payment-answer', at: now + timeouts.paymentAnswer },
            { name: 'payment-deadline', at: payUntil(now, booking.checkInAt, timeouts) },
          ],
        };
      case 'ReservationPaymentDeferred':
        // The deadline is suspended; only the start of the stay ends the waiting.
        return {
          messages: [publish(event)],
          stopTimers: ['payment-answer'],
          timers: [{ name: 'payment-deadline', at: booking.checkInAt }],
        };
      case 'ReservationCardDeclined':
        return {
          messages: [publish(event)],
          stopTimers: ['payment-answer', 'payment-deadline'],
          timers: [{ name: 'card-deadline', at: payUntil(event.declined.since, booking.checkInAt, timeouts) }],
        };
      case 'ReservationPaid':
        return {
          messages: [publish(event)],
          stopTimers: 'all',
          releases: 'all',
          timers: [{ name: 'check-out', at: booking.checkOutAt }],
        };
      case 'ReservationPaymentFailed':
      case 'ReservationCancelling':
        return { messages: [publish(event), ...takingBack(after)], stopTimers: 'all', releases: 'all' };
      case 'ReservationPartReturned':
      case 'AskedAgain':
        return {};
      case 'ReservationRejected':
      case 'ReservationCancelled':
      case 'ReservationCompleted':
        return { messages: [publish(event)], stopTimers: 'all', releases: 'all' };
    }
  };

/** The second half of the saga: what each state waits for. A host may take a stay back until its end, so property is asked about it a little longer. */
function waitingIn(after: StoredAggregate<Reservation>): Waiting<Message> | undefined {
  const { state, updatedAt } = after;
  switch (state.status) {
    case 'requested':
      return { asks: [requestStay(state.booking)], pace: 'person', until: state.booking.checkInAt };
    case 'confirmed':
    case 'payment-pending':
      return { asks: [requestPayment(state.booking), requestStay(state.booking)], pace: 'service' };
    case 'paid':
      return { asks: [requestStay(state.booking)], pace: 'seldom' };
    case 'completed':
      return { asks: [requestStay(state.booking)], pace: 'seldom', until: updatedAt + days(7) };
    case 'payment-failed':
      return state.awaiting?.length ? { asks: takingBack(after), pace: 'service' } : undefined;
    case 'cancelling':
      return { asks: takingBack(after), pace: 'service' };
    case 'none':
    case 'rejected':
    case 'cancelled':
      return undefined;
  }
}

/** What is not back yet. */
function takingBack({ state, updatedAt }: StoredAggregate<Reservation>): Message[] {
  if (state.status !== 'payment-failed' && state.status !== 'cancelling') return [];
  const asks: Record<Part, Message> = {
    stay: releaseStay,
    payment: { to: 'payment', type: 'CancelPayment', ...refundTerms(state, updatedAt) },
  };
  return (state.awaiting ?? []).map((part) => asks[part]);
}

const requestStay = (booking: Booking): Message => ({ to: 'property', type: 'RequestStay', booking });

const requestPayment = ({ guestId, hostId, total, paymentMethodId }: Booking): Message => ({
  to: 'payment',
  type: 'RequestPayment',
  payerId: guestId,
  payeeId: hostId,
  amount: total,
  paymentMethodId,
});

const releaseStay: Message = { to: 'property', type: 'ReleaseStay' };

const publish = (event: { type: PublishedEvent }): Message => ({ to: 'everybody', type: event.type });
