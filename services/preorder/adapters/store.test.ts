import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canceller } from '#kernel/spec.ts';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';
import { inScope, isSpent, type Once } from '#adapters/scope/scope.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { service } from '../main.ts';
import type { Inventory, Preorders } from '../ports.ts';
import { decide, type Input } from '../preorder.ts';
import { near, phone, wish } from '../testing/sample.ts';
import { cancelPreorder, requestPreorder } from '../usecases.ts';
import { mikroOrmPreorders, storedPreorders } from './store.ts';

const stored = storedPreorders({ intent: 30_000, acceptance: days(7), receipt: days(14), askAgain: 300_000 });
const limits = { open: 10, phones: 4 };
let on: TestStore;
let preorders: Preorders;
beforeAll(async () => {
  on = await testStore(service);
  preorders = mikroOrmPreorders(on.store, stored, limits);
}, 60_000);
afterAll(() => on.close());

const inventory = (answer: () => ReturnType<Inventory['hold']>): Inventory => ({
  variants: async () => [],
  find: async () => ({ ...phone, available: 1_000 }),
  hold: (_, __, ___, intend) => intend().then((isIntended) => (isIntended ? answer() : 'not-intended')),
});
const held = inventory(async () => 'held');
const request = async (customerId: string, from = held, id: string = newId()): Promise<string> => {
  await requestPreorder({ preorders, inventory: from }, id, {
    wish: { ...wish, customerId, productId: newId() },
    agreed: undefined,
  });
  return id;
};
const hear = (id: string, input: Input) => preorders.update(id, (state) => decide(state, input));
const ids = async (filter: Parameters<Preorders['list']>[0]): Promise<string[]> =>
  (await preorders.list(filter, { size: 10 })).map(({ id }) => id);
const timersOf = async (id: string) =>
  (await on.database.pool.query<{ name: string }>('select name from timer where aggregate_id = $1', [id])).rows;

test('pre-orders are found by customer and by where they stand, newest first', async () => {
  const customerId = newId();
  const [first, second, third] = [await request(customerId), await request(customerId), await request(customerId)];
  await request(newId());
  await hear(second, { type: 'DealershipAssigned', version: 1, dealership: near });
  await hear(third, { type: 'AssignmentAccepted', version: 1, dealership: near });
  await cancelPreorder({ preorders }, third, canceller(customerId));
  expect(await ids({ customerId })).toEqual([third, second, first]);
  expect(await ids({ customerId, status: 'requested' })).toEqual([first]);
  expect(await ids({ customerId, status: 'assigned' })).toEqual([second]);
  expect(await ids({ customerId, status: 'cancelling' })).toEqual([third]);
});

test('what is refused is not found, tells nobody and sets no clock (P2)', async () => {
  const customerId = newId();
  const id = await request(
    customerId,
    inventory(async () => 'out-of-stock'),
  );
  expect(await ids({ customerId })).toEqual([]);
  expect((await on.sent()).filter(({ subject }) => subject === id)).toEqual([]);
  expect(await timersOf(id)).toEqual([]);
});

test('while the call is under way an alarm clock knows of it; when nobody answers, the stock goes back (P10)', async () => {
  const customerId = newId();
  const id = newId();
  const silent = inventory(async () => {
    expect(await timersOf(id)).toEqual([{ name: 'intent' }]);
    throw new Error('no answer');
  });
  await expect(request(customerId, silent, id)).rejects.toThrow('no answer');
  expect(await ids({ customerId })).toEqual([]);
  expect((await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type)).toEqual([
    'jari.inventory.v1.ReleaseStock',
  ]);
  expect(await timersOf(id)).toEqual([{ name: 'ask-again' }]); // until inventory has answered
});

test('an inventory that is not even asked leaves nothing behind (P10)', async () => {
  const id = newId();
  const resting: Inventory = { ...held, hold: () => Promise.reject(new Error('left alone')) };
  await expect(request(newId(), resting, id)).rejects.toThrow('left alone');
  expect(await preorders.get(id)).toBeUndefined();
  expect((await on.sent()).filter(({ subject }) => subject === id)).toEqual([]);
});

test('what cannot be had is not asked for', async () => {
  const asked = inventory(() => Promise.reject(new Error('inventory was asked')));
  expect(
    await requestPreorder({ preorders, inventory: { ...asked, find: async () => undefined } }, newId(), {
      wish,
      agreed: undefined,
    }),
  ).toEqual({ accepted: false, refusal: 'no-such-product' });
});

test('the proof that a customer was served goes with the pre-order, not with the intention', async () => {
  const key = (): Once => ({
    by: 'key',
    caller: newId(),
    method: '/m',
    key: newId(),
    fingerprint: 'f',
    answer: () => new Uint8Array(),
  });
  const within = (once: Once, from: Inventory) =>
    inScope({ correlationId: 'c', causationId: 'c', once }, () => request(newId(), from));
  const [made, refused] = [key(), key()];
  await within(made, held);
  await within(
    refused,
    inventory(async () => 'out-of-stock'),
  );
  expect([isSpent(made), isSpent(refused)]).toEqual([true, false]);
});

test('phones of one product and open pre-orders of a customer are limited, even of those made at once on two replicas; what is over makes room (B7)', async () => {
  const [customerId, productId] = [newId<string>(), newId<string>()];
  const replica = mikroOrmStore(on.database);
  const other = mikroOrmPreorders(replica, stored, limits);
  const ask = (nth: number, id: string, product = productId) =>
    requestPreorder({ preorders: nth % 2 ? other : preorders, inventory: held }, id, {
      wish: { ...wish, customerId, productId: product, quantity: 2 },
      agreed: undefined,
    });
  const ids = Array.from({ length: 12 }, () => newId<string>());
  const outcomes = await Promise.all(ids.map((id, nth) => ask(nth, id)));
  const refused = {
    accepted: false,
    refusal: 'too-many-holds',
    details: { most: '4', of: 'phones of one model in open pre-orders' },
  };
  expect(outcomes.filter(({ accepted }) => accepted)).toHaveLength(2);
  expect(outcomes.filter(({ accepted }) => !accepted)).toEqual(Array(10).fill(refused));

  const products = Array.from({ length: 20 }, () => newId<string>());
  const more = await Promise.all(products.map((product, nth) => ask(nth, newId(), product)));
  expect(more.filter(({ accepted }) => accepted)).toHaveLength(8);
  expect(more.find(({ accepted }) => !accepted)).toMatchObject({
    refusal: 'too-many-holds',
    details: { most: '10', of: 'open pre-orders' },
  });

  const first = ids[outcomes.findIndex(({ accepted }) => accepted)]!;
  for (const type of ['AcceptanceOverdue', 'AssignmentCancelled', 'StockReleased'] as const)
    await hear(first, { type });
  expect((await preorders.get(first))?.state).toMatchObject({ status: 'cancelled', cause: 'EXPIRED' });
  expect(await ask(0, newId())).toMatchObject({ accepted: true });
  expect(await ask(0, newId())).toMatchObject({ refusal: 'too-many-holds' });
  await replica.close();
});

test('inventory is not asked to hold at another price than the agreed one (B1)', async () => {
  const id = newId<string>();
  const asked = inventory(() => Promise.reject(new Error('inventory was asked')));
  const details = { total_units: '2000000', total_currency: 'KRW' };
  expect(await requestPreorder({ preorders, inventory: asked }, id, { wish, agreed: krw(1_000_000) })).toEqual({
    accepted: false,
    refusal: 'price-changed',
    details,
  });
  expect(await preorders.get(id)).toBeUndefined();
});

test('a pre-order that a version before cancelled was cancelled by its customer, and one without slots has none', async () => {
  const id = await request(newId());
  await on.database.pool.query(
    `update preorder set state = '{"status": "cancelled"}'::jsonb || jsonb_build_object('progress', state -> 'progress', 'booking', (state -> 'booking') - 'slots') where id = $1`,
    [id],
  );
  expect((await preorders.get(id))?.state).toMatchObject({
    status: 'cancelled',
    cause: 'CANCELLED_BY_CUSTOMER',
    booking: { slots: [] },
  });
});
