import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Instant } from '#kernel/time.ts';
import type { Person } from './hours.ts';
import type { Lesson, LessonEvent, LessonRefusal } from './lesson.ts';
import type { Purchase, PurchaseEvent, Refusal } from './purchase.ts';

export interface Page {
  size: number;
  /** Only what comes after this id. */
  after?: string;
}

/** What people look for in a list of lessons; what is left open matches all. */
export interface Wanted {
  subject?: string;
  /** Words of what is written about the lesson. */
  text?: string;
  /** A start time in [from, to) is free. */
  free?: { from: Instant; to: Instant } | undefined;
}

export interface LessonFilter extends Wanted {
  sellerId?: string;
  status?: Lesson['status'];
  /** Only those that are not closed, and whose seller is not suspended. */
  isOpen?: true;
}

/** Where lessons are kept. */
export interface Lessons {
  /** As `Purchases.update`. */
  update<Facts = undefined>(
    id: string,
    decide: (state: Lesson, facts: Facts) => Decision<LessonEvent, LessonRefusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Lesson, LessonRefusal>>;
  /** One of a seller who is suspended is closed. */
  get(id: string): Promise<StoredAggregate<Lesson> | undefined>;
  /** Newest first; what the filter leaves open matches all. */
  list(filter: LessonFilter, page: Page): Promise<StoredAggregate<Lesson>[]>;
  /** The start times of a lesson that are sold. */
  sold(id: string): Promise<readonly Instant[]>;
  /** The seller's limits, for a lesson with this id. */
  limits(id: string, sellerId: string): Promise<Limit[]>;
}

/** Where purchases are kept. */
export interface Purchases {
  /** The quarter-hours from `from` on, and before `to`, that active purchases take of somebody's time. */
  busy(person: Person, from: number, to?: number): Promise<readonly number[]>;
  /**
   * Decides on the stored state; saves the new state and what follows in one transaction. `facts` reads what else the decision
   * needs, and again when somebody else was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: Purchase, facts: Facts) => Decision<PurchaseEvent, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Purchase, Refusal>>;
  get(id: string): Promise<StoredAggregate<Purchase> | undefined>;
  /** Newest first; what the filter leaves open matches all. */
  list(
    filter: { buyerId?: string; sellerId?: string; status?: Purchase['status'] },
    page: Page,
  ): Promise<StoredAggregate<Purchase>[]>;
  /** The buyer's limits, for a purchase with this id. */
  limits(id: string, buyerId: string): Promise<Limit[]>;
}
