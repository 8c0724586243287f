import { beforeEach, describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Payments, Rentals } from './ports.ts';
import type { Product } from './product.ts';
import { rentals as core, type Rental, type RentalEvent } from './rental.ts';
import { readRental, rent, undoIntent, type Ports } from './usecases.ts';

const product: Product = {
  id: 'mini',
  name: 'Mini',
  isDispenser: true,
  monthlyFee: krw(19_900),
  deposit: krw(50_000),
  isClosed: false,
  version: 1,
};
const wish = { customerId: 'customer', productId: 'mini', months: 24, address: '1 World Cup-ro' };
const me = { id: 'customer', seesAll: false };

/** Rentals in memory, and what happened to them. */
let happened: string[];
let kept: StoredAggregate<Rental> | undefined;
const update: Rentals['update'] = async (id, decide, facts) => {
  const before = kept ?? { id, state: core.initial, version: 0, createdAt: 0, updatedAt: 0 };
  const decision = decide(before.state, (await facts?.()) as never);
  if (!decision.accepted) return decision;
  happened.push(...decision.events.map(({ type }: RentalEvent) => type));
  return { accepted: true, after: (kept = { ...before, state: decision.events.reduce(core.evolve, before.state) }) };
};
const mark = [{ most: 1, of: 'call', want: 1, free: ['command/key'] }];
const portsWith = (pay: Payments['pay'], limits: Rentals['limits'] = async () => []): Ports => ({
  rentals: {
    update,
    updateWithoutProof: update,
    get: async () => kept,
    list: async () => [],
    earlierAttempt: async () => ({ mark, ...(kept && { rental: kept }) }),
    limits,
  },
  products: {
    find: async (id) => (id === 'mini' ? product : undefined),
    newest: async () => [],
    isEmpty: async () => false,
  },
  payments: { pay },
  now: () => 7,
});
beforeEach(() => {
  happened = [];
  kept = undefined;
});

describe('renting', () => {
  test('intends before it asks, and accepts what is paid (R2)', async () => {
    const ports = portsWith(async (_, __, intend) => {
      await intend();
      happened.push('asked');
      return 'paid';
    });
    expect(await rent(ports, 'r', { wish, agreed: undefined })).toMatchObject({
      accepted: true,
      after: { state: { status: 'received' } },
    });
    expect(happened).toEqual(['PaymentBegun', 'asked', 'RentalReceived']);
    expect(await readRental(ports, 'r', me)).toBeDefined();
  });
  test.each([
    ['of whom too many payments were declined', 'too-many-declines'],
    ['who has no card (B5)', 'no-payment-method'],
    ['who chose a card that is not theirs (B5)', 'unknown-payment-method'],
  ] as const)('accepts nothing of a customer %s', async (_, refusal) => {
    const ports = portsWith(async (_, __, intend) => intend().then(() => refusal));
    expect(await rent(ports, 'r', { wish, agreed: undefined })).toEqual({ accepted: false, refusal });
    expect(happened).toEqual(['PaymentBegun', 'PaymentFailed']);
  });
  test('accepts nothing that is declined (R7)', async () => {
    const ports = portsWith(async (_, __, intend) => intend().then(() => 'declined'));
    expect(await rent(ports, 'r', { wish, agreed: undefined })).toEqual({
      accepted: false,
      refusal: 'payment-declined',
    });
    expect(happened).toEqual(['PaymentBegun', 'PaymentFailed']);
    expect(await readRental(ports, 'r', me)).toBeUndefined();
  });
  test('undoes an intent with an unknown outcome (R7, R9)', async () => {
    const ports = portsWith(async (_, __, intend) => intend().then(() => Promise.reject(new Error('silence'))));
    await expect(rent(ports, 'r', { wish, agreed: undefined })).rejects.toThrow('silence');
    expect(happened).toEqual(['PaymentBegun', 'PaymentUndone']);
  });
  test('intends nothing where there is no room to ask, so there is nothing to undo (R9)', async () => {
    await expect(
      rent(
        portsWith(() => Promise.reject(new Error('no room'))),
        'r',
        { wish, agreed: undefined },
      ),
    ).rejects.toThrow('no room');
    expect([happened, kept]).toEqual([[], undefined]);
  });
  test('continues the intent of the same call that was interrupted, at its terms, and charges it (R7)', async () => {
    const silent = portsWith((id, __, intend) =>
      intend().then(() => new Promise(() => happened.push(`asked for ${id}`))),
    );
    void rent(silent, 'first', { wish, agreed: undefined });
    await new Promise(setImmediate);
    const full = [{ most: 1, of: 'unpaid rentals', want: 1, free: [] }];
    const again = portsWith(
      async (id, _, intend) => {
        await intend();
        happened.push(`asked for ${id}`);
        return 'paid';
      },
      async () => full,
    );
    expect(await rent(again, 'second', { wish, agreed: undefined })).toMatchObject({
      accepted: true,
      after: { id: 'first', state: { status: 'received', contract: { slots: ['command/key'] } } },
    });
    expect(happened).toEqual(['PaymentBegun', 'asked for first', 'asked for first', 'RentalReceived']);
  });
  test('makes no rental of an answer that comes when the clock has given the intent up', async () => {
    const ports = portsWith(async (_, __, intend) => {
      await intend();
      await undoIntent(ports, 'r');
      return 'paid';
    });
    expect(await rent(ports, 'r', { wish, agreed: undefined })).toEqual({ accepted: false, refusal: 'payment-undone' });
    expect(happened).toEqual(['PaymentBegun', 'PaymentUndone']);
  });
  test('does not call payment for what cannot be rented', async () => {
    const ports = portsWith(() => Promise.reject(new Error('payment was asked')));
    expect(await rent(ports, 'r', { wish: { ...wish, productId: 'none' }, agreed: undefined })).toEqual({
      accepted: false,
      refusal: 'no-such-product',
    });
  });
  test('does not call payment for another amount than the agreed one, and stores nothing (B1)', async () => {
    const ports = portsWith(() => Promise.reject(new Error('payment was asked')));
    const details = { total_units: '69900', total_currency: 'KRW' };
    expect(await rent(ports, 'r', { wish, agreed: krw(50_000) })).toEqual({
      accepted: false,
      refusal: 'price-changed',
      details,
    });
    expect([happened, kept]).toEqual([[], undefined]);
  });
  test('does not call payment when too many payments of the customer are in progress, also when another one came first by a moment (B7)', async () => {
    const full = { most: 1, of: 'unpaid rentals', want: 1, free: [] };
    const refused = { accepted: false, refusal: 'too-many-holds', details: { most: '1', of: 'unpaid rentals' } };
    const untouched = portsWith(
      () => Promise.reject(new Error('payment was asked')),
      async () => [full],
    );
    expect(await rent(untouched, 'r', { wish, agreed: undefined })).toEqual(refused);
    let reads = 0;
    const asked = async (_: string, __: unknown, intend: () => Promise<boolean>) =>
      ((await intend()) ? 'paid' : 'not-intended') as 'paid' | 'not-intended';
    const raced = portsWith(asked, async () => [{ ...full, free: reads++ ? [] : ['unpaid/customer/0'] }]);
    expect(await rent(raced, 'r', { wish, agreed: undefined })).toEqual(refused);
    expect([happened, kept]).toEqual([[], undefined]);
  });
});
