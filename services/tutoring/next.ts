import type { StoredAggregate } from '#kernel/aggregate.ts';
import { nextOfLatePayment } from '#kernel/declined.ts';
import { freeUntilStart, payUntil, type Next } from '#kernel/next.ts';
import type { Lesson } from './lesson.ts';
import type { PaymentTimeouts } from './process.ts';
import type { Purchase } from './purchase.ts';

/** What a lesson waits for: an administrator decides in time. */
export const nextOfLesson = ({ state }: StoredAggregate<Lesson>): Next | undefined =>
  state.status === 'sale-requested' ? { who: 'NOBODY', what: 'REVIEW' } : undefined;

/** What a purchase waits for, and until when; nothing in a state at rest. */
export function nextOfPurchase(
  { state, updatedAt }: StoredAggregate<Purchase>,
  timeouts: PaymentTimeouts,
): Next | undefined {
  switch (state.status) {
    case 'requested':
      return {
        ...{ who: 'NOBODY', what: 'PAYMENT' },
        deadline: { at: payUntil(updatedAt, state.terms.startTime, timeouts), what: 'PAY_UNTIL' },
      };
    case 'payment-pending':
      return nextOfLatePayment(state.declined, { start: state.terms.startTime, what: 'PAY_UNTIL' }, timeouts);
    case 'paid':
      return {
        who: 'NOBODY',
        what: 'SCHEDULE',
        ...freeUntilStart(state.terms.policy.refundPercent, state.terms.startTime),
      };
    case 'ready':
      return {
        who: 'CUSTOMER',
        what: 'JOIN',
        ...freeUntilStart(state.terms.policy.refundPercent, state.terms.startTime),
      };
    case 'cancelling':
      return { who: 'NOBODY', what: 'GIVE_BACK' };
    case 'none':
    case 'payment-failed':
    case 'completed':
    case 'cancelled':
      return undefined;
  }
}
