import { refuse, type Refused } from '#kernel/decision.ts';
import { minus, totalMismatch, type Money } from '#kernel/money.ts';
import { mostAlternatives, type Quote, type RefundStep } from '#kernel/quote.ts';
import { contractFor, firstPayment, type Contract, type Wish } from './contract.ts';
import { cancellationFee, type Cancellable } from './policy.ts';
import type { Product } from './product.ts';
import type { Refusal } from './rental.ts';

/** Another dispenser, for as many months. */
export interface OtherDispenser {
  productId: string;
  name: string;
  total: Money;
}

export type RentalQuote = Quote<'not-on-sale' | 'price-changed', OtherDispenser>;

/**
 * What a rental would be now, by the very terms that it would get. Lack of stock is no reason against it: a rental waits for stock. It is
 * paid at once, so nothing is held.
 */
export function quoteRental({
  wish,
  product,
  agreed,
  onSale,
}: {
  wish: Wish;
  product: Product | undefined;
  agreed: Money | undefined;
  /** Products that may be offered instead. */
  onSale: readonly Product[];
}): RentalQuote | Refused<Refusal> {
  const contract = contractFor(wish, product && { ...product, isClosed: false });
  if (!product || typeof contract === 'string') return refuse(contract as Refusal);
  const { monthlyFee, deposit } = contract;
  const total = firstPayment(contract);
  const reason = product.isClosed ? 'not-on-sale' : totalMismatch(agreed, total) ? 'price-changed' : undefined;
  const lineOf = (what: string, amount: Money) => ({
    ...{ text: `${product.name} · ${what}`, quantity: 1 },
    ...{ unitPrice: amount, amount },
  });
  return {
    isAvailable: reason === undefined,
    reason,
    lines: [lineOf('deposit', deposit), lineOf('first month', monthlyFee)],
    total,
    refundSteps: refundSteps(contract),
    alternatives: reason === 'not-on-sale' ? otherDispensers(wish, product, onSale) : [],
  };
}

const stages: readonly Cancellable[] = ['received', 'backordered', 'stock-confirmed', 'delivering'];

/** Shares in the order in which a rental meets them. It goes from one to the next as it proceeds, not at a time. */
function refundSteps({ policy, ...contract }: Contract): RefundStep[] {
  const paid = firstPayment({ policy, ...contract });
  return stages
    .filter((stage, nth) => policy.refundPercent[stage] !== policy.refundPercent[stages[nth - 1] ?? stage] || nth === 0)
    .map((stage) => ({
      percent: policy.refundPercent[stage],
      refund: minus(paid, cancellationFee(policy, paid, stage)),
    }));
}

/** Dispensers on sale, those of the nearest monthly fee first. */
function otherDispensers(wish: Wish, product: Product, onSale: readonly Product[]): OtherDispenser[] {
  const apart = ({ monthlyFee }: Product): number => Math.abs(monthlyFee.amount - product.monthlyFee.amount);
  return onSale
    .toSorted((one, other) => apart(one) - apart(other))
    .flatMap((other) => {
      const contract = contractFor({ ...wish, productId: other.id }, other);
      return typeof contract === 'string' || other.id === product.id
        ? []
        : [{ productId: other.id, name: other.name, total: firstPayment(contract) }];
    })
    .slice(0, mostAlternatives);
}
