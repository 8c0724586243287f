import type { Consequences, Kept } from '#kernel/aggregate.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { isOfHost } from './limits.ts';
import type { Booking, Reservation, ReservationEvent } from './reservation.ts';

/** What lodging tells everybody: each event but the inner one, with the reservation as it is after it. */
export type Told = Exclude<ReservationEvent['type'], 'ReservationPartReturned'>;

/** What lodging asks of its capabilities, and tells; each travels with the reservation's id as the order. */
export type Message =
  | { to: 'everybody'; type: Told }
  | { to: 'property'; type: 'RequestStay'; booking: Booking }
  | { to: 'property'; type: 'ReleaseStay' }
  | { to: 'payment'; type: 'RequestPayment'; payerId: string; payeeId: string; amount: Money }
  | { to: 'payment'; type: 'CancelPayment'; keep: Money; askedAt: Instant };

/** How long to wait for payment, in milliseconds. */
export interface Patience {
  /** Without an answer for so long, the reservation shows as PAYMENT_PENDING. */
  paymentAnswer: number;
  /** Unpaid for so long while payment answers, it is cancelled. */
  payment: number;
}

/** The saga, as a table: what happened → the next step or the compensation that is asked for, and which alarm clocks are set. */
export const consequencesWith =
  (patience: Patience) =>
  (events: readonly ReservationEvent[], after: Kept<Reservation>): Consequences<Message> => {
    const [event] = events;
    if (!event || after.state.status === 'none') return {};
    const { state } = after;
    const { booking } = state;
    const now = after.updatedAt;
    switch (event.type) {
      case 'ReservationRequested':
        return { messages: [tell(event), { to: 'property', type: 'RequestStay', booking }], claims: claimsOf(booking.slots) };
      case 'ReservationConfirmed':
        return {
          messages: [
            tell(event),
            { to: 'payment', type: 'RequestPayment', payerId: booking.guestId, payeeId: booking.hostId, amount: booking.total },
          ],
          releases: claimsOf(booking.slots.filter(isOfHost)), // the host has answered; unpaid it still is
          timers: [
            { name: 'payment-answer', at: now + patience.paymentAnswer },
            { name: 'payment-deadline', at: Math.min(now + patience.payment, booking.checkInAt) },
          ],
        };
      case 'ReservationPaymentDeferred':
        // The deadline stands still; only the beginning of the stay ends the waiting.
        return { messages: [tell(event)], stopTimers: ['payment-answer'], timers: [{ name: 'payment-deadline', at: booking.checkInAt }] };
      case 'ReservationPaid':
        return { messages: [tell(event)], stopTimers: 'all', releases: 'all', timers: [{ name: 'check-out', at: booking.checkOutAt }] };
      case 'ReservationPaymentFailed':
        return { messages: [tell(event), { to: 'property', type: 'ReleaseStay' }], stopTimers: 'all', releases: 'all' };
      case 'ReservationCancelling':
        return {
          messages: [
            tell(event),
            ...(state.status === 'cancelling' && state.awaiting.includes('stay') ? [{ to: 'property', type: 'ReleaseStay' } as const] : []),
            { to: 'payment', type: 'CancelPayment', keep: event.keep, askedAt: event.askedAt },
          ],
          stopTimers: 'all',
          releases: 'all',
        };
      case 'ReservationPartReturned':
        return {};
      case 'ReservationRejected':
      case 'ReservationCancelled':
      case 'ReservationCompleted':
        return { messages: [tell(event)], stopTimers: 'all', releases: 'all' };
    }
  };

const tell = (event: { type: Told }): Message => ({ to: 'everybody', type: event.type });
