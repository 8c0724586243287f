import { expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { nextOf } from './next.ts';
import { samplePolicy } from './policy.ts';
import type { Booking, Selection } from './selection.ts';
import { at as now, end, start } from './testing/sample.ts';

const booking: Booking = {
  ...{ customerId: 'mina', cafeId: 'books', seatId: 'seat-14', period: { start, end } },
  ...{ title: 'Books & Window · 14', total: krw(4_000), policy: samplePolicy, slots: [] },
};
const timeouts = { paymentAnswer: 10_000, payment: minutes(10), askAgain: minutes(5) };
const next = (state: Selection, updatedAt = now) =>
  nextOf({ ...{ id: 's1', state, version: 2, createdAt: now, updatedAt } }, timeouts);

test('a seat is held until the deadline that lets it go, at the latest until the start (B10)', () => {
  expect(next({ status: 'held', booking })).toEqual({
    ...{ who: 'NOBODY', what: 'PAYMENT' },
    deadline: { what: 'HELD_UNTIL', at: now + minutes(10) },
  });
  expect(next({ status: 'held', booking }, start - minutes(1))?.deadline?.at).toBe(start);
  expect(next({ status: 'payment-pending', booking })?.deadline).toEqual({ what: 'HELD_UNTIL', at: start });
});

test('a selection whose card was declined waits for its customer, until the time to pay is over (B5)', () => {
  const declined = { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since: now };
  expect(next({ status: 'payment-pending', booking, declined }, now + minutes(3))).toEqual({
    ...{ who: 'CUSTOMER', what: 'PAYMENT' },
    deadline: { what: 'HELD_UNTIL', at: now + minutes(10) },
  });
});

test('a registered seat waits for its customer, who can cancel free of charge until the start where the policy says so (B10)', () => {
  const free = { ...booking, policy: { ...samplePolicy, refundPercent: 100 } };
  const half = { ...booking, policy: { ...samplePolicy, refundPercent: 50 } };
  expect(next({ status: 'registered', booking: free })).toEqual({
    ...{ who: 'CUSTOMER', what: 'ARRIVE' },
    deadline: { what: 'FREE_CANCELLATION_UNTIL', at: start },
  });
  expect(next({ status: 'registered', booking: half })).toEqual({ who: 'CUSTOMER', what: 'ARRIVE' });
});

test('what is over waits for nothing (B10)', () => {
  expect(next({ status: 'completed', booking })).toBeUndefined();
  expect(next({ status: 'refused', booking, reason: 'SEAT_TAKEN', reasonText: '' })).toBeUndefined();
});
