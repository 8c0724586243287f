import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Product, ProductEvent, ProductRefusal, Terms } from './product.ts';
import type { Standing } from './steps.ts';

export interface Products {
  /**
   * Decides on the stored product; saves it and what follows in one transaction. `facts` reads what else the decision needs, and again
   * when another decision was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: Product, facts: Facts) => Decision<ProductEvent, ProductRefusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Product, ProductRefusal>>;
  get(id: string): Promise<StoredAggregate<Product> | undefined>;
  /** How an order stands by its steps; undefined before it makes any, and while it waits in line. */
  standing(id: string, orderId: string): Promise<Standing | undefined>;
  /** Those on sale, newest first. */
  list(
    filter: { kind?: Terms['kind'] | undefined; text?: string; seesClosed: boolean },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Product>[]>;
  /** Of every product on sale. */
  ids(): Promise<string[]>;
}
