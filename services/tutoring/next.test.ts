import { expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { nextOfLesson, nextOfPurchase } from './next.ts';
import { samplePolicy } from './policy.ts';
import type { Purchase, Terms } from './purchase.ts';

const now = Date.UTC(2026, 10, 21);
const startTime = now + minutes(30);
const terms: Terms = {
  ...{ buyerId: 'buyer', lessonId: 'maths', startTime, sellerId: 'seller', title: 'Maths', minutes: 50 },
  ...{ price: krw(50_000), policy: samplePolicy, slots: [] },
};
const timeouts = { paymentAnswer: 10_000, payment: minutes(10), askAgain: minutes(5) };
const kept = <State>(state: State, updatedAt = now) => ({ id: 'p', state, version: 2, createdAt: now, updatedAt });
const next = (state: Purchase, updatedAt = now) => nextOfPurchase(kept(state, updatedAt), timeouts);

test('a purchase is paid by the deadline that cancels it, at the latest by the start (B10)', () => {
  expect(next({ status: 'requested', terms })).toEqual({
    ...{ who: 'NOBODY', what: 'PAYMENT' },
    deadline: { what: 'PAY_UNTIL', at: now + minutes(10) },
  });
  expect(next({ status: 'requested', terms }, startTime - minutes(1))?.deadline?.at).toBe(startTime);
  expect(next({ status: 'payment-pending', terms })?.deadline).toEqual({ what: 'PAY_UNTIL', at: startTime });
});

test('a purchase whose card was declined waits for its buyer, until the time to pay is over (B5)', () => {
  const declined = { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since: now };
  expect(next({ status: 'payment-pending', terms, declined }, now + minutes(3))).toEqual({
    ...{ who: 'CUSTOMER', what: 'PAYMENT' },
    deadline: { what: 'PAY_UNTIL', at: now + minutes(10) },
  });
});

test('a lecture that is ready waits for its buyer, who can cancel free of charge until the start where the policy says so (B10)', () => {
  const half = { ...terms, policy: { ...samplePolicy, refundPercent: 50 } };
  expect(next({ status: 'ready', terms, cancelRefused: '' })).toEqual({
    ...{ who: 'CUSTOMER', what: 'JOIN' },
    deadline: { what: 'FREE_CANCELLATION_UNTIL', at: startTime },
  });
  expect(next({ status: 'ready', terms: half, cancelRefused: '' })).toEqual({ who: 'CUSTOMER', what: 'JOIN' });
  expect(next({ status: 'completed', terms, cancelRefused: '' })).toBeUndefined();
});

test('a lesson that is to be sold waits for its review (B10)', () => {
  const offer = {
    title: 'Maths',
    description: '',
    subject: '',
    level: '',
    photos: [],
    price: krw(50_000),
    minutes: 50,
  };
  const lesson = {
    sellerId: 'seller',
    offer: { ...offer, startTimes: [startTime] },
    revision: 1,
    isClosed: false,
    slots: [],
  };
  expect(nextOfLesson(kept({ status: 'sale-requested', ...lesson, approved: false }))).toEqual({
    ...{ who: 'NOBODY', what: 'REVIEW' },
  });
  expect(nextOfLesson(kept({ status: 'withdrawn', ...lesson }))).toBeUndefined();
});
