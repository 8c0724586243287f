import type { Product } from '../../services/inventory/product.ts';
import { standingAfter, type Standing } from '../../services/inventory/steps.ts';
import { available, inLine, type Stock } from '../../services/inventory/stock.ts';
import type { Play } from './history.ts';

/** What there is of the one product on sale, and what each order has of it: its place in the row's line, or what its steps come to. */
export interface Shelf {
  stock: Stock;
  has(orderId: string): 'waiting' | 'held' | 'committed' | 'nothing';
  /** What is wrong with it, whatever its orders say. */
  broken: readonly string[];
}

export function shelfOf({ world }: Play): Shelf {
  const [product] = world.stored<Product>('inventory', 'product');
  if (product?.state.status !== 'listed') throw new Error('nothing is on sale');
  const { stock } = product.state;
  const steps = Map.groupBy(world.services.get('inventory')!.disk.claims.keys(), (key) => key.split('/')[1]!);
  const standings = new Map([...steps].map(([id, keys]) => [id, standingAfter(keys)]));
  return {
    stock,
    has(id) {
      const standing = inLine(stock, id) ?? standings.get(id);
      return standing && 'quantity' in standing ? standing.stage : 'nothing';
    },
    broken: broken(stock, [...standings.values()]),
  };
}

/** 3: counts are what orders have, nothing is promised twice, and nobody waits for what is there. */
function broken(stock: Stock, standings: readonly (Standing | undefined)[]): string[] {
  const units = (stage: string): number =>
    standings.reduce(
      (sum, standing) => sum + (standing?.stage === stage && 'quantity' in standing ? standing.quantity : 0),
      0,
    );
  const [first] = stock.line;
  return [
    ...(stock.held === units('held') && stock.committed === units('committed')
      ? []
      : ['3: the counts are not what orders have']),
    ...(available(stock) >= 0 ? [] : ['3: more is held than there is']),
    ...(first && first.quantity <= available(stock) ? [`3: ${first.order.id} waits for what is there`] : []),
  ];
}
