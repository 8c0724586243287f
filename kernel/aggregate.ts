import type { Decider, Details } from './decision.ts';
import type { Instant } from './time.ts';

/** An aggregate as it is stored: the unit of a transaction. */
export interface StoredAggregate<State> {
  id: string;
  state: State;
  /** Rises by one with every change; 0 while nothing is stored. */
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
}

/** Result of a command on an aggregate: the decision, and the aggregate after it. */
export type Updated<State, Refusal extends string> =
  | { accepted: true; after: StoredAggregate<State> }
  | { accepted: false; refusal: Refusal; details?: Details };

/** Something that only one aggregate may hold at a time, e.g. a room's night. A primary key in the database says so. */
export interface Claim {
  /** What is claimed, e.g. `pine-2/2026-12-24`. */
  key: string;
}

/** A durable timer; firing is an ordinary input to the aggregate. Setting the same name again moves it. */
export interface Timer {
  name: string;
  /** When, by the database's clock. */
  at: Instant;
}

/** All that is saved in one transaction with the state. `Message` is a message in the types of the core. */
export interface Consequences<Message> {
  messages?: readonly Message[];
  timers?: readonly Timer[];
  /** Timers of this aggregate to stop, before `timers` are set. */
  stopTimers?: readonly string[] | 'all';
  /** If one of these is held by another, nothing is saved and the command is decided again. */
  claims?: readonly Claim[];
  /** Claims of this aggregate to release; claims of others are not changed. */
  releases?: readonly Claim[] | 'all';
}

/** A decider and what follows from its events. */
export interface Aggregate<State, Input, Event, Refusal extends string, Message> extends Decider<
  State,
  Input,
  Event,
  Refusal
> {
  /** Table name in the service's schema, singular: `reservation`. */
  name: string;
  consequences(events: readonly Event[], after: StoredAggregate<State>): Consequences<Message>;
}
