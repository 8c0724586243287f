import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { previewCancellation } from './cancellation.ts';
import { contractFor } from './contract.ts';
import type { Product } from './product.ts';
import { quoteRental, type RentalQuote } from './quote.ts';
import { rentals, type RentalEvent } from './rental.ts';
import { quoteFor } from './usecases.ts';

const product: Product = {
  ...{ id: 'mini', name: 'Mini', isDispenser: true, isClosed: false, version: 1 },
  ...{ monthlyFee: krw(19_900), deposit: krw(50_000) },
};
const other = (id: string, fee: number, more: Partial<Product> = {}): Product => ({
  ...product,
  ...{ id, name: id, monthlyFee: krw(fee) },
  ...more,
});
const wish = { customerId: '', productId: 'mini', months: 24, address: '1 World Cup-ro' };

type Asked = Parameters<typeof quoteRental>[0];
const ask = (more: Partial<Asked>) => quoteRental({ wish, product, agreed: undefined, onSale: [], ...more });
function quoted(more: Partial<Asked> = {}): RentalQuote {
  const quote = ask(more);
  if ('refusal' in quote) throw new Error(quote.refusal);
  return quote;
}

describe('a quote for a rental (B1)', () => {
  test('says what the first payment is made of, and what a cancellation refunds', () =>
    expect(quoted()).toEqual({
      isAvailable: true,
      reason: undefined,
      lines: [
        { text: 'Mini · deposit', quantity: 1, unitPrice: krw(50_000), amount: krw(50_000) },
        { text: 'Mini · first month', quantity: 1, unitPrice: krw(19_900), amount: krw(19_900) },
      ],
      total: krw(69_900),
      refundSteps: [{ percent: 100, refund: krw(69_900) }],
      alternatives: [],
    }));
  test('shows up to three other dispensers on sale, the nearest fee first, when the product is closed', () => {
    const onSale = [
      other('dear', 90_000),
      other('near', 20_000),
      other('closed', 19_900, { isClosed: true }),
      other('phone', 19_900, { isDispenser: false }),
      other('cheap', 9_900),
      other('far', 99_000),
    ];
    expect(quoted({ product: { ...product, isClosed: true }, onSale })).toMatchObject({
      ...{ isAvailable: false, reason: 'not-on-sale', total: krw(69_900) },
      alternatives: [
        { productId: 'near', name: 'near', total: krw(70_000) },
        { productId: 'cheap', total: krw(59_900) },
        { productId: 'dear', total: krw(140_000) },
      ],
    });
  });
  test('is not available at another first payment than the agreed one', () =>
    expect(quoted({ agreed: krw(1) })).toMatchObject({ isAvailable: false, reason: 'price-changed' }));
  test('is refused as the rental would be', () => {
    expect(ask({ product: undefined })).toMatchObject({ refusal: 'no-such-product' });
    expect(ask({ product: { ...product, isDispenser: false } })).toMatchObject({ refusal: 'not-a-dispenser' });
  });
  test('looks for other dispensers only when the product is closed', async () => {
    const closed = { ...product, isClosed: true };
    const products = (found: Product) => ({ find: async () => found, newest: async () => [other('near', 20_000)] });
    const asked = { wish, agreed: undefined };
    expect(await quoteFor({ products: products(closed) }, asked)).toMatchObject({
      alternatives: [{ productId: 'near' }],
    });
    expect(await quoteFor({ products: products(product) }, asked)).toMatchObject({ alternatives: [] });
  });
});

test('a rental at the quoted total is never refused with another price, and its cancellation refunds what the quote said (B1)', () => {
  for (let nth = 1; nth <= 200; nth++) {
    const of: Product = { ...product, monthlyFee: krw(nth * 333), deposit: krw((nth % 7) * 10_000) };
    const quote = quoted({ product: of });
    const contract = contractFor({ ...wish, customerId: 'customer' }, of);
    if (typeof contract === 'string') throw new Error(contract);
    const decision = rentals.decide(rentals.initial, {
      ...{ type: 'BeginPayment', contract, agreed: quote.total, limits: [] },
    });
    if (!decision.accepted) throw new Error(decision.refusal);
    const paid: RentalEvent[] = [...decision.events, { type: 'RentalReceived' }];
    const [{ percent, refund } = {}] = quote.refundSteps;
    expect(previewCancellation(paid.reduce(rentals.evolve, rentals.initial))).toMatchObject({
      ...{ paid: quote.total, percent, refund },
    });
  }
});
