import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { CardRefusal } from '#kernel/card.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Contract } from './contract.ts';
import type { Product } from './product.ts';
import type { Refusal, Rental, RentalEvent } from './rental.ts';

/** `facts` reads what else the decision needs, and again when another writer was first. */
type Update = <Facts = undefined>(
  id: string,
  decide: (state: Rental, facts: Facts) => Decision<RentalEvent, Refusal>,
  facts?: () => Promise<Facts>,
) => Promise<Updated<Rental, Refusal>>;

/** Where rentals are kept. */
export interface Rentals {
  /** Decides on the stored state; saves the new state and what follows from it in one transaction. */
  update: Update;
  /** The same for a step on the way: it is not yet what the caller asked for. */
  updateWithoutProof: Update;
  get(id: string): Promise<StoredAggregate<Rental> | undefined>;
  /** Those that are paid, newest first; of one customer, or of all. */
  list(
    filter: { customerId?: string; status?: Rental['status'] },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Rental>[]>;
  /** The rental that this very call began when it came before and was cut short; and what a rental is marked with to be found so. */
  earlierAttempt(): Promise<{ rental?: StoredAggregate<Rental>; mark: readonly Limit[] }>;
  /** The customer's limits, for a rental with this id. */
  limits(id: string, customerId: string): Promise<Limit[]>;
}

/** Rental's own copy of the products. */
export interface Products {
  find(id: string): Promise<Product | undefined>;
  /** The newest 200. */
  newest(): Promise<readonly Product[]>;
  isEmpty(): Promise<boolean>;
}

/** The way to payment, which is asked while the customer waits. */
export interface Payments {
  /**
   * Has the customer charged, once per rental however often it is asked. Runs `intend` once there is room to ask, and asks only after
   * it, and only if it resolves with true. Rejects when there is none or no answer comes; whether the customer was charged is then not
   * known.
   */
  pay(
    id: string,
    contract: Contract,
    intend: () => Promise<boolean>,
  ): Promise<'paid' | 'declined' | 'too-many-declines' | CardRefusal | 'not-intended'>;
}
