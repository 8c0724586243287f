import { setTimeout as pause } from 'node:timers/promises';
import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Aggregate, StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Envelope, Outgoing } from '#adapters/bus/messages.ts';
import { KeyTaken } from '#adapters/rpc/idempotency.ts';
import { Contended } from '#adapters/failures/failures.ts';
import { currentScope, spendOnce } from '#adapters/scope/scope.ts';
import { groupCommit, selectAggregates, loadAggregates } from './commit.ts';
import { batched } from './batched.ts';
import { withTimeout, unavailableFrom, type Database } from './database.ts';
import type { Claimant, Plan } from './plan.ts';

/** An aggregate, and how its messages look on the wire. */
export interface Stored<State, Input, Event, Refusal extends string, Message> extends Aggregate<
  State,
  Input,
  Event,
  Refusal,
  Message
> {
  encode(message: Message, after: StoredAggregate<State>): Outgoing;
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

/** Columns, by their names in the entity, and the values that they must have; undefined matches all. */
export type Equal<Row extends object> = {
  readonly [Column in keyof NoInfer<Row>]?: Extract<NoInfer<Row>[Column], string | boolean> | undefined;
};

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
  ): Promise<StoredAggregate<State> | undefined>;
  /** Aggregates whose generated columns, by their names in the entity, equal `where` (undefined matches all), newest first. */
  list<State, Input, Event, Refusal extends string, Message, Row extends object>(
    of: Stored<State, Input, Event, Refusal, Message>,
    entity: EntityName<Row>,
    where: Equal<Row>,
    page: Page,
  ): Promise<StoredAggregate<State>[]>;
  /** Aggregates of a condition of one's own, by a prepared statement; in it `kept` is the table. Each condition has a `name` of its own. */
  where<State, Input, Event, Refusal extends string, Message>(
    of: Stored<State, Input, Event, Refusal, Message>,
    name: string,
    which: string,
    values: readonly unknown[],
  ): Promise<StoredAggregate<State>[]>;
  /** Keys of claims with `from <= key < to` (byte order), and the aggregate that holds each. */
  claims(from: string, to: string): Promise<{ key: string; holder: string }[]>;
  /** Calls `listener` after each commit of this process that changed an aggregate; answers with how to stop. */
  onCommitted(listener: (aggregate: string, id: string) => void): () => void;
  /** Rows of a prepared statement, for queries that the above cannot say and that are asked often. Read only; each text has a `name` of its own. */
  rows<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /** A fresh unit for queries that are seldom asked, or differ from time to time. Read only. */
  read(): EntityManager;
}

/** The timer that an update answered was moved or called off before it could be committed. */
export class TimerGone extends Error {}

/** How often an update that lost against another writer is decided again before its caller hears of it. */
const attempts = 10;
/** The same where another session has locked what it needs. */
const attemptsLocked = 3;

export interface OpenStore extends Store {
  /** Waits until what was asked for is committed. */
  close(): Promise<void>;
}

/**
 * `committed` hears of every transaction, and its messages as they are to be sent. Of the timers in it that are due, `claimant`
 * has claimed as many as it has room for.
 */
export function mikroOrmStore(
  database: Database,
  committed: (plan: Plan, messages: readonly Envelope[]) => void = () => undefined,
  claimant: () => Claimant | undefined = () => undefined,
): OpenStore {
  const listeners = new Set<(aggregate: string, id: string) => void>();
  const committer = groupCommit({
    database,
    committed(plan, messages) {
      committed(plan, messages);
      for (const { aggregate, id } of plan.changed) for (const listener of listeners) listener(aggregate, id);
    },
    claimant,
  });

  const readers = new Map<string, (id: string) => Promise<StoredAggregate<unknown> | undefined>>();
  const readerOf = (of: AnyStored): ((id: string) => Promise<StoredAggregate<unknown> | undefined>) => {
    const known =
      readers.get(of.name) ??
      batched(
        (id: string) => id,
        async (ids) => new Map((await loadAggregates(database.prepared, of, ids)).map((kept) => [kept.id, kept])),
      );
    readers.set(of.name, known);
    return known;
  };
  const readClaims = batched(
    ([from, to]: readonly [string, string]) => `${from} ${to}`,
    async (ranges) => {
      const query = withTimeout({
        name: 'claims',
        // `offset 0`: each range is looked up by itself. Joined, a few ranges among many claims make PostgreSQL read them all.
        text: `select key, holder::text, lower || ' ' || upper range from unnest($1::text[], $2::text[]) r (lower, upper),
          lateral (select * from claim where key >= lower collate "C" and key < upper collate "C" offset 0) found order by key`,
        values: [ranges.map(([from]) => from), ranges.map(([, to]) => to)],
      });
      const { rows } = await database.prepared.query<{ key: string; holder: string; range: string }>(query);
      return Map.groupBy(rows, ({ range }) => range);
    },
  );

  const keptIn = (
    of: AnyStored,
    name: string,
    which: string,
    values: readonly unknown[],
  ): Promise<StoredAggregate<unknown>[]> =>
    mapDatabaseErrors(() => selectAggregates(database.prepared, of, { name, which, values: [...values] }));

  return {
    async update(of, id, decide, facts) {
      const once = spendOnce();
      const scope = currentScope();
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (attempt) await pause(Math.random() * 5 * 2 ** Math.min(attempt, 6));
        const known = (await facts?.()) as never;
        const outcome = await committer.submit({
          of,
          id,
          once,
          scope,
          decide: (state) => decide(state as never, known),
        });
        switch (outcome.kind) {
          case 'done':
            return outcome.result as never;
          case 'key-taken':
            throw new KeyTaken();
          case 'timer-gone':
            throw new TimerGone();
          case 'failed':
            throw unavailableFrom(outcome.error) ?? outcome.error;
          case 'locked':
            if (attempt + 1 >= attemptsLocked) throw new Contended(`${of.name} ${id} is locked by another session`);
            break;
          case 'lost': // decide again
        }
      }
      throw new Contended(`${of.name} ${id} is being changed by too many at once`);
    },

    async get(of, id) {
      return mapDatabaseErrors(() => readerOf(of)(id)) as never;
    },

    async list(of, entity, where, { size, after }) {
      const { properties } = database.orm.getMetadata(entity);
      const columnOf = (property: string): string =>
        properties[property as keyof typeof properties].fieldNames[0] as string;
      const equal = Object.entries(where).map(([property, value]) => [`${columnOf(property)} =`, value] as const);
      const filters = [['id <', after] as const, ...equal].filter(([, value]) => value !== undefined);
      const name = ['list', of.name, ...filters.map(([what]) => what)].join(' ');
      // By the column: `id` alone would be what is answered, a text that no index is in the order of.
      const which = `where ${filters.map(([what], nth) => `${what} $${nth + 2}`).join(' and ') || 'true'} order by kept.id desc limit $1`;
      return (await keptIn(of, name, which, [size, ...filters.map(([, value]) => value)])) as never;
    },

    where: async (of, name, which, values) => (await keptIn(of, name, which, values)) as never,

    async claims(from, to) {
      return mapDatabaseErrors(async () =>
        ((await readClaims([from, to])) ?? []).map(({ key, holder }) => ({ key, holder })),
      );
    },

    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    rows: <Row extends object>(name: string, text: string, values: readonly unknown[]) =>
      mapDatabaseErrors(
        async () => (await database.prepared.query<Row>(withTimeout({ name, text, values: [...values] }))).rows,
      ),

    read: () => database.orm.em.fork(),

    close: () => committer.idle(),
  };
}

/** The ids that a prepared statement answers with. */
export const idsIn = async (store: Store, name: string, text: string, ...values: unknown[]): Promise<string[]> =>
  (await store.rows<{ id: string }>(name, text, values)).map(({ id }) => id);

/** Reads, telling a database that cannot be reached from a fault of ours. */
export async function mapDatabaseErrors<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw unavailableFrom(error) ?? error;
  }
}
