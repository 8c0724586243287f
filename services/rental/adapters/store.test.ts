import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { service } from '../main.ts';
import { rent, undoIntent, type Ports } from '../usecases.ts';
import { mikroOrmProducts, mikroOrmRentals, storedProducts, storedRentals } from './store.ts';

const productId = newId<string>();
let on: TestStore;
beforeAll(async () => {
  on = await testStore(service);
  const product = {
    id: productId,
    name: 'Mini',
    isDispenser: true,
    monthlyFee: krw(19_900),
    deposit: krw(50_000),
    isClosed: false,
    version: 1,
  };
  await on.store.update(storedProducts, productId, (state) => storedProducts.decide(state, product));
}, 60_000);
afterAll(() => on.close());

/** Payment is asked, and answers once `answer` resolves. */
const portsOn = (store: Store, answer: Promise<'paid'>, asked: string[]): Ports => ({
  rentals: mikroOrmRentals(store, storedRentals({ intent: 20_000, askAgain: 300_000 }), 3),
  products: mikroOrmProducts(store),
  payments: {
    async pay(id, _, intend) {
      if (!(await intend())) return 'not-intended';
      asked.push(id);
      return answer;
    },
  },
  now: () => Date.now(),
});

test('payments of one customer under way are limited, even of those begun at once on two replicas; a paid or undone one makes room (B7)', async () => {
  const { promise: answer, resolve: pay } = Promise.withResolvers<'paid'>();
  const asked: string[] = [];
  const replica = mikroOrmStore(on.database);
  const [here, there] = [portsOn(on.store, answer, asked), portsOn(replica, answer, asked)];
  const customerId = newId<string>();
  const order = (by: Ports) =>
    rent(by, newId(), { wish: { customerId, productId, months: 12, address: '1 Street' }, agreed: krw(69_900) });
  const refused = { accepted: false, refusal: 'too-many-holds', details: { most: '3', of: 'unpaid rentals' } };
  const outcomes: unknown[] = [];
  const all = Array.from({ length: 20 }, (_, nth) =>
    order(nth % 2 ? there : here).then((outcome) => void outcomes.push(outcome)),
  );
  await eventually(() => outcomes.length >= 17);
  expect([outcomes, asked.length]).toEqual([Array(17).fill(refused), 3]);

  await undoIntent(here, asked[0]!);
  const another = order(here);
  await eventually(() => asked.length >= 4);
  expect(await order(there)).toEqual(refused);

  pay('paid');
  await Promise.all(all);
  expect(await another).toMatchObject({ accepted: true, after: { state: { status: 'received' } } });
  expect((await on.database.pool.query('select from claim')).rowCount).toBe(0);
  await replica.close();
});
