import { expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';
import type { Contract } from './contract.ts';
import { nextOf } from './next.ts';
import { samplePolicy } from './policy.ts';
import type { Rental } from './rental.ts';

const made = Date.UTC(2026, 10, 21);
const contract: Contract = {
  ...{ customerId: 'customer', productId: 'mini', months: 24, address: '1 World Cup-ro, Seoul', title: 'Mini' },
  ...{ monthlyFee: krw(19_900), deposit: krw(50_000), policy: samplePolicy, slots: [] },
};
const next = (state: Rental) => nextOf({ id: 'r', state, version: 2, createdAt: made, updatedAt: made + days(3) });

test('a rental is delivered within the time after which it is refunded, counted from the order (B10)', () =>
  expect(next({ status: 'backordered', contract, cancelRefused: '' })).toEqual({
    ...{ who: 'PROVIDER', what: 'STOCK' },
    deadline: { what: 'DELIVERED_UNTIL', at: made + days(90) },
  }));

test('after a refused cancellation it is on its way, and nothing ends it (B10)', () =>
  expect(next({ status: 'delivering', contract, cancelRefused: 'DELIVERED' })).toEqual({
    ...{ who: 'PROVIDER', what: 'DELIVER' },
  }));

test('what is not paid or is over waits for nothing (B10)', () => {
  expect(next({ status: 'paying', contract })).toBeUndefined();
  expect(next({ status: 'installed', contract, cancelRefused: '' })).toBeUndefined();
});
