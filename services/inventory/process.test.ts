import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { products } from './process.ts';
import type { ProductEvent, ProductInput, Terms } from './product.ts';

const terms: Terms = { name: 'Eunha Fold', kind: 'PHONE', price: krw(2_238_500), monthlyFee: krw(0), deposit: krw(0) };
const order = { kind: 'preorder.preorder', id: 'a' };
const listed = (onHand: number): ProductEvent => ({ type: 'ProductListed', terms, onHand });

/** What is told when `input` meets a product with that past. */
function told(past: readonly ProductEvent[], input: ProductInput) {
  const state = past.reduce(products.evolve, products.initial);
  const decision = products.decide(state, input);
  if (!decision.accepted) throw new Error(decision.refusal);
  const after = { id: 'p', state: decision.events.reduce(products.evolve, state), version: 2, createdAt: 0, updatedAt: 0 };
  return products.consequences(decision.events, after).messages;
}
const reserve = (ifUnavailable: 'REFUSE' | 'WAIT'): ProductInput => ({ type: 'ReserveStock', order, quantity: 1, ifUnavailable });

describe('inventory answers', () => {
  test('with what the order holds', () => expect(told([listed(1)], reserve('WAIT'))).toEqual([{ type: 'StockReserved', order, quantity: 1 }]));
  test('with why it holds nothing, and whether it waits', () => {
    expect(told([listed(0)], reserve('REFUSE'))).toEqual([{ type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: false }]);
    expect(told([listed(0)], reserve('WAIT'))).toEqual([{ type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true }]);
    expect(told([], reserve('WAIT'))).toEqual([{ type: 'StockUnavailable', order, reason: 'NO_SUCH_PRODUCT', waiting: false }]);
  });
  test.each<[string, ProductEvent[], unknown]>([
    ['waiting', [{ type: 'StockAwaited', order, quantity: 1 }], { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true }],
    ['held', [{ type: 'StockReserved', order, quantity: 1 }], { type: 'StockReserved', order, quantity: 1 }],
    ['committed', [{ type: 'StockReserved', order, quantity: 1 }, { type: 'StockCommitted', order }], { type: 'StockCommitted', order }],
    ['released', [{ type: 'StockReleased', order }], { type: 'StockReleased', order }],
  ])('a repeated wish as before: %s', (_, past, answer) => expect(told([listed(1), ...past], reserve('WAIT'))).toEqual([answer]));
  test('everybody whose turn has come', () =>
    expect(told([listed(0), { type: 'StockAwaited', order, quantity: 1 }], { type: 'RestockProduct', quantity: 1 })).toEqual([
      expect.objectContaining({ type: 'ProductChanged' }),
      { type: 'StockReserved', order, quantity: 1 },
    ]));
});

test('the catalogue is told of what administrators do, and again when a replica asks', () => {
  const whole = { terms, stock: expect.objectContaining({ onHand: 1 }) };
  expect(told([], { type: 'ListProduct', terms, onHand: 1 })).toEqual([{ type: 'ProductListed', ...whole }]);
  expect(told([listed(3)], { type: 'AdjustProduct', onHand: 1, text: 'two broke' })).toEqual([{ type: 'ProductChanged', ...whole, text: 'two broke' }]);
  expect(told([listed(1)], { type: 'RepublishProduct' })).toEqual([{ type: 'ProductListed', ...whole }]);
});
