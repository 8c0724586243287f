import type { Consequences, Kept } from '#kernel/aggregate.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Booking, Selection, SelectionEvent } from './selection.ts';

/** What seating tells everybody: each event but the inner one, with the selection as it is after it. */
export type Told = Exclude<SelectionEvent['type'], 'SelectionPartReturned'>;

/** What seating asks of its capabilities, and tells; each travels with the selection's id as the order. */
export type Message =
  | { to: 'everybody'; type: Told }
  | { to: 'studycafe'; type: 'HoldSeat'; booking: Booking }
  | { to: 'studycafe'; type: 'RegisterSeat' | 'ReleaseSeat' }
  | { to: 'payment'; type: 'RequestPayment'; payerId: string; amount: Money }
  | { to: 'payment'; type: 'CancelPayment'; keep: Money; askedAt: Instant };

/** How long to wait for payment, in milliseconds. */
export interface Patience {
  /** Without an answer for so long, the selection shows as PAYMENT_PENDING. */
  paymentAnswer: number;
  /** Unpaid for so long while payment answers, it is cancelled. */
  payment: number;
}

/** The saga, as a table: what happened → the next step or the compensation that is asked for, and which alarm clocks are set. */
export const consequencesWith =
  (patience: Patience) =>
  (events: readonly SelectionEvent[], after: Kept<Selection>): Consequences<Message> => {
    const [event] = events;
    if (!event || after.state.status === 'none') return {};
    const { booking } = after.state;
    const now = after.updatedAt;
    switch (event.type) {
      case 'SelectionMade':
        return { messages: [tell(event), { to: 'studycafe', type: 'HoldSeat', booking }], claims: claimsOf(booking.slots) };
      case 'SelectionHeld':
        return {
          messages: [tell(event), { to: 'payment', type: 'RequestPayment', payerId: booking.customerId, amount: booking.total }],
          timers: [
            { name: 'payment-answer', at: now + patience.paymentAnswer },
            { name: 'payment-deadline', at: Math.min(now + patience.payment, booking.period.start) },
          ],
        };
      case 'SelectionPaymentDeferred':
        // The deadline stands still; only the beginning of the time ends the waiting.
        return { messages: [tell(event)], stopTimers: ['payment-answer'], timers: [{ name: 'payment-deadline', at: booking.period.start }] };
      case 'SelectionPaid':
        return { messages: [tell(event), { to: 'studycafe', type: 'RegisterSeat' }], stopTimers: 'all', releases: 'all' };
      case 'SelectionRegistered':
        return { messages: [tell(event)], timers: [{ name: 'time-over', at: booking.period.end }] };
      case 'SelectionPaymentFailed':
        return { messages: [tell(event), { to: 'studycafe', type: 'ReleaseSeat' }], stopTimers: 'all', releases: 'all' };
      case 'SelectionCancelling':
        return {
          messages: [
            tell(event),
            { to: 'studycafe', type: 'ReleaseSeat' },
            { to: 'payment', type: 'CancelPayment', keep: event.keep, askedAt: event.askedAt },
          ],
          stopTimers: 'all',
          releases: 'all',
        };
      case 'SelectionPartReturned':
        return {};
      case 'SelectionRefused':
        return { messages: [tell(event)], releases: 'all' };
      case 'SelectionCancelled':
      case 'SelectionCompleted':
        return { messages: [tell(event)] };
    }
  };

const tell = (event: { type: Told }): Message => ({ to: 'everybody', type: event.type });
