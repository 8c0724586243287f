import type { Refused } from '#kernel/decision.ts';
import { totalMismatch, times, type Money } from '#kernel/money.ts';
import { mostAlternatives, type Quote } from '#kernel/quote.ts';
import type { Instant } from '#kernel/time.ts';
import { bookingOf, type Phone, type Refusal, type Wish } from './preorder.ts';

/** Fewer of the same phone, or another variant of it. */
export interface OtherPhones {
  productId: string;
  name: string;
  quantity: number;
  total: Money;
}

export type Variant = Phone & { id: string };

export type PreorderQuote = Quote<'not-on-sale' | 'out-of-stock' | 'price-changed', OtherPhones>;

/** What a pre-order would be now, by the very terms that it would get. It is paid at the dealership, so there is nothing to refund. */
export function quotePhones(
  {
    wish,
    phone,
    variants,
    agreed,
  }: { wish: Wish; phone: Phone | undefined; variants: readonly Variant[]; agreed: Money | undefined },
  at: Instant,
  /** How long stock is held without a dealership's acceptance, in milliseconds. */
  acceptWithin: number,
): PreorderQuote | Refused<Refusal> {
  const wanted = bookingOf(wish, phone);
  if (!wanted.accepted) return wanted;
  const { booking, phone: of } = wanted;
  const reason = of.isClosed
    ? 'not-on-sale'
    : isShort(wish, of)
      ? 'out-of-stock'
      : totalMismatch(agreed, booking.total)
        ? 'price-changed'
        : undefined;
  return {
    isAvailable: reason === undefined,
    reason,
    lines: [{ text: of.name, quantity: wish.quantity, unitPrice: of.price, amount: booking.total }],
    total: booking.total,
    refundSteps: [{ percent: 100, refund: { ...booking.total, amount: 0 } }],
    holdUntil: at + acceptWithin,
    alternatives: reason === 'out-of-stock' ? otherPhones(wish, of, variants) : [],
  };
}

const isShort = ({ quantity }: Wish, { available }: Phone): boolean => quantity > available;

/** As many of the same phone as there are; then variants of which there are enough, those of the nearest price first. */
function otherPhones(wish: Wish, phone: Phone, variants: readonly Variant[]): OtherPhones[] {
  const shown = ({ id, name, price }: Variant, quantity: number): OtherPhones => ({
    ...{ productId: id, name, quantity },
    total: times(price, quantity),
  });
  const apart = ({ price }: Phone): number => Math.abs(price.amount - phone.price.amount);
  const enough = variants
    .filter((each) => each.id !== wish.productId && !each.isClosed && !isShort(wish, each))
    .toSorted((one, other) => apart(one) - apart(other))
    .map((each) => shown(each, wish.quantity));
  const fewer = phone.available > 0 ? [shown({ ...phone, id: wish.productId }, phone.available)] : [];
  return [...fewer, ...enough].slice(0, mostAlternatives);
}
