import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Phone, Preorder, PreorderEvent, Refusal, Wish } from './preorder.ts';
import type { Stage } from './progress.ts';
import type { Variant } from './quote.ts';

/** `facts` reads what else the decision needs, and again when another writer was first. */
type Update = <Facts = undefined>(
  id: string,
  decide: (state: Preorder, facts: Facts) => Decision<PreorderEvent, Refusal>,
  facts?: () => Promise<Facts>,
) => Promise<Updated<Preorder, Refusal>>;

/** Where pre-orders are kept. */
export interface Preorders {
  /** Decides on the stored state; saves the new state and what follows in one transaction, with the proof that the caller was served. */
  update: Update;
  /** The same on the way to an answer: the caller is served by another update. */
  updateWithoutProof: Update;
  get(id: string): Promise<StoredAggregate<Preorder> | undefined>;
  /** Newest first; of one customer, or of all. Intentions are not listed. */
  list(
    filter: { customerId?: string; status?: Stage | 'cancelling' | 'cancelled' },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Preorder>[]>;
  /** The pre-order that this very call began when it came before and was cut short; and what one is marked with to be found so. */
  earlierAttempt(): Promise<{ preorder?: StoredAggregate<Preorder>; mark: readonly Limit[] }>;
  /** The customer's limits, for a pre-order with this id. */
  limits(id: string, wish: Pick<Wish, 'customerId' | 'productId' | 'quantity'>): Promise<Limit[]>;
}

/** Inventory, asked and waited for. Rejects when it does not answer: then it is not known whether it holds anything. */
export interface Inventory {
  /** The phone as it is sold now, if it exists. */
  find(productId: string): Promise<Phone | undefined>;
  /** Phones of a family; none when inventory does not answer. */
  variants(family: string): Promise<readonly Variant[]>;
  /**
   * Holds stock for an order; asked again for the same order, it is the same hold. Runs `intend` once there is room to ask, and asks only
   * after it, and only if it resolves with true.
   */
  hold(
    orderId: string,
    productId: string,
    quantity: number,
    intend: () => Promise<boolean>,
  ): Promise<'held' | 'out-of-stock' | 'not-intended'>;
}
