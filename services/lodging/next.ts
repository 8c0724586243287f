import type { StoredAggregate } from '#kernel/aggregate.ts';
import { nextOfLatePayment } from '#kernel/declined.ts';
import { payUntil, type Next } from '#kernel/next.ts';
import { freeUntil } from './cancellation.ts';
import type { PaymentTimeouts } from './process.ts';
import type { Reservation } from './reservation.ts';

/** What a reservation waits for, and until when; nothing in a state at rest. */
export function nextOf(
  { state, updatedAt }: StoredAggregate<Reservation>,
  timeouts: PaymentTimeouts,
): Next | undefined {
  switch (state.status) {
    case 'requested':
      return { who: 'PROVIDER', what: 'ANSWER', deadline: { at: state.booking.checkInAt, what: 'ANSWER_UNTIL' } };
    case 'confirmed':
      return {
        ...{ who: 'NOBODY', what: 'PAYMENT' },
        deadline: { at: payUntil(updatedAt, state.booking.checkInAt, timeouts), what: 'PAY_UNTIL' },
      };
    case 'payment-pending':
      return nextOfLatePayment(state.declined, { start: state.booking.checkInAt, what: 'PAY_UNTIL' }, timeouts);
    case 'paid': {
      const at = freeUntil(state.booking);
      return { who: 'CUSTOMER', what: 'ARRIVE', ...(at && { deadline: { at, what: 'FREE_CANCELLATION_UNTIL' } }) };
    }
    case 'cancelling':
      return { who: 'NOBODY', what: 'GIVE_BACK' };
    case 'none':
    case 'rejected':
    case 'payment-failed':
    case 'completed':
    case 'cancelled':
      return undefined;
  }
}
