import type { Kept, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Product, ProductEvent, ProductRefusal, Terms } from './product.ts';

export interface Products {
  /** Decides on the stored product; saves it and what follows in one transaction. */
  update(id: string, decide: (state: Product) => Decision<ProductEvent, ProductRefusal>): Promise<Updated<Product, ProductRefusal>>;
  get(id: string): Promise<Kept<Product> | undefined>;
  /** Those on sale, newest first. */
  list(filter: { kind?: Terms['kind'] | undefined }, page: { size: number; after?: string }): Promise<Kept<Product>[]>;
  /** Of every product on sale. */
  ids(): Promise<string[]>;
}
