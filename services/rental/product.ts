import { accept, type Decider } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';

/** Rental's copy of a product, so that a customer can rent while inventory is down (R8). */
export interface Product {
  id: string;
  name: string;
  isDispenser: boolean;
  monthlyFee: Money;
  deposit: Money;
  /** It cannot be ordered any more. */
  isClosed: boolean;
  /** Inventory's version of the product. */
  version: number;
}

export type ProductReplica = { status: 'unknown' } | { status: 'listed'; product: Product };

/** Takes a newer version; a late or repeated one changes nothing. */
export const products: Decider<ProductReplica, Product, Product, never> = {
  initial: { status: 'unknown' },
  defaults: { product: { isClosed: () => false } },
  decide: (state, product) =>
    state.status === 'listed' && state.product.version >= product.version ? accept() : accept(product),
  evolve: (_, product) => ({ status: 'listed', product }),
};
