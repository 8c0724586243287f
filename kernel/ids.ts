import { v5, v7 } from 'uuid';
import type { Instant } from './time.ts';

/** An id of one kind of thing: `Id<'Room'>` is not an `Id<'Reservation'>`. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

/** Names one order anywhere on the platform: `{kind: 'lodging.reservation', id}`. */
export interface OrderRef {
  kind: string;
  id: string;
}

/** A new id, ordered by time (UUIDv7). Called at the edge and handed to the core. */
export const newId = <Kind extends string>(): Id<Kind> => v7() as Id<Kind>;

/** Ids that were made before `at` are smaller than this, as text too; it is none itself. */
export const firstIdAt = (at: Instant): string => {
  const hex = at.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
};

/** When an id was made. */
export const timeOf = (id: string): Instant => parseInt(id.slice(0, 13).replace('-', ''), 16);

/** The same id for the same words, always: for sample data and for names of users. */
export const idOf = (...words: string[]): string => v5(words.join('/'), 'c6b5a1d2-7d0e-5c52-9a52-0a1b6a727269');
