import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Products } from './ports.ts';
import { product, type Product, type ProductInput, type ProductRefusal } from './product.ts';
import type { Standing } from './steps.ts';
import { inLine } from './stock.ts';

type Administration = Extract<
  ProductInput,
  { type: 'ListProduct' | 'ChangeProduct' | 'CloseProduct' | 'ReopenProduct' | 'RestockProduct' | 'AdjustProduct' }
>;

/** An administrator lists, changes, closes, reopens, restocks or adjusts a product. */
export const administer = (
  products: Products,
  id: string,
  input: Administration,
): Promise<Updated<Product, ProductRefusal>> => products.update(id, (state) => product.decide(state, input));

/** A product that is on sale, or undefined. */
export async function readProduct(products: Products, id: string): Promise<StoredAggregate<Product> | undefined> {
  const kept = await products.get(id);
  return kept?.state.status === 'listed' ? kept : undefined;
}

/** Handles a request of an order at once, by the same decision as the command. */
export async function reserveStock(
  products: Products,
  id: string,
  wish: { order: OrderRef; quantity: number; ifUnavailable: 'REFUSE' | 'WAIT' },
): Promise<Standing | 'no-such-product'> {
  const read = () => products.standing(id, wish.order.id);
  const updated = await products.update(
    id,
    (state, standing) => product.decide(state, { type: 'ReserveStock', ...wish, standing }),
    read,
  );
  if (!updated.accepted || updated.after.state.status === 'none') return 'no-such-product';
  return inLine(updated.after.state.stock, wish.order.id) ?? (await read())!;
}
