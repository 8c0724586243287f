import type { EntityManager } from '@mikro-orm/postgresql';
import type { Aggregate, Kept, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Outgoing } from '#adapters/bus/messages.ts';

/** An aggregate, and how its messages look on the wire. */
export interface Stored<State, Input, Event, Refusal extends string, Message> extends Aggregate<State, Input, Event, Refusal, Message> {
  encode(message: Message, after: Kept<State>): Outgoing;
}

/** Any aggregate, where only its table matters. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the store never looks inside
export type AnyStored = Stored<any, any, any, any, any>;

export interface Page {
  /** At most this many. */
  size: number;
  /** Only what comes after this id, newest first. */
  after?: string;
}

/** One service's database: the only place that writes, and the only one that publishes. */
export interface Store {
  /**
   * Decides on the stored state; saves the new state and what follows from it (messages, timers, claims), with the scope's proof of
   * having been done once, in one transaction. Resolves after the commit.
   *
   * `facts` reads what else the decision needs; it runs again, like `decide`, when another writer was first (a newer version, a
   * claim that is held). Rejects with `Unavailable` when the database cannot be reached and with `Contended` when it lost too often.
   */
  update<State, Input, Event, Refusal extends string, Message, Facts = undefined>(
    of: Stored<State, Input, Event, Refusal, Message>,
    id: string,
    decide: (state: State, facts: Facts) => Decision<Event, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<State, Refusal>>;
  /** The aggregate as committed, or undefined. */
  get<State, Input, Event, Refusal extends string, Message>(
    of: Stored<State, Input, Event, Refusal, Message>,
    id: string,
  ): Promise<Kept<State> | undefined>;
  /** Aggregates whose generated columns equal `where` (undefined matches all), newest first. */
  list<State, Input, Event, Refusal extends string, Message>(
    of: Stored<State, Input, Event, Refusal, Message>,
    where: Record<string, string | boolean | undefined>,
    page: Page,
  ): Promise<Kept<State>[]>;
  /** Keys of claims with `from <= key < to` (byte order), and the aggregate that holds each. */
  claims(from: string, to: string): Promise<{ key: string; holder: string }[]>;
  /** A fresh unit for queries that the above cannot say. Read only. */
  read(): EntityManager;
}
