import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { products } from './process.ts';
import type { ProductEvent, ProductInput, Terms } from './product.ts';
import { standingAfter, type Standing } from './steps.ts';

const terms: Terms = {
  ...{ name: 'Eunha Fold', kind: 'PHONE', price: krw(2_238_500), monthlyFee: krw(0), deposit: krw(0) },
  ...{ description: '', photos: [], family: '', options: { colour: '', storage: '', size: '' } },
};
const order = { kind: 'preorder.preorder', id: 'a' };
const listed = (onHand: number): ProductEvent => ({ type: 'ProductListed', terms, onHand });

/** What follows when `input` meets a product with that past. */
function consequences(past: readonly ProductEvent[], input: ProductInput) {
  const state = past.reduce(products.evolve, products.initial);
  const decision = products.decide(state, input);
  if (!decision.accepted) throw new Error(decision.refusal);
  const after = {
    id: 'p',
    state: decision.events.reduce(products.evolve, state),
    version: 2,
    createdAt: 0,
    updatedAt: 0,
  };
  return products.consequences(decision.events, after);
}
const told = (past: readonly ProductEvent[], input: ProductInput) => consequences(past, input).messages;
const reserve = (ifUnavailable: 'REFUSE' | 'WAIT', standing?: Standing): ProductInput => ({
  type: 'ReserveStock',
  order,
  quantity: 1,
  ifUnavailable,
  standing,
});
const commit = (standing?: Standing): ProductInput => ({ type: 'CommitStock', order, standing });
const release = (standing?: Standing): ProductInput => ({ type: 'ReleaseStock', order, standing });
const waits: ProductEvent = { type: 'StockAwaited', order, quantity: 1 };
const holds: ProductEvent = { type: 'StockReserved', order, quantity: 1 };
const [held, committed]: readonly Standing[] = [
  { stage: 'held', quantity: 1 },
  { stage: 'committed', quantity: 1 },
];

describe('inventory answers', () => {
  test('with what the order holds', () =>
    expect(told([listed(1)], reserve('WAIT'))).toEqual([{ type: 'StockReserved', order, quantity: 1 }]));
  test('with why it holds nothing, and whether it waits', () => {
    expect(told([listed(0)], reserve('REFUSE'))).toEqual([
      { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: false },
    ]);
    expect(told([listed(0)], reserve('WAIT'))).toEqual([
      { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true },
    ]);
    expect(told([], reserve('WAIT'))).toEqual([
      { type: 'StockUnavailable', order, reason: 'NO_SUCH_PRODUCT', waiting: false },
    ]);
  });
  test.each<[string, ProductEvent[], Standing | undefined, unknown]>([
    ['waiting', [waits], undefined, { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true }],
    ['held', [holds], held, { type: 'StockReserved', order, quantity: 1 }],
    ['committed', [], committed, { type: 'StockCommitted', order }],
    ['released', [], { stage: 'released' }, { type: 'StockReleased', order }],
    ['refused', [], { stage: 'refused' }, { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: false }],
  ])('a repeated wish as before: %s', (_, past, standing, answer) =>
    expect(told([listed(1), ...past], reserve('WAIT', standing))).toEqual([{ ...(answer as object), again: true }]),
  );
  test.each([undefined, held, committed])('a release the same, whatever is given back: %p', (standing) =>
    expect(told([listed(1)], release(standing))).toEqual([{ type: 'StockReleased', order }]),
  );
  test('everybody whose turn has come', () =>
    expect(told([listed(0), waits], { type: 'RestockProduct', quantity: 1 })).toEqual([
      expect.objectContaining({ type: 'ProductChanged' }),
      { type: 'StockReserved', order, quantity: 1 },
    ]));
});

describe('what an order does once is claimed', () => {
  const claimed = (...asked: Parameters<typeof consequences>) => consequences(...asked).claims!.map(({ key }) => key);

  test('when it is met, whatever it comes for', () => {
    expect(claimed([listed(1)], reserve('WAIT'))).toEqual(['p/a/met', 'p/a/held/1']);
    expect(claimed([listed(0)], reserve('WAIT'))).toEqual(['p/a/met']);
    expect(claimed([listed(0)], reserve('REFUSE'))).toEqual(['p/a/met', 'p/a/refused']);
    expect(claimed([listed(1)], release())).toEqual(['p/a/met', 'p/a/released']);
    expect(claimed([listed(1)], commit())).toEqual(['p/a/met', 'p/a/released']);
  });
  test('when its turn has come, or it leaves the line', () => {
    expect(claimed([listed(0), waits], { type: 'RestockProduct', quantity: 1 })).toEqual(['p/a/held/1']);
    expect(claimed([listed(0), waits], release())).toEqual(['p/a/released']);
    expect(claimed([listed(0), waits], commit())).toEqual(['p/a/released']);
  });
  test('when its hold is over: by the same key, whichever way', () => {
    expect(claimed([listed(1), holds], commit(held))).toEqual(['p/a/over']);
    expect(claimed([listed(1), holds], release(held))).toEqual(['p/a/over', 'p/a/released']);
    expect(claimed([listed(1)], release(committed))).toEqual(['p/a/released']);
  });
  test('and no second time by a repeated answer, nor where there is no product', () => {
    expect(claimed([listed(1), holds], reserve('WAIT', held))).toEqual([]);
    expect(claimed([listed(1)], release({ stage: 'released' }))).toEqual([]);
    expect(claimed([], reserve('WAIT'))).toEqual([]);
    expect(claimed([], release())).toEqual([]);
  });
  test.each<[string, readonly string[], Standing | undefined]>([
    ['nothing', [], undefined],
    ['that it waits', ['met'], undefined],
    ['what it holds', ['held/12', 'met'], { stage: 'held', quantity: 12 }],
    ['what it was handed', ['held/12', 'met', 'over'], { stage: 'committed', quantity: 12 }],
    ['what it gave back', ['held/12', 'met', 'over', 'released'], { stage: 'released' }],
    ['that it was refused', ['met', 'refused'], { stage: 'refused' }],
    ['that it gave up', ['met', 'refused', 'released'], { stage: 'released' }],
  ])('and says how it stands: %s', (_, steps, standing) =>
    expect(standingAfter(steps.map((step) => `p/a/${step}`))).toEqual(standing),
  );
});

test('the catalogue is told of what administrators do, and again when a replica asks', () => {
  const whole = { terms, stock: expect.objectContaining({ onHand: 1 }), isClosed: false };
  expect(told([], { type: 'ListProduct', terms, onHand: 1 })).toEqual([{ type: 'ProductListed', ...whole }]);
  expect(told([listed(1)], { type: 'CloseProduct' })).toEqual([
    { type: 'ProductChanged', ...whole, isClosed: true, text: '' },
  ]);
  expect(told([listed(3)], { type: 'AdjustProduct', onHand: 1, text: 'two broke' })).toEqual([
    { type: 'ProductChanged', ...whole, text: 'two broke' },
  ]);
  expect(told([listed(1)], { type: 'RepublishProduct' })).toEqual([{ type: 'ProductListed', ...whole }]);
});
