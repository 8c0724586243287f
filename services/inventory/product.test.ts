import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { product, type Product, type ProductEvent, type ProductInput, type Terms } from './product.ts';
import { available } from './stock.ts';

const terms: Terms = { name: 'Clear Spring Mini', kind: 'DISPENSER', price: krw(0), monthlyFee: krw(19_900), deposit: krw(50_000) };
const order = (id: string) => ({ kind: 'rental.rental', id });

const listed = (onHand: number): ProductEvent => ({ type: 'ProductListed', terms, onHand });
const restocked = (quantity: number): ProductEvent => ({ type: 'ProductRestocked', quantity });
const reserved = (id: string, quantity = 1): ProductEvent => ({ type: 'StockReserved', order: order(id), quantity });
const awaited = (id: string, quantity = 1): ProductEvent => ({ type: 'StockAwaited', order: order(id), quantity });
const refused = (id: string): ProductEvent => ({ type: 'StockRefused', order: order(id), reason: 'OUT_OF_STOCK' });
const committed = (id: string): ProductEvent => ({ type: 'StockCommitted', order: order(id) });
const released = (id: string): ProductEvent => ({ type: 'StockReleased', order: order(id) });
const repeated = (id: string): ProductEvent => ({ type: 'AnswerRepeated', order: order(id) });

const reserve = (id: string, quantity = 1, ifUnavailable: 'REFUSE' | 'WAIT' = 'WAIT'): ProductInput => ({ type: 'ReserveStock', order: order(id), quantity, ifUnavailable });
const commit = (id: string): ProductInput => ({ type: 'CommitStock', order: order(id) });
const release = (id: string): ProductInput => ({ type: 'ReleaseStock', order: order(id) });
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

describe('an order', () => {
  test('holds what it reserved, and what is available falls at once (P3)', () => {
    given(listed(3)).when(reserve('a', 2)).then(reserved('a', 2));
    expect(counts(listed(3), reserved('a', 2))).toEqual({ onHand: 3, held: 2, committed: 0, available: 1 });
  });
  test('may have the last unit', () => given(listed(1)).when(reserve('a')).then(reserved('a')));
  test('is refused when there are not so many, and holds nothing (P2)', () => given(listed(1), reserved('a')).when(reserve('b', 1, 'REFUSE')).then(refused('b')));
  test('stands in line when it would rather wait (R8)', () => given(listed(1), reserved('a')).when(reserve('b')).then(awaited('b')));
  test('passes nobody who waits already, even where less is wanted than is there', () => {
    given(listed(1), awaited('a', 2)).when(reserve('b')).then(awaited('b'));
    given(listed(1), awaited('a', 2)).when(reserve('b', 1, 'REFUSE')).then(refused('b'));
  });
  test('that is older stands before them, though its message took longer', () =>
    given(listed(1), awaited('b', 2)).when(reserve('a')).then(awaited('a'), reserved('a')));
  test('takes its units off the shelf when they are handed over, not before (R4)', () => {
    given(listed(3), reserved('a', 2)).when(commit('a')).then(committed('a'));
    expect(counts(listed(3), reserved('a', 2), committed('a'))).toEqual({ onHand: 1, held: 0, committed: 2, available: 1 });
  });
  test('gives back what it holds (P7)', () => expect(counts(listed(3), reserved('a', 2), released('a'))).toEqual({ onHand: 3, held: 0, committed: 0, available: 3 }));
  test('returns what it was handed: on hand rises again', () =>
    expect(counts(listed(3), reserved('a', 2), committed('a'), released('a'))).toEqual({ onHand: 3, held: 0, committed: 0, available: 3 }));
  test('of a product that is not there holds nothing', () => {
    given().when(reserve('a')).then({ type: 'StockRefused', order: order('a'), reason: 'NO_SUCH_PRODUCT' });
    given().when(release('a')).then(released('a'));
  });
});

describe('a command that comes twice, or late', () => {
  test('finds the hold and answers the same', () => {
    given(listed(3), reserved('a')).when(reserve('a')).then(repeated('a'));
    given(listed(3), reserved('a'), committed('a')).when(commit('a')).then(repeated('a'));
    given(listed(0), awaited('a')).when(reserve('a')).then(repeated('a'));
  });
  test('a reservation after its release takes nothing', () => given(listed(3), released('a')).when(reserve('a')).then(repeated('a')));
  test('a hand-over after its release takes nothing', () => given(listed(3), reserved('a'), released('a')).when(commit('a')).then(repeated('a')));
  test('a release gives back once', () =>
    expect(counts(listed(3), reserved('a', 2), committed('a'), released('a'), released('a'))).toEqual({ onHand: 3, held: 0, committed: 0, available: 3 }));
});

describe('those who wait', () => {
  test('are served on restock, the oldest order first, however they came', () =>
    given(listed(0), awaited('c'), awaited('a'), awaited('b')).when(restock(2)).then(...[restocked(2), reserved('a'), reserved('b')]));
  test('get what another gives back', () => given(listed(1), reserved('a'), awaited('b')).when(release('a')).then(released('a'), reserved('b')));
  test('get what another returns', () =>
    given(listed(1), reserved('a'), committed('a'), awaited('b')).when(release('a')).then(released('a'), reserved('b')));
  test('are not passed by when the first wants more than there is', () =>
    given(listed(0), awaited('a', 3), awaited('b')).when(restock(2)).then(restocked(2)));
  test('move up when the one before them leaves', () =>
    given(listed(0), awaited('a', 3), awaited('b'), restocked(2)).when(release('a')).then(released('a'), reserved('b')));
  test('are served when a recount finds more', () =>
    given(listed(0), awaited('a')).when(adjust(1)).then({ type: 'ProductAdjusted', onHand: 1, text: 'counted' }, reserved('a')));
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

describe('every state meets every input', () => {
  const histories = {
    none: [],
    fresh: [listed(1)],
    waiting: [listed(0), awaited('a')],
    held: [listed(1), reserved('a')],
    committed: [listed(1), reserved('a'), committed('a')],
    released: [listed(1), released('a')],
  } satisfies Record<string, ProductEvent[]>;
  type History = keyof typeof histories;
  const inputs: Record<ProductInput['type'], ProductInput> = {
    ListProduct: { type: 'ListProduct', terms, onHand: 1 },
    RestockProduct: restock(1),
    AdjustProduct: adjust(2),
    ReserveStock: reserve('a'),
    ReleaseStock: release('a'),
    CommitStock: commit('a'),
    RepublishProduct: { type: 'RepublishProduct' },
  };
  // In the order of `histories`: the events, a refusal in brackets, or nothing.
  const table: Record<ProductInput['type'], readonly string[]> = {
    ListProduct: ['ProductListed', '', '', '', '', ''],
    RestockProduct: ['(no-such-product)', 'ProductRestocked', 'ProductRestocked,StockReserved', 'ProductRestocked', 'ProductRestocked', 'ProductRestocked'],
    AdjustProduct: ['(no-such-product)', 'ProductAdjusted', 'ProductAdjusted,StockReserved', 'ProductAdjusted', 'ProductAdjusted', 'ProductAdjusted'],
    ReserveStock: ['StockRefused', 'StockReserved', 'AnswerRepeated', 'AnswerRepeated', 'AnswerRepeated', 'AnswerRepeated'],
    ReleaseStock: Array<string>(6).fill('StockReleased'),
    CommitStock: ['StockReleased', 'StockReleased', 'StockReleased', 'StockCommitted', 'AnswerRepeated', 'AnswerRepeated'],
    RepublishProduct: ['', ...Array<string>(5).fill('ProductRepublished')],
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history, index) =>
    Object.values(inputs).map((input) => [history, input.type, table[input.type][index]!] as const),
  );
  test.each(pairs)('%s + %s → %s', (history, type, expected) => {
    const decision = product.decide(after(...histories[history]), inputs[type]);
    expect(decision.accepted ? decision.events.map((event) => event.type).join() : `(${decision.refusal})`).toBe(expected);
  });
});

test('whatever comes in whatever order, counts add up, nothing is promised twice, and nobody waits for what is there', () => {
  // A small generator of its own: the same thousand histories in every run.
  let seed = 7;
  const pick = (count: number): number => ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 8) % count;
  for (let history = 0; history < 1_000; history++) {
    let state = product.evolve(product.initial, listed(pick(4)));
    let stocked = state.status === 'listed' ? state.stock.onHand : 0;
    for (let step = 0; step < 30; step++) {
      const id = `order-${pick(6)}`;
      const input = [reserve(id, 1 + pick(2)), reserve(id, 1, 'REFUSE'), commit(id), release(id), restock(1)][pick(5)]!;
      const decision = product.decide(state, input);
      if (!decision.accepted) continue;
      state = decision.events.reduce(product.evolve, state);
      if (input.type === 'RestockProduct') stocked += 1;
      if (state.status === 'none') throw new Error('it is listed');
      const { stock } = state;
      const held = Object.values(stock.holds).filter(({ stage }) => stage === 'held').reduce((sum, { quantity }) => sum + quantity, 0);
      expect(stock.held).toBe(held);
      expect(available(stock) + stock.held + stock.committed).toBe(stocked);
      expect(available(stock)).toBeGreaterThanOrEqual(0);
      const first = stock.line[0];
      if (first) expect(stock.holds[first]!.quantity).toBeGreaterThan(available(stock));
    }
  }
});
