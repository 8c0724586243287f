import type { Instant } from './time.ts';

/** What an order waits for, in words that all businesses share; people who look at the order see it. */
export interface Next {
  /** Whose turn it is. NOBODY: neither of the two; a service answers, or an administrator decides. */
  who: 'CUSTOMER' | 'PROVIDER' | 'NOBODY';
  what: Step;
  /** Absent where nothing but the step itself ends the state. */
  deadline?: Deadline;
}

export type Step =
  // payment, and what comes back after a cancellation
  | 'PAYMENT'
  | 'GIVE_BACK'
  // a host answers, a guest or customer arrives
  | 'ANSWER'
  | 'ARRIVE'
  // seats
  | 'HOLD'
  | 'REGISTER'
  // lessons
  | 'REVIEW'
  | 'SCHEDULE'
  | 'JOIN'
  // goods
  | 'ASSIGN'
  | 'ACCEPT'
  | 'STOCK'
  | 'SHIP'
  | 'DELIVER'
  | 'PICK_UP'
  | 'ACTIVATE';

/** When an order that began to wait for payment at `at` is cancelled unless it is paid; at the latest at its start. `payment`: in milliseconds. */
export const payUntil = (at: Instant, start: Instant, { payment }: { payment: number }): Instant =>
  Math.min(at + payment, start);

/** Until its start, where the policy refunds everything until then. */
export const freeUntilStart = (refundPercent: number, start: Instant): Pick<Next, 'deadline'> =>
  refundPercent === 100 ? { deadline: { at: start, what: 'FREE_CANCELLATION_UNTIL' } } : {};

export interface Deadline {
  at: Instant;
  what: 'HELD_UNTIL' | 'ANSWER_UNTIL' | 'PAY_UNTIL' | 'DELIVERED_UNTIL' | 'FREE_CANCELLATION_UNTIL';
}
