import type { StoredAggregate } from '#kernel/aggregate.ts';
import { nextOfLatePayment } from '#kernel/declined.ts';
import { freeUntilStart, payUntil, type Next } from '#kernel/next.ts';
import type { PaymentTimeouts } from './process.ts';
import type { Selection } from './selection.ts';

/** What a selection waits for, and until when; nothing in a state at rest. */
export function nextOf({ state, updatedAt }: StoredAggregate<Selection>, timeouts: PaymentTimeouts): Next | undefined {
  switch (state.status) {
    case 'selected':
      return { who: 'NOBODY', what: 'HOLD', deadline: { at: state.booking.period.start, what: 'ANSWER_UNTIL' } };
    case 'held':
      return {
        ...{ who: 'NOBODY', what: 'PAYMENT' },
        deadline: { at: payUntil(updatedAt, state.booking.period.start, timeouts), what: 'HELD_UNTIL' },
      };
    case 'payment-pending':
      return nextOfLatePayment(state.declined, { start: state.booking.period.start, what: 'HELD_UNTIL' }, timeouts);
    case 'paid':
      return {
        who: 'NOBODY',
        what: 'REGISTER',
        ...freeUntilStart(state.booking.policy.refundPercent, state.booking.period.start),
      };
    case 'registered':
      return {
        who: 'CUSTOMER',
        what: 'ARRIVE',
        ...freeUntilStart(state.booking.policy.refundPercent, state.booking.period.start),
      };
    case 'cancelling':
      return { who: 'NOBODY', what: 'GIVE_BACK' };
    case 'none':
    case 'refused':
    case 'payment-failed':
    case 'completed':
    case 'cancelled':
      return undefined;
  }
}
