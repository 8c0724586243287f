import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { command } from '#adapters/bus/messages.ts';
import { hearWith } from '#adapters/host/hearing.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import * as messages from '#proto/jari/inventory/v1/messages.ts';
import { service } from '../main.ts';
import type { Product, Terms } from '../product.ts';
import { available } from '../stock.ts';
import { administer, readProduct, reserveStock } from '../usecases.ts';
import { hearing } from './messages.ts';
import { mikroOrmProducts, storedProducts } from './store.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(service);
});
afterAll(() => on.close());

const terms: Terms = { name: 'Clear Spring Mini', kind: 'DISPENSER', price: krw(0), monthlyFee: krw(19_900), deposit: krw(50_000) };
const { REFUSE, WAIT } = messages.ReserveStock_IfUnavailable;

/** Inventory on one database; `store` is that of this process or of another replica. */
const inventory = (store: Store = on.store) => {
  const products = mikroOrmProducts(store);
  const hear = hearWith(store, service.name, hearing(storedProducts, products));
  const heard = (message: ReturnType<typeof command>) => hear(envelopeFor(message, 'rental'));
  const order = (id: string) => ({ kind: 'rental.rental', id });
  return {
    products,
    async listed(onHand: number): Promise<string> {
      const id = newId();
      await administer(products, id, { type: 'ListProduct', terms, onHand });
      return id;
    },
    ask: (productId: string, id: string) => reserveStock(products, productId, { order: order(id), quantity: 1, ifUnavailable: 'REFUSE' }),
    reserve: (productId: string, id: string, ifUnavailable: messages.ReserveStock_IfUnavailable = WAIT) =>
      heard(command('jari.inventory.v1.ReserveStock', messages.ReserveStock, id, { order: order(id), productId, quantity: 1, ifUnavailable })),
    release: (productId: string, id: string) => heard(command('jari.inventory.v1.ReleaseStock', messages.ReleaseStock, id, { order: order(id), productId })),
    commit: (productId: string, id: string) => heard(command('jari.inventory.v1.CommitStock', messages.CommitStock, id, { order: order(id), productId })),
    async stock(id: string) {
      const { onHand, held, committed } = ((await products.get(id))!.state as Extract<Product, { status: 'listed' }>).stock;
      return { onHand, held, committed };
    },
  };
};
const told = async (id: string): Promise<string[]> => (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.replace('jari.inventory.v1.', ''));

describe('stock', () => {
  test('of ten is sold ten times, to a hundred who ask at once on two replicas, by call and by command (P2)', async () => {
    const [here, there] = [inventory(), inventory(mikroOrmStore(on.database))];
    const id = await here.listed(10);
    const orders = Array.from({ length: 100 }, () => newId());
    await Promise.all(orders.map((order, nth) => (nth % 4 < 2 ? here.reserve(id, order, REFUSE) : (nth % 2 ? here : there).ask(id, order))));
    expect(await here.stock(id)).toEqual({ onHand: 10, held: 10, committed: 0 });
    const answers = (await Promise.all(orders.map(told))).flat();
    expect(answers.filter((type) => type === 'StockReserved')).toHaveLength(10);
    expect(answers.filter((type) => type === 'StockUnavailable')).toHaveLength(90);
  });

  test('adds up, however reservations, hand-overs and returns meet', async () => {
    const { listed, reserve, commit, release, stock, products } = inventory();
    const id = await listed(20);
    const orders = Array.from({ length: 40 }, () => newId());
    await Promise.all(orders.map((order) => reserve(id, order)));
    await Promise.all(orders.map((order, nth) => [commit, release, reserve][nth % 3]!(id, order)));
    await Promise.all(orders.slice(0, 9).map((order) => release(id, order)));
    const { onHand, held, committed } = await stock(id);
    expect(onHand + committed).toBe(20);
    const { state } = (await readProduct(products, id))!;
    expect(state.status === 'listed' && state.stock.line.length > 0 && available(state.stock) > 0).toBe(false);
    expect(held).toBeLessThanOrEqual(onHand);
  });

  test('that would be promised twice is refused by the database itself', async () => {
    const { listed, reserve } = inventory();
    const id = await listed(1);
    await reserve(id, newId());
    const oneMore = `update product set state = jsonb_set(state, '{stock,held}', '2') where id = $1`;
    await expect(on.database.pool.query(oneMore, [id])).rejects.toMatchObject({ constraint: 'no_unit_is_promised_twice' });
  });
});

describe('those who wait', () => {
  test('are served in the order in which they ordered, and told', async () => {
    const { listed, reserve, products } = inventory();
    const id = await listed(0);
    const orders = Array.from({ length: 4 }, () => newId()).sort();
    for (const order of [...orders].reverse()) await reserve(id, order);
    await administer(products, id, { type: 'RestockProduct', quantity: 2 });
    expect(await Promise.all(orders.map(told))).toEqual([
      ['StockUnavailable', 'StockReserved'],
      ['StockUnavailable', 'StockReserved'],
      ['StockUnavailable'],
      ['StockUnavailable'],
    ]);
  });
});

describe('a call', () => {
  test('is answered the same when it is made again, and says why there is nothing to be had (P2)', async () => {
    const { listed, ask, release, stock } = inventory();
    const id = await listed(1);
    const order = newId();
    expect(await ask(id, order)).toEqual({ kind: 'rental.rental', quantity: 1, stage: 'held' });
    expect(await ask(id, order)).toEqual({ kind: 'rental.rental', quantity: 1, stage: 'held' });
    expect(await ask(id, newId())).toBe('out-of-stock');
    expect(await ask(newId(), newId())).toBe('no-such-product');
    await release(id, order);
    expect(await ask(id, order)).toMatchObject({ stage: 'released' });
    expect(await stock(id)).toEqual({ onHand: 1, held: 0, committed: 0 });
  });
});

test('every product on sale is told of again when a replica asks for it; what never was is not', async () => {
  const { listed, release } = inventory();
  const id = await listed(3);
  const nothing = newId();
  await release(nothing, newId());
  const products = mikroOrmProducts(on.store);
  await hearWith(on.store, service.name, hearing(storedProducts, products))(envelopeFor(command('jari.inventory.v1.RepublishProducts', messages.RepublishProducts, '', {}), 'rental'));
  expect(await told(id)).toEqual(['ProductListed', 'ProductListed']);
  expect(await told(nothing)).toEqual([]);
  expect((await products.list({ kind: 'DISPENSER' }, { size: 200 })).map((each) => each.id)).toContain(id);
  expect((await products.list({ kind: 'PHONE' }, { size: 200 })).map((each) => each.id)).not.toContain(id);
});
