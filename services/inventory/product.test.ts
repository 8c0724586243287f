import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { products } from './process.ts';
import { product, type Product, type ProductEvent, type ProductInput, type Terms } from './product.ts';
import { standingAfter, stepsOf, type Standing } from './steps.ts';
import { available, type Stock } from './stock.ts';

const terms: Terms = {
  name: 'Clear Spring Mini',
  kind: 'DISPENSER',
  price: krw(0),
  monthlyFee: krw(19_900),
  deposit: krw(50_000),
  ...{ description: '', photos: [], family: '', options: { colour: '', storage: '', size: '' } },
};
const order = (id: string) => ({ kind: 'rental.rental', id });

const listed = (onHand: number): ProductEvent => ({ type: 'ProductListed', terms, onHand });
const restocked = (quantity: number): ProductEvent => ({ type: 'ProductRestocked', quantity });
const reserved = (id: string, quantity = 1): ProductEvent => ({ type: 'StockReserved', order: order(id), quantity });
const awaited = (id: string, quantity = 1): ProductEvent => ({ type: 'StockAwaited', order: order(id), quantity });
const refused = (id: string): ProductEvent => ({ type: 'StockRefused', order: order(id), reason: 'OUT_OF_STOCK' });
const met = (id: string): ProductEvent => ({ type: 'OrderMet', order: order(id) });
const committed = (id: string, quantity = 1): ProductEvent => ({ type: 'StockCommitted', order: order(id), quantity });
const released = (id: string): ProductEvent => ({ type: 'StockReleased', order: order(id) });
const freed = (id: string, quantity = 1): ProductEvent => ({ type: 'StockFreed', order: order(id), quantity });
const returned = (id: string, quantity = 1): ProductEvent => ({ type: 'StockReturned', order: order(id), quantity });
const repeated = (id: string, standing: Standing): ProductEvent => ({
  type: 'AnswerRepeated',
  order: order(id),
  standing,
});

const has = (stage: 'waiting' | 'held' | 'committed', quantity = 1): Standing => ({ stage, quantity });
const gaveUp: Standing = { stage: 'released' };
const turnedAway: Standing = { stage: 'refused' };

// Commands of an order, and how it stands by its steps.
const reserve = (
  id: string,
  quantity = 1,
  ifUnavailable: 'REFUSE' | 'WAIT' = 'WAIT',
  standing?: Standing,
): ProductInput => ({
  ...{ type: 'ReserveStock', order: order(id), quantity, ifUnavailable, standing },
});
const commit = (id: string, standing?: Standing): ProductInput => ({ type: 'CommitStock', order: order(id), standing });
const release = (id: string, standing?: Standing): ProductInput => ({
  type: 'ReleaseStock',
  order: order(id),
  standing,
});
const restock = (quantity: number): ProductInput => ({ type: 'RestockProduct', quantity });
const adjust = (onHand: number): ProductInput => ({ type: 'AdjustProduct', onHand, text: 'counted' });

const { given } = spec(product);
const after = (...events: ProductEvent[]): Product => events.reduce(product.evolve, product.initial);
function counts(...events: ProductEvent[]) {
  const state = after(...events);
  if (state.status === 'none') throw new Error('nothing is listed');
  const { onHand, held, committed: gone } = state.stock;
  return { onHand, held, committed: gone, available: available(state.stock) };
}

describe('a shelf', () => {
  test('holds a million units at most, whichever way they come there', () => {
    given(listed(999_999)).when(restock(1)).then(restocked(1));
    given(listed(999_999)).when(restock(2)).thenRefused('too-many');
    given(listed(1_000_000)).when(restock(100_000)).thenRefused('too-many');
  });
});

describe('an order', () => {
  test('holds what it reserved, and what is available falls at once (P3)', () => {
    given(listed(3)).when(reserve('a', 2)).then(met('a'), reserved('a', 2));
    expect(counts(listed(3), reserved('a', 2))).toEqual({ onHand: 3, held: 2, committed: 0, available: 1 });
  });
  test('may have the last unit', () => given(listed(1)).when(reserve('a')).then(met('a'), reserved('a')));
  test('is refused when there are not so many, and holds nothing (P2)', () =>
    given(listed(1), reserved('a'))
      .when(reserve('b', 1, 'REFUSE'))
      .then(met('b'), refused('b')));
  test('stands in line when it would rather wait (R8)', () =>
    given(listed(1), reserved('a')).when(reserve('b')).then(met('b'), awaited('b')));
  test('passes nobody who waits already, even where less is wanted than is there', () => {
    given(listed(1), awaited('a', 2)).when(reserve('b')).then(met('b'), awaited('b'));
    given(listed(1), awaited('a', 2))
      .when(reserve('b', 1, 'REFUSE'))
      .then(met('b'), refused('b'));
  });
  test('that is older stands before them, though its message took longer', () =>
    given(listed(1), awaited('b', 2))
      .when(reserve('a'))
      .then(...[met('a'), awaited('a'), reserved('a')]));
  test('takes its units off the shelf when they are handed over, not before (R4)', () => {
    given(listed(3), reserved('a', 2))
      .when(commit('a', has('held', 2)))
      .then(committed('a', 2));
    expect(counts(listed(3), reserved('a', 2), committed('a', 2))).toEqual({
      onHand: 1,
      held: 0,
      committed: 2,
      available: 1,
    });
  });
  test('gives back what it holds (P7)', () => {
    given(listed(3), reserved('a', 2))
      .when(release('a', has('held', 2)))
      .then(freed('a', 2));
    expect(counts(listed(3), reserved('a', 2), freed('a', 2))).toEqual({
      onHand: 3,
      held: 0,
      committed: 0,
      available: 3,
    });
  });
  test('returns what it was handed: on hand rises again', () => {
    given(listed(3), reserved('a', 2), committed('a', 2))
      .when(release('a', has('committed', 2)))
      .then(returned('a', 2));
    expect(counts(listed(3), reserved('a', 2), committed('a', 2), returned('a', 2))).toEqual({
      onHand: 3,
      held: 0,
      committed: 0,
      available: 3,
    });
  });
  test('of a product that is not there holds nothing', () => {
    given()
      .when(reserve('a'))
      .then({ type: 'StockRefused', order: order('a'), reason: 'NO_SUCH_PRODUCT' });
    given().when(release('a')).then(released('a'));
  });
  test('is in the row while it waits, and only then: the row does not grow with what is sold', () => {
    const row = { onHand: 3, held: 0, committed: 0, line: [] };
    expect(after(listed(3), awaited('a', 4))).toMatchObject({
      stock: { ...row, line: [{ order: order('a'), quantity: 4 }] },
    });
    expect(after(listed(3), awaited('a', 4), released('a'))).toMatchObject({ stock: row });
    expect(after(listed(3), reserved('a'), freed('a'))).toMatchObject({ stock: row });
    expect(after(listed(3), awaited('a'), reserved('a'))).toMatchObject({ stock: { ...row, held: 1 } });
    expect(after(listed(3), reserved('a'), committed('a'))).toMatchObject({
      stock: { ...row, onHand: 2, committed: 1 },
    });
  });
});

describe('a command that comes twice, or late', () => {
  test('finds how the order stands and answers the same', () => {
    given(listed(3), reserved('a', 2))
      .when(reserve('a', 2, 'WAIT', has('held', 2)))
      .then(repeated('a', has('held', 2)));
    given(listed(0), awaited('a'))
      .when(reserve('a'))
      .then(repeated('a', has('waiting')));
    given(listed(3), reserved('a'), committed('a'))
      .when(commit('a', has('committed')))
      .then(repeated('a', has('committed')));
    given(listed(3), released('a')).when(release('a', gaveUp)).then(repeated('a', gaveUp));
  });
  test('a reservation after its release takes nothing', () =>
    given(listed(3), released('a'))
      .when(reserve('a', 1, 'WAIT', gaveUp))
      .then(repeated('a', gaveUp)));
  test('a hand-over after its release takes nothing', () =>
    given(listed(3), reserved('a'), freed('a')).when(commit('a', gaveUp)).then(repeated('a', gaveUp)));
  test('a reservation after its refusal takes nothing, though there are units by now', () =>
    given(listed(3))
      .when(reserve('a', 1, 'REFUSE', turnedAway))
      .then(repeated('a', turnedAway)));
  test('a release after a refusal is answered as one', () =>
    given(listed(3)).when(release('a', turnedAway)).then(released('a')));
});

describe('those who wait', () => {
  test('are served on restock, the oldest order first, however they came', () =>
    given(listed(0), awaited('c'), awaited('a'), awaited('b'))
      .when(restock(2))
      .then(...[restocked(2), reserved('a'), reserved('b')]));
  test('get what another gives back', () =>
    given(listed(1), reserved('a'), awaited('b'))
      .when(release('a', has('held')))
      .then(freed('a'), reserved('b')));
  test('get what another returns', () =>
    given(listed(1), reserved('a'), committed('a'), awaited('b'))
      .when(release('a', has('committed')))
      .then(returned('a'), reserved('b')));
  test('are not passed by when the first wants more than there is', () =>
    given(listed(0), awaited('a', 3), awaited('b')).when(restock(2)).then(restocked(2)));
  test('move up when the one before them leaves', () =>
    given(listed(0), awaited('a', 3), awaited('b'), restocked(2))
      .when(release('a'))
      .then(released('a'), reserved('b')));
  test('are served when a recount finds more', () =>
    given(listed(0), awaited('a'))
      .when(adjust(1))
      .then({ type: 'ProductAdjusted', onHand: 1, text: 'counted' }, reserved('a')));
});

describe('an administrator', () => {
  test('cannot count below what orders hold', () => {
    given(listed(3), reserved('a', 2)).when(adjust(1)).thenRefused('below-held');
    given(listed(3), reserved('a', 2)).when(adjust(2)).then({ type: 'ProductAdjusted', onHand: 2, text: 'counted' });
  });
  test('who counts what was known changes nothing', () => given(listed(3)).when(adjust(3)).thenNothing());
  test('restocks what is on sale only', () => {
    given().when(restock(1)).thenRefused('no-such-product');
    given().when(adjust(1)).thenRefused('no-such-product');
  });
});

describe('what an administrator changes of a product (B2)', () => {
  const change = (changes: object, isPriceConfirmed = false): ProductInput => ({
    type: 'ChangeProduct',
    changes,
    isPriceConfirmed,
  });
  const { given } = spec(product);
  test('is what is named alone', () =>
    given(listed(3))
      .when(change({ family: 'Clear Spring', options: { colour: 'Mint', storage: '', size: '' } }))
      .then({
        type: 'ProductChanged',
        terms: { ...terms, family: 'Clear Spring', options: { colour: 'Mint', storage: '', size: '' } },
      }));
  test('into what it is changes nothing', () =>
    given(listed(3))
      .when(change({ ...terms }))
      .thenNothing());
  test('leaves a dispenser its fee and a phone its price', () => {
    const phone: ProductEvent = { type: 'ProductListed', terms: { ...terms, kind: 'PHONE', price: krw(9) }, onHand: 1 };
    given(listed(3))
      .when(change({ monthlyFee: krw(0) }, true))
      .thenRefused('no-monthly-fee');
    given(phone)
      .when(change({ price: krw(0) }, true))
      .thenRefused('no-price');
  });
  test('is confirmed where an amount becomes ten times what it was or more, or a tenth or less (B1)', () => {
    const { amount } = terms.monthlyFee;
    for (const monthlyFee of [krw(amount * 10), krw(amount / 10)])
      given(listed(3)).when(change({ monthlyFee })).thenRefused('price-jump');
    for (const monthlyFee of [krw(amount * 10 - 1), krw(amount / 10 + 1)])
      given(listed(3))
        .when(change({ monthlyFee }))
        .then({ type: 'ProductChanged', terms: { ...terms, monthlyFee } });
    given(listed(3))
      .when(change({ monthlyFee: krw(1_900) }, true))
      .then({ type: 'ProductChanged', terms: { ...terms, monthlyFee: krw(1_900) } });
  });
  test('closes it once, and puts it back on sale once', () => {
    const [closed, reopened]: ProductEvent[] = [{ type: 'ProductClosed' }, { type: 'ProductReopened' }];
    given(listed(3)).when({ type: 'CloseProduct' }).then(closed!);
    given(listed(3), closed!).when({ type: 'CloseProduct' }).thenNothing();
    given(listed(3), closed!).when({ type: 'ReopenProduct' }).then(reopened!);
    given(listed(3), closed!, reopened!).when({ type: 'ReopenProduct' }).thenNothing();
  });
  test('leaves the units of a closed product to orders that were accepted before', () =>
    given(listed(3), { type: 'ProductClosed' }).when(reserve('a')).then(met('a'), reserved('a')));
});

describe('every state meets every input', () => {
  const histories = {
    none: { past: [] },
    fresh: { past: [listed(1)] },
    waiting: { past: [listed(0), awaited('a')] },
    held: { past: [listed(1), reserved('a')], standing: has('held') },
    committed: { past: [listed(1), reserved('a'), committed('a')], standing: has('committed') },
    released: { past: [listed(1), released('a')], standing: gaveUp },
    refused: { past: [listed(0), refused('a')], standing: turnedAway },
  } satisfies Record<string, { past: ProductEvent[]; standing?: Standing }>;
  type History = keyof typeof histories;
  const inputs: Record<ProductInput['type'], ProductInput> = {
    ListProduct: { type: 'ListProduct', terms, onHand: 1 },
    ChangeProduct: { type: 'ChangeProduct', changes: { name: 'Spring' }, isPriceConfirmed: false },
    CloseProduct: { type: 'CloseProduct' },
    ReopenProduct: { type: 'ReopenProduct' },
    RestockProduct: restock(1),
    AdjustProduct: adjust(2),
    ReserveStock: reserve('a'),
    ReleaseStock: release('a'),
    CommitStock: commit('a'),
    RepublishProduct: { type: 'RepublishProduct' },
  };
  // In the order of `histories`: the events, a refusal in brackets, or nothing.
  const table: Record<ProductInput['type'], readonly string[]> = {
    ListProduct: ['ProductListed', ...Array<string>(6).fill('')],
    ChangeProduct: ['(no-such-product)', ...Array<string>(6).fill('ProductChanged')],
    CloseProduct: ['(no-such-product)', ...Array<string>(6).fill('ProductClosed')],
    ReopenProduct: ['(no-such-product)', ...Array<string>(6).fill('')],
    RestockProduct: [
      '(no-such-product)',
      'ProductRestocked',
      'ProductRestocked,StockReserved',
      ...Array<string>(4).fill('ProductRestocked'),
    ],
    AdjustProduct: [
      '(no-such-product)',
      'ProductAdjusted',
      'ProductAdjusted,StockReserved',
      ...Array<string>(4).fill('ProductAdjusted'),
    ],
    ReserveStock: ['StockRefused', 'OrderMet,StockReserved', ...Array<string>(5).fill('AnswerRepeated')],
    ReleaseStock: [
      'StockReleased',
      'OrderMet,StockReleased',
      'StockReleased',
      'StockFreed',
      'StockReturned',
      'AnswerRepeated',
      'StockReleased',
    ],
    CommitStock: [
      'StockReleased',
      'OrderMet,StockReleased',
      'StockReleased',
      'StockCommitted',
      'AnswerRepeated',
      'AnswerRepeated',
      'StockReleased',
    ],
    RepublishProduct: ['', ...Array<string>(6).fill('ProductRepublished')],
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history, index) =>
    Object.values(inputs).map((input) => [history, input.type, table[input.type][index]!] as const),
  );
  test.each(pairs)('%s + %s → %s', (history, type, expected) => {
    const { past, standing }: { past: ProductEvent[]; standing?: Standing } = histories[history];
    const input = inputs[type];
    const decision = product.decide(after(...past), 'order' in input ? { ...input, standing } : input);
    expect(decision.accepted ? decision.events.map((event) => event.type).join() : `(${decision.refusal})`).toBe(
      expected,
    );
  });
});

/** A product and the claims that it has made, as a store keeps them: what another decision has claimed undoes this one. */
function kept(onHand: number) {
  const [productId, made] = ['p', new Set<string>()];
  let state = product.evolve(product.initial, listed(onHand));
  return {
    standing(id: string): Standing | undefined {
      const [from, to] = stepsOf(productId, id);
      return standingAfter([...made].filter((key) => key >= from && key < to));
    },
    stock(): Stock {
      if (state.status === 'none') throw new Error('it is listed');
      return state.stock;
    },
    /** Whether it was kept. */
    take(input: ProductInput): boolean {
      const decision = product.decide(state, input);
      if (!decision.accepted) throw new Error(decision.refusal);
      const now = decision.events.reduce(product.evolve, state);
      const { claims = [] } = products.consequences(decision.events, {
        id: productId,
        state: now,
        version: 1,
        createdAt: 0,
        updatedAt: 0,
      });
      if (claims.some(({ key }) => made.has(key))) return false;
      for (const { key } of claims) made.add(key);
      state = now;
      return true;
    },
  };
}

function broken(stock: Stock, standings: readonly (Standing | undefined)[], stocked: number): string[] {
  const units = (stage: 'held' | 'committed'): number =>
    standings.reduce((sum, standing) => sum + (standing?.stage === stage ? standing.quantity : 0), 0);
  const [first] = stock.line;
  return [
    ...(stock.held === units('held') && stock.committed === units('committed')
      ? []
      : ['the counts are not what orders have']),
    ...(available(stock) + stock.held + stock.committed === stocked ? [] : ['units came or went']),
    ...(available(stock) >= 0 ? [] : ['a unit is promised twice']),
    ...(first && first.quantity <= available(stock) ? ['somebody waits for what is there'] : []),
  ];
}

test('whatever comes in whatever order, however old what was read of it, counts add up, nothing is promised twice, and nobody waits for what is there', () => {
  // A small generator of its own: the same thousand histories in every run.
  let seed = 7;
  const pick = (count: number): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 8) % count;
  const ids = Array.from({ length: 6 }, (_, nth) => `order-${nth}`);
  let decidedAgain = 0;
  for (let history = 0; history < 1_000; history++) {
    const { take, standing, stock } = kept(pick(4));
    const standings = (): ReadonlyMap<string, Standing | undefined> => new Map(ids.map((id) => [id, standing(id)]));
    let stocked = stock().onHand;
    let read = standings();
    const wrong: string[] = [];
    for (let step = 0; step < 30; step++) {
      if (pick(3) === 0) read = standings();
      const id = ids[pick(6)]!;
      const command = [reserve(id, 1 + pick(2)), reserve(id, 1, 'REFUSE'), commit(id), release(id), restock(1)][
        pick(5)
      ]!;
      if (command.type === 'RestockProduct') stocked += 1;
      const told = (known: Standing | undefined): ProductInput =>
        'order' in command ? { ...command, standing: known } : command;
      if (!take(told(read.get(id)))) {
        decidedAgain++;
        if (!take(told(standing(id)))) wrong.push('what is known cannot be decided on');
      }
      wrong.push(...broken(stock(), [...standings().values()], stocked));
    }
    expect(wrong).toEqual([]);
  }
  expect(decidedAgain).toBeGreaterThan(1_000);
});
