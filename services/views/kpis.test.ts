import { expect, test } from '@jest/globals';
import { kpiOf } from './kpis.ts';

test('of four reservations three were confirmed; of two payments decided one succeeded (L12)', () => {
  expect(kpiOf({ kind: 'lodging.reservation', requested: 4, confirmed: 3, paid: 1, decided: 2 })).toEqual({
    kind: 'lodging.reservation',
    requested: 4,
    confirmedShare: 0.75,
    paymentSuccessShare: 0.5,
  });
});

test('with no payment decided the share is nothing, not nonsense (L12)', () => {
  expect(
    kpiOf({ kind: 'lodging.reservation', requested: 1, confirmed: 0, paid: 0, decided: 0 }).paymentSuccessShare,
  ).toBe(0);
});
