import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant, LocalDate } from '#kernel/time.ts';
import type { Assignment, AssignmentEvent, AssignmentRefusal } from './assignment.ts';
import type { Candidate } from './choice.ts';
import type { Dealership, DealershipEvent, Location } from './dealership.ts';

export interface Page {
  size: number;
  /** Only what comes after this id. */
  after?: string;
}

interface Collection<State, Event, Refusal extends string, Filter> {
  get(id: string): Promise<StoredAggregate<State> | undefined>;
  /** Newest first; what the filter leaves open matches all. */
  list(filter: Filter, page: Page): Promise<StoredAggregate<State>[]>;
  /**
   * Decides on the stored state; saves the new state and what follows from it in one transaction. `facts` reads what else the
   * decision needs, and again when another writer was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: State, facts: Facts) => Decision<Event, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<State, Refusal>>;
}

export type Dealerships = Collection<Dealership, DealershipEvent, never, { dealerId?: string | undefined }>;

export interface Assignments extends Collection<
  Assignment,
  AssignmentEvent,
  AssignmentRefusal,
  { dealerId?: string | undefined; status?: Assignment['status'] | undefined }
> {
  /** Those without a dealership, oldest first. */
  waiting(page: Page): Promise<StoredAggregate<Assignment>[]>;
}

export type Near = Omit<Candidate, 'taken'>;

/** All dealerships on the map. */
export interface Directory {
  size: number;
  /** The nearest to a place, nearest first: fewer than `count` where no more are within reach. */
  nearest(location: Location, count: number): readonly Near[];
}

/** Taken places of the day, by dealership; a dealership without any is left out. */
export type Taken = ReadonlyMap<string, readonly number[]>;

export interface Ports {
  dealerships: Dealerships;
  assignments: Assignments;
  /** As it is now: who joined is on it. */
  directory(): Promise<Directory>;
  taken(day: LocalDate, dealershipIds: readonly string[]): Promise<Taken>;
  now(): Instant;
  /** In [0, 1). */
  random(): number;
}
