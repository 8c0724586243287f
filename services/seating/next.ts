import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Next } from '#kernel/next.ts';
import { payUntil, type PaymentTimeouts } from './process.ts';
import type { Selection } from './selection.ts';

/** What a selection waits for, and until when; nothing in a state at rest. */
export function nextOf({ state, updatedAt }: StoredAggregate<Selection>, timeouts: PaymentTimeouts): Next | undefined {
  switch (state.status) {
    case 'selected':
      return { who: 'NOBODY', what: 'HOLD', deadline: { at: state.booking.period.start, what: 'ANSWER_UNTIL' } };
    case 'held':
      return {
        ...{ who: 'NOBODY', what: 'PAYMENT' },
        deadline: { at: payUntil(state.booking, updatedAt, timeouts), what: 'HELD_UNTIL' },
      };
    case 'payment-pending':
      return { who: 'NOBODY', what: 'PAYMENT', deadline: { at: state.booking.period.start, what: 'HELD_UNTIL' } };
    case 'paid':
      return { who: 'NOBODY', what: 'REGISTER', ...freeUntilStart(state) };
    case 'registered':
      return { who: 'CUSTOMER', what: 'ARRIVE', ...freeUntilStart(state) };
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

const freeUntilStart = ({
  booking: { policy, period },
}: Exclude<Selection, { status: 'none' }>): Pick<Next, 'deadline'> =>
  policy.refundPercent === 100 ? { deadline: { at: period.start, what: 'FREE_CANCELLATION_UNTIL' } } : {};
