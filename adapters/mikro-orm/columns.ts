import { p } from '@mikro-orm/core';

/** The columns that the tables of all aggregates have. The store writes these alone: PostgreSQL computes every further one from the state. */
export const aggregateColumns = <State>() => ({
  id: p.uuid().primary(),
  version: p.integer(),
  state: p.json<State>(),
  createdAt: p.datetime(),
  updatedAt: p.datetime(),
});

const stored = (expression: string): string => `(${expression}) stored`;

/** A column that PostgreSQL computes from the row, by the type of its values. */
export const generated = {
  text: (expression: string) => p.text().generated(stored(expression)).nullable(),
  uuid: (expression: string) => p.uuid().generated(stored(expression)).nullable(),
  texts: (expression: string) => p.array<string>().generated(stored(expression)).nullable(),
  boolean: (expression: string) => p.boolean().generated(stored(expression)).nullable(),
  integer: (expression: string) => p.integer().generated(stored(expression)).nullable(),
  bigint: (expression: string) => p.bigint('string').generated(stored(expression)).nullable(),
  json: <Value>(expression: string) => p.json<Value>().generated(stored(expression)).nullable(),
};

/** The columns by which a text is searched (search.ts). */
export const searchColumns = (text: string) => ({
  search: generated.text(`folded(${text})`),
  grams: generated.texts(`grams(folded(${text}))`),
});

/**
 * An index by its definition after `on table`, with the names of columns as in the table. MikroORM compares such an index by name alone;
 * the test of the entities compares the definitions.
 */
export const index = (name: string, definition: string) => ({
  name,
  expression: (_: unknown, { name: table, schema }: { name: string; schema?: string }) =>
    `create index "${name}" on "${schema ?? 'public'}"."${table}" ${definition}`,
});

/** For lists of the rows with the same value in a column, newest first: ids rise with time. */
export const newestFirst = (name: string, column: string) => index(name, `(${column}, id desc)`);
