import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { previewCancellation } from './cancellation.ts';
import { preorders, type Phone, type PreorderEvent } from './preorder.ts';
import { quotePhones, type PreorderQuote, type Variant } from './quote.ts';
import { phone, wish } from './testing/sample.ts';
import { quotePreorder } from './usecases.ts';

const at = Date.UTC(2026, 10, 30);
const variant = (id: string, more: Partial<Phone> = {}): Variant => ({ ...phone, id, name: id, ...more });

type Asked = Parameters<typeof quotePhones>[0];
const ask = (more: Partial<Asked>) =>
  quotePhones({ wish, phone, variants: [], agreed: undefined, ...more }, at, days(7));
function quoted(more: Partial<Asked> = {}): PreorderQuote {
  const quote = ask(more);
  if ('refusal' in quote) throw new Error(quote.refusal);
  return quote;
}

describe('a quote for phones (B1)', () => {
  test('says what they cost, until when they are held, and that a cancellation refunds nothing, since nothing is paid', () =>
    expect(quoted()).toEqual({
      isAvailable: true,
      reason: undefined,
      lines: [{ text: 'Eunha Fold', quantity: 2, unitPrice: krw(1_000_000), amount: krw(2_000_000) }],
      total: krw(2_000_000),
      refundSteps: [{ percent: 100, refund: krw(0) }],
      holdUntil: at + days(7),
      alternatives: [],
    }));
  test('shows as many as there are, and other variants by the nearest price, when there are not enough', () => {
    const variants = [
      variant('fold'),
      variant('dear', { price: krw(1_900_000) }),
      variant('near', { price: krw(1_100_000) }),
      variant('closed', { isClosed: true }),
      variant('short', { available: 1 }),
      variant('cheap', { price: krw(700_000) }),
    ];
    const few = { ...phone, available: 1 };
    expect(quoted({ phone: few, variants })).toMatchObject({
      ...{ isAvailable: false, reason: 'out-of-stock', total: krw(2_000_000) },
      alternatives: [
        { productId: 'fold', name: 'Eunha Fold', quantity: 1, total: krw(1_000_000) },
        { productId: 'near', name: 'near', quantity: 2, total: krw(2_200_000) },
        { productId: 'cheap', name: 'cheap', quantity: 2, total: krw(1_400_000) },
      ],
    });
    expect(quoted({ phone: { ...phone, available: 0 } })).toMatchObject({ alternatives: [] });
  });
  test('is not available for a closed phone, or at another total than the agreed one', () => {
    expect(quoted({ phone: { ...phone, isClosed: true } })).toMatchObject({
      isAvailable: false,
      reason: 'not-on-sale',
    });
    expect(quoted({ agreed: krw(1) })).toMatchObject({ isAvailable: false, reason: 'price-changed' });
  });
  test('is refused as the pre-order would be', () => {
    expect(ask({ phone: undefined })).toMatchObject({ refusal: 'no-such-product' });
  });
  test('looks for variants only when there are not enough', async () => {
    const looked: string[] = [];
    const inventory = (available: number) => ({
      find: async () => ({ ...phone, available, family: 'Fold' }),
      variants: async (family: string) => (looked.push(family), []),
    });
    const asked = { wish, agreed: undefined };
    expect(await quotePreorder(inventory(2), asked, at, days(7))).toMatchObject({ isAvailable: true });
    expect(looked).toEqual([]);
    expect(await quotePreorder(inventory(1), asked, at, days(7))).toMatchObject({ isAvailable: false });
    expect(looked).toEqual(['Fold']);
  });
  test('fails as the pre-order would while inventory does not answer: it alone knows the price', async () => {
    const away = async () => Promise.reject(new Unavailable('inventory is away'));
    await expect(
      quotePreorder({ find: away, variants: away }, { wish, agreed: undefined }, at, days(7)),
    ).rejects.toThrow('inventory is away');
  });
});

test('a pre-order at the quoted total is never refused with another price, and its cancellation refunds what the quote said (B1)', () => {
  for (let nth = 1; nth <= 200; nth++) {
    const of: Phone = { ...phone, price: krw(nth * 4_321), available: 10 };
    const wanted = { ...wish, quantity: 1 + (nth % 10) };
    const quote = quoted({ phone: of, wish: wanted });
    const decision = preorders.decide(preorders.initial, {
      ...{ type: 'RequestPreorder', wish: wanted, phone: of, agreed: quote.total, limits: [] },
    });
    if (!decision.accepted) throw new Error(decision.refusal);
    const held: PreorderEvent[] = [...decision.events, { type: 'PreorderRequested' }];
    const [{ percent, refund } = {}] = quote.refundSteps;
    expect(previewCancellation(held.reduce(preorders.evolve, preorders.initial))).toMatchObject({ percent, refund });
  }
});
