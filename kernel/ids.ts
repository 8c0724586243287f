import { v5, v7 } from 'uuid';

/** A string that only its own kind of thing may be called by: `Id<'Room'>` is no `Id<'Reservation'>`. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

/** Names one order anywhere on the platform: `{kind: 'lodging.reservation', id}`. */
export interface OrderRef {
  kind: string;
  id: string;
}

/** A new id, ordered by time (UUIDv7). Called at the edge and handed to the core. */
export const newId = <Kind extends string>(): Id<Kind> => v7() as Id<Kind>;

/** The same id for the same words, always: for sample data and for names of users. */
export const idOf = (...words: string[]): string => v5(words.join('/'), 'c6b5a1d2-7d0e-5c52-9a52-0a1b6a727269');
