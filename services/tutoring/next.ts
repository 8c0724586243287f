import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Next } from '#kernel/next.ts';
import type { Lesson } from './lesson.ts';
import { payUntil, type PaymentTimeouts } from './process.ts';
import type { Purchase, Terms } from './purchase.ts';

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
        deadline: { at: payUntil(state.terms, updatedAt, timeouts), what: 'PAY_UNTIL' },
      };
    case 'payment-pending':
      return { who: 'NOBODY', what: 'PAYMENT', deadline: { at: state.terms.startTime, what: 'PAY_UNTIL' } };
    case 'paid':
      return { who: 'NOBODY', what: 'SCHEDULE', ...freeUntilStart(state.terms) };
    case 'ready':
      return { who: 'CUSTOMER', what: 'JOIN', ...freeUntilStart(state.terms) };
    case 'cancelling':
      return { who: 'NOBODY', what: 'GIVE_BACK' };
    case 'none':
    case 'payment-failed':
    case 'completed':
    case 'cancelled':
      return undefined;
  }
}

const freeUntilStart = ({ policy, startTime }: Terms): Pick<Next, 'deadline'> =>
  policy.refundPercent === 100 ? { deadline: { at: startTime, what: 'FREE_CANCELLATION_UNTIL' } } : {};
