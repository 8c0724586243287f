import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { command } from '#adapters/bus/messages.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import * as messages from '#proto/jari/inventory/v1/messages.ts';
import { service } from '../main.ts';
import { product, type Product, type ProductInput, type Terms } from '../product.ts';
import { available } from '../stock.ts';
import { administer, readProduct, reserveStock } from '../usecases.ts';
import { subscriptions } from './messages.ts';
import { migrations, mikroOrmProducts, storedProducts } from './store.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(service);
});
afterAll(() => on.close());

const terms: Terms = {
  name: 'Clear Spring Mini',
  kind: 'DISPENSER',
  price: krw(0),
  monthlyFee: krw(19_900),
  deposit: krw(50_000),
  ...{ description: '', photos: [], family: '', options: { colour: '', storage: '', size: '' } },
};
const { REFUSE, WAIT } = messages.ReserveStock_IfUnavailable;
const order = (id: string) => ({ kind: 'rental.rental', id });

/** Inventory on one database; `store` is that of this process or of another replica. */
const inventory = (store: Store = on.store) => {
  const products = mikroOrmProducts(store);
  const hear = handleWith(store, service.name, subscriptions(storedProducts, products));
  const heard = (message: ReturnType<typeof command>) => hear(envelopeFor(message, 'rental'));
  return {
    products,
    async listed(onHand: number): Promise<string> {
      const id = newId();
      await administer(products, id, { type: 'ListProduct', terms, onHand });
      return id;
    },
    ask: (productId: string, id: string) =>
      reserveStock(products, productId, { order: order(id), quantity: 1, ifUnavailable: 'REFUSE' }),
    reserve: (productId: string, id: string, ifUnavailable: messages.ReserveStock_IfUnavailable = WAIT) =>
      heard(
        command('jari.inventory.v1.ReserveStock', messages.ReserveStock, id, {
          order: order(id),
          productId,
          quantity: 1,
          ifUnavailable,
        }),
      ),
    release: (productId: string, id: string) =>
      heard(command('jari.inventory.v1.ReleaseStock', messages.ReleaseStock, id, { order: order(id), productId })),
    commit: (productId: string, id: string) =>
      heard(command('jari.inventory.v1.CommitStock', messages.CommitStock, id, { order: order(id), productId })),
    async stock(id: string) {
      const { onHand, held, committed } = ((await products.get(id))!.state as Extract<Product, { status: 'listed' }>)
        .stock;
      return { onHand, held, committed };
    },
  };
};
const told = async (id: string): Promise<string[]> =>
  (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.replace('jari.inventory.v1.', ''));

describe('stock', () => {
  test('of ten is sold ten times, to a hundred who ask at once on two replicas, by call and by command (P2)', async () => {
    const [here, there] = [inventory(), inventory(mikroOrmStore(on.database))];
    const id = await here.listed(10);
    const orders = Array.from({ length: 100 }, () => newId());
    await Promise.all(
      orders.map((order, nth) =>
        nth % 4 < 2 ? here.reserve(id, order, REFUSE) : (nth % 2 ? here : there).ask(id, order),
      ),
    );
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
    await expect(on.database.pool.query(oneMore, [id])).rejects.toMatchObject({
      constraint: 'no_unit_is_promised_twice',
    });
  });
});

describe('an order', () => {
  test('leaves nothing in the row of its product, whether it is under way or over: the thousandth costs what the first did', async () => {
    const { listed, reserve, commit, release, stock } = inventory();
    const id = await listed(1_000);
    const sell = async (count: number): Promise<number> => {
      const orders = Array.from({ length: count }, () => newId());
      await Promise.all(orders.map((each) => reserve(id, each)));
      await Promise.all(orders.map((each, nth) => [commit, release, undefined][nth % 3]?.(id, each)));
      const { rows } = await on.database.pool.query<{ length: number }>(
        'select length(state::text) from product where id = $1',
        [id],
      );
      return rows[0]!.length;
    };
    const few = await sell(30);
    const many = await sell(360);
    expect(await stock(id)).toEqual({ onHand: 870, held: 130, committed: 130 });
    expect(many - few).toBeLessThan(10); // the counts have a digit more
  });

  type Inventory = ReturnType<typeof inventory>;
  type Does = (at: Inventory, id: string, order: string) => Promise<void>;
  const reserves: Does = (at, id, each) => at.reserve(id, each);
  const commits: Does = (at, id, each) => at.commit(id, each);
  const releases: Does = (at, id, each) => at.release(id, each);
  test.each<[string, readonly Does[], Does, ProductInput['type'], object, string]>([
    [
      'a return brings back what was handed over',
      [reserves],
      commits,
      'ReleaseStock',
      { onHand: 3, held: 0, committed: 0 },
      'StockReleased',
    ],
    [
      'what was handed over is not handed over twice',
      [reserves],
      commits,
      'CommitStock',
      { onHand: 2, held: 0, committed: 1 },
      'StockCommitted',
    ],
    [
      'what was given back is not handed over',
      [reserves],
      releases,
      'CommitStock',
      { onHand: 3, held: 0, committed: 0 },
      'StockReleased',
    ],
    [
      'what was given back is not given back twice',
      [reserves],
      releases,
      'ReleaseStock',
      { onHand: 3, held: 0, committed: 0 },
      'StockReleased',
    ],
    [
      'what was returned is not returned twice',
      [reserves, commits],
      releases,
      'ReleaseStock',
      { onHand: 3, held: 0, committed: 0 },
      'StockReleased',
    ],
    [
      'a wish takes nothing where its order gave up',
      [],
      releases,
      'ReserveStock',
      { onHand: 3, held: 0, committed: 0 },
      'StockReleased',
    ],
    [
      'a wish takes no second time what its order has',
      [],
      reserves,
      'ReserveStock',
      { onHand: 3, held: 1, committed: 0 },
      'StockReserved',
    ],
  ])(
    'that moved on between reading and deciding, on another replica or in the same process, is decided on again: %s',
    async (_, before, meanwhile, type, left, answer) => {
      for (const other of [inventory(mikroOrmStore(on.database)), inventory()]) {
        const { listed, products, stock } = inventory();
        const [id, each] = [await listed(3), newId()];
        for (const does of before) await does(other, id, each);
        let readings = 0;
        await products.update(
          id,
          (state, standing) =>
            product.decide(state, {
              type,
              order: order(each),
              quantity: 1,
              ifUnavailable: 'REFUSE',
              standing,
            } as ProductInput),
          async () => {
            const standing = await products.standing(id, each);
            if (++readings === 1) await meanwhile(other, id, each);
            return standing;
          },
        );
        expect(readings).toBe(2);
        expect(await stock(id)).toEqual(left);
        expect((await told(each)).at(-1)).toBe(answer);
      }
    },
  );

  test('is found by whoever comes late, on two replicas at the same moment: given back once, whatever it was before', async () => {
    const replicas = [inventory(), inventory(mikroOrmStore(on.database))] as const;
    const { listed, reserve, commit, stock, products } = replicas[0];
    const id = await listed(60);
    const orders = Array.from({ length: 60 }, () => newId());
    const [handedOver, held, unheardOf] = [orders.slice(0, 20), orders.slice(20, 40), orders.slice(40)];
    await Promise.all([...handedOver, ...held].map((each) => reserve(id, each)));
    await Promise.all(handedOver.map((each) => commit(id, each)));
    await Promise.all(
      orders.flatMap((each, nth) =>
        replicas.flatMap((at, which) => [
          at.reserve(id, each, REFUSE),
          (nth + which) % 2 ? at.commit(id, each) : at.release(id, each),
          at.release(id, each),
        ]),
      ),
    );
    expect(await stock(id)).toEqual({ onHand: 60, held: 0, committed: 0 });
    expect(
      (await Promise.all(orders.map((each) => products.standing(id, each)))).filter(
        (standing) => standing?.stage !== 'released',
      ),
    ).toEqual([]);
    // Every command was answered, and had one answer.
    const answers = await Promise.all(orders.map(told));
    expect(answers.map(({ length }) => length)).toEqual(
      orders.map((each) => 6 + (handedOver.includes(each) ? 2 : held.includes(each) ? 1 : 0)),
    );
    expect(unheardOf.length).toBe(20);
  });

  test('is handed over once, however often and wherever it is asked for again', async () => {
    const replicas = [inventory(), inventory(mikroOrmStore(on.database))] as const;
    const { listed, reserve, stock } = replicas[0];
    const id = await listed(40);
    const orders = Array.from({ length: 40 }, () => newId());
    await Promise.all(orders.map((each) => reserve(id, each)));
    await Promise.all(
      orders.flatMap((each) =>
        replicas.flatMap((at) => [at.commit(id, each), at.reserve(id, each), at.commit(id, each)]),
      ),
    );
    expect(await stock(id)).toEqual({ onHand: 0, held: 0, committed: 40 });
    const answers = (await Promise.all(orders.map(told))).flat();
    expect(new Set(answers)).toEqual(new Set(['StockReserved', 'StockCommitted']));
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
    const { listed, ask, release, commit, stock } = inventory();
    const id = await listed(1);
    const [first, late] = [newId(), newId()];
    expect(await ask(id, first)).toEqual({ stage: 'held', quantity: 1 });
    expect(await ask(id, first)).toEqual({ stage: 'held', quantity: 1 });
    expect(await ask(id, late)).toEqual({ stage: 'refused' });
    expect(await ask(newId(), newId())).toBe('no-such-product');
    await commit(id, first);
    expect(await ask(id, first)).toEqual({ stage: 'committed', quantity: 1 });
    await release(id, first);
    expect(await ask(id, first)).toEqual({ stage: 'released' });
    expect(await ask(id, late)).toEqual({ stage: 'refused' });
    expect(await stock(id)).toEqual({ onHand: 1, held: 0, committed: 0 });
  });
});

test('every product on sale is told of again when a replica asks for it; what never was is not', async () => {
  const { listed, release } = inventory();
  const id = await listed(3);
  const nothing = newId();
  await release(nothing, newId());
  const products = mikroOrmProducts(on.store);
  await handleWith(
    on.store,
    service.name,
    subscriptions(storedProducts, products),
  )(envelopeFor(command('jari.inventory.v1.RepublishProducts', messages.RepublishProducts, '', {}), 'rental'));
  expect(await told(id)).toEqual(['ProductListed', 'ProductListed']);
  expect(await told(nothing)).toEqual([]);
  expect(
    (await products.list({ kind: 'DISPENSER', seesClosed: false }, { size: 200 })).map((each) => each.id),
  ).toContain(id);
  expect(
    (await products.list({ kind: 'PHONE', seesClosed: false }, { size: 200 })).map((each) => each.id),
  ).not.toContain(id);
});

test('what became of orders before is moved out of the rows, and found by those who come late', async () => {
  const [first] = migrations;
  const before = await testStore({ ...service, migrations: [first!] });
  const id = newId();
  const [waits, holds, has, gave] = [newId<string>(), newId<string>(), newId<string>(), newId<string>()];
  const hold = (stage: string, quantity: number) => ({ kind: 'rental.rental', quantity, stage });
  const counts = { onHand: 3, held: 2, committed: 4 };
  const stock = {
    ...counts,
    holds: {
      [waits]: hold('waiting', 5),
      [holds]: hold('held', 2),
      [has]: hold('committed', 4),
      [gave]: hold('released', 1),
    },
    line: [waits],
  };
  const rows = `insert into product (id, version, state, created_at, updated_at) values ($1, 7, $2, now(), now()), ($3, 1, '{"status": "none"}', now(), now())`;
  await before.database.pool.query(rows, [id, JSON.stringify({ status: 'listed', terms, stock }), newId()]);

  const after = await openDatabase({ ...service, service: service.name, url: before.url });
  const { products, reserve, commit, release } = inventory(mikroOrmStore(after));
  const stored = async () => ((await products.get(id))!.state as Extract<Product, { status: 'listed' }>).stock;
  expect(await stored()).toEqual({ ...counts, line: [{ order: order(waits), quantity: 5 }] });
  const standings = await Promise.all([waits, holds, has, gave].map((each) => products.standing(id, each)));
  expect(standings).toEqual([
    undefined,
    { stage: 'held', quantity: 2 },
    { stage: 'committed', quantity: 4 },
    { stage: 'released' },
  ]);
  await reserve(id, waits);
  await reserve(id, gave);
  await release(id, has);
  await commit(id, holds);
  expect(await stored()).toEqual({ onHand: 5, held: 5, committed: 2, line: [] });
  await after.close();
  await before.close();
});

test('products are found by kind and words of name, family, options and description; closed ones by administrators alone (B2)', async () => {
  const products = mikroOrmProducts(on.store);
  const id = newId();
  const said = {
    family: '달빛 폰 15',
    options: { colour: '로즈', storage: '256 GB', size: '' },
    description: 'Café pink',
  };
  const phone: Terms = { ...terms, ...said, name: '달빛 폰 15 로즈', kind: 'PHONE', price: krw(1_000) };
  await administer(products, id, { type: 'ListProduct', terms: phone, onHand: 1 });
  const found = async (text: string, kind?: Terms['kind'], seesClosed = false) =>
    (await products.list({ kind, text, seesClosed }, { size: 200 })).map((each) => each.id);
  for (const text of ['로즈 달빛', '256', 'CAFE', '달빛'.normalize('NFD')]) expect(await found(text)).toEqual([id]);
  expect(await found('로즈', 'DISPENSER')).toEqual([]);
  await administer(products, id, { type: 'CloseProduct' });
  expect(await found('로즈')).toEqual([]);
  expect(await found('로즈', 'PHONE', true)).toEqual([id]);
});
