import type { Kept, Updated } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Products } from './ports.ts';
import { product, type Product, type ProductInput, type ProductRefusal } from './product.ts';
import type { Hold } from './stock.ts';

type Administration = Extract<ProductInput, { type: 'ListProduct' | 'RestockProduct' | 'AdjustProduct' }>;

/** An administrator lists, restocks or adjusts a product. */
export const administer = (products: Products, id: string, input: Administration): Promise<Updated<Product, ProductRefusal>> =>
  products.update(id, (state) => product.decide(state, input));

/** A product that is on sale, or undefined. */
export async function readProduct(products: Products, id: string): Promise<Kept<Product> | undefined> {
  const kept = await products.get(id);
  return kept?.state.status === 'listed' ? kept : undefined;
}

/** What an order asks for, answered at once: its hold, if it has one. The same decision as the command's. */
export async function reserveStock(
  products: Products,
  id: string,
  wish: { order: OrderRef; quantity: number; ifUnavailable: 'REFUSE' | 'WAIT' },
): Promise<Hold | 'no-such-product' | 'out-of-stock'> {
  const updated = await products.update(id, (state) => product.decide(state, { type: 'ReserveStock', ...wish }));
  if (!updated.accepted || updated.after.state.status === 'none') return 'no-such-product';
  return updated.after.state.stock.holds[wish.order.id] ?? 'out-of-stock';
}
