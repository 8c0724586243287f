import { beforeEach, describe, expect, test } from '@jest/globals';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import type { Inventory, Preorders } from './ports.ts';
import { preorders as core, type Preorder, type PreorderEvent, type Wish } from './preorder.ts';
import { requestPreorder } from './usecases.ts';

const wish: Wish = {
  customerId: 'customer',
  productId: 'phone',
  quantity: 1,
  fulfilment: 'DELIVERY',
  location: { latitude: 37.5, longitude: 127 },
  address: '1 World Cup-ro',
};
const phone = { id: 'phone', name: 'Phone', price: krw(1_000_000) };
const mark = [{ most: 1, of: 'call', want: 1, free: ['command/key'] }];

/** Pre-orders in memory, and what happened to them. */
let happened: string[];
let kept: StoredAggregate<Preorder> | undefined;
const update: Preorders['update'] = async (id, decide, facts) => {
  const before = kept ?? { id, state: core.initial, version: 0, createdAt: 0, updatedAt: 0 };
  const decision = decide(before.state, (await facts?.()) as never);
  if (!decision.accepted) return decision;
  happened.push(...decision.events.map(({ type }: PreorderEvent) => type));
  return { accepted: true, after: (kept = { ...before, state: decision.events.reduce(core.evolve, before.state) }) };
};
const portsWith = (hold: Inventory['hold']) => ({
  preorders: {
    update,
    updateWithoutProof: update,
    get: async () => kept,
    list: async () => [],
    earlierAttempt: async () => ({ mark, ...(kept && { preorder: kept }) }),
    limits: async () => [],
  },
  inventory: { find: async () => phone as never, hold },
});
const holds: Inventory['hold'] = async (id, _, __, intend) => {
  await intend();
  happened.push(`asked for ${id}`);
  return 'held';
};
beforeEach(() => {
  happened = [];
  kept = undefined;
});

describe('a pre-order that was cut short between the intention and the answer', () => {
  test('is gone on with by the same call, and stock is held for it once', async () => {
    const silent = portsWith((id, _, __, intend) =>
      intend().then(() => new Promise(() => happened.push(`asked for ${id}`))),
    );
    void requestPreorder(silent, 'first', { wish, agreed: undefined });
    await new Promise(setImmediate);
    expect(await requestPreorder(portsWith(holds), 'second', { wish, agreed: undefined })).toMatchObject({
      accepted: true,
      after: { id: 'first', state: { status: 'open' } },
    });
    expect(happened).toEqual(['PreorderIntended', 'asked for first', 'asked for first', 'PreorderRequested']);
  });
  test('that has become one meanwhile is answered with that', async () => {
    await requestPreorder(portsWith(holds), 'first', { wish, agreed: undefined });
    expect(await requestPreorder(portsWith(holds), 'second', { wish, agreed: undefined })).toMatchObject({
      accepted: true,
      after: { id: 'first' },
    });
    expect(happened).toEqual(['PreorderIntended', 'asked for first', 'PreorderRequested']);
  });
});
