import { createHash } from 'node:crypto';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Page, Store, Stored } from './store.ts';

/**
 * Functions that search columns are made of; a service's migration creates them before its columns. `folded`: how texts are compared,
 * without case, accents, or the form in which they were typed. `grams`: every character of a text and every two that stand side by side. An
 * index on them finds parts of words in any script, which trigrams do not: most Korean words have two characters. `texts`: a JSON list.
 */
export const searchFunctions = [
  `create function folded(text) returns text language sql immutable strict parallel safe as $$
    select case when $1 ~ '^[[:ascii:]]*$' then lower($1)
      else normalize(lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]', '', 'g') collate "pg_c_utf8"), NFKC) end
  $$`,
  `create function grams(text) returns text[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct substr($1, place, size)), '{}') from generate_series(1, length($1)) place, generate_series(1, 2) size
  $$`,
  `create function texts(jsonb) returns text[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(item), '{}') from jsonb_array_elements_text($1) item
  $$`,
];

/** So many characters of a text are searched: twice as many as a description may have. One character can become 18 when it is folded. */
export const mostSearched = 8_000;

/**
 * The same functions for any text: they take a time in proportion to its length, and only its first characters are searched. Of a text that
 * is not longer the result is the same, so columns that were computed before stay as they are. A further migration of each service has them.
 */
export const boundedSearchFunctions = [
  `create or replace function folded(text) returns text language sql immutable strict parallel safe as $$
    select case when $1 ~ '^[[:ascii:]]*$' then lower(left($1, ${mostSearched}))
      else left(normalize(lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f\u200b-\u200f\u2060\ufeff\u00ad]', '', 'g') collate "pg_c_utf8"), NFKC), ${mostSearched}) end
  $$`,
  `create or replace function grams(text) returns text[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct gram), '{}') from (
      select unnest(array[character, character || lead(character) over (order by place)]) gram
      from unnest(string_to_array($1, null)) with ordinality each (character, place)) pairs
    where gram is not null
  $$`,
];

/** A condition on `kept`, the table: its text with `?` for each value, and the values. */
export type Condition = readonly [sql: string, ...values: unknown[]];

/** A condition if there is a value for it. */
export const when = <Value>(value: Value | undefined, condition: (value: Value) => Condition): Condition[] =>
  value === undefined ? [] : [condition(value)];

/**
 * A condition that is a part of every statement, and holds where there is no first value. PostgreSQL keeps a plan for each text of a
 * statement in each connection, and callers choose the values. Not for what an index is read by: one plan serves with a value and without.
 */
export const filter = (type: string, condition: string, value: unknown, ...more: readonly unknown[]): Condition => [
  `?::${type} is null or ${condition}`,
  ...[value, value, ...more].map((each) => each ?? null),
];

/** A condition if there is any word, whose values they are. */
export const whenAny = (words: readonly string[], condition: (words: readonly string[]) => Condition): Condition[] =>
  words.length ? [condition(words)] : [];

export const wordsOf = (text = ''): readonly string[] => text.split(/\s+/).filter(Boolean);

/** For `like`: the word, anywhere in a text. */
export const anywhere = (word: string): string => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;

/**
 * All words of a text are in `search`, in any order; each may be a part of a word. `grams` has the same text, for its index. How many words
 * there are is a value, not a part of the condition: PostgreSQL keeps a plan for each text of a statement, and callers choose the words.
 */
export const containing = (text: string): Condition[] =>
  whenAny(wordsOf(text), (words) => [
    `kept.grams @> array(select distinct unnest(grams(folded(word))) from unnest(?::text[]) word)
      and kept.search like all(array(select folded(word) from unnest(?::text[]) word))`,
    ...[words, words.map(anywhere)],
  ]);

/** The column, a list of words, has all words of a text. */
export const having = (column: string, text: string): Condition[] =>
  whenAny(wordsOf(text), (words) => [
    `kept.${column} @> array(select folded(word) from unnest(?::text[]) word)`,
    words,
  ]);

/** A page of what meets all conditions, newest first unless `order` says otherwise. */
export function search<State, Input, Event, Refusal extends string, Message>(
  store: Store,
  of: Stored<State, Input, Event, Refusal, Message>,
  conditions: readonly Condition[],
  { size, after }: Page,
  order = 'kept.id desc',
): Promise<StoredAggregate<State>[]> {
  const all = [...conditions, ...when(after, (id) => ['kept.id < ?::uuid', id])];
  let nth = 0;
  const which = [`where ${all.map(([sql]) => `(${sql})`).join(' and ') || 'true'}`, `order by ${order}`, 'limit ?']
    .join(' ')
    .replaceAll('?', () => `$${++nth}`);
  // PostgreSQL tells names of statements apart by their first 63 bytes.
  const name = `search ${of.name} ${createHash('sha256').update(which).digest('hex').slice(0, 32)}`;
  return store.where(of, name, which, [...all.flatMap(([, ...values]) => values), size]);
}
