import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Cafe } from './cafe.ts';
import type { SeatStates } from './quote.ts';
import type { Refusal, Selection, SelectionEvent } from './selection.ts';
import type { Period } from './times.ts';

/** Where selections are kept. */
export interface Selections {
  /**
   * Decides on the stored state; saves the new state and what follows in one transaction. `facts` reads what else the decision
   * needs, and again when another writer was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: Selection, facts: Facts) => Decision<SelectionEvent, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Selection, Refusal>>;
  get(id: string): Promise<StoredAggregate<Selection> | undefined>;
  /** Newest first; of one customer, or of all. */
  list(
    filter: { customerId?: string; status?: Selection['status'] },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Selection>[]>;
  /** The customer's limits, for a selection with this id. */
  limits(id: string, customerId: string): Promise<Limit[]>;
}

/** Seating's own copy of the cafes. */
export interface Cafes {
  find(id: string): Promise<Cafe | undefined>;
  isEmpty(): Promise<boolean>;
}

/** Studycafe, asked which seats are free. */
export interface Seats {
  /** Undefined when it does not answer in time, or does not know the cafe. */
  states(cafeId: string, period: Period): Promise<SeatStates | undefined>;
}

export interface Ports {
  selections: Selections;
  cafes: Cafes;
}
