import type { Envelope } from '#adapters/bus/messages.ts';
import type { OrderView } from '../../../services/views/order-view.ts';
import type { Account } from './journal.ts';
import type { Load } from './load.ts';
import type { Native } from './native.ts';

/** A business under load: what its people do, when it rests, and what must hold of it then. */
export interface Business<Seen extends Evidence> {
  /** Whose orders these are, where they are kept, and in which statuses nothing more has to happen to one. */
  core: { service: string; table: string; resting: readonly string[] };
  /** All that its people need is there, and they come at a steady rate. */
  begin(place: Native, options: { perSecond: number; journal: string }): Promise<Load>;
  /** What still has to happen beside that, in words. */
  unsettled(place: Native, journal: readonly Account[]): Promise<string[]>;
  look(place: Native, journal: readonly Account[]): Promise<Seen>;
  /** The promise, by number: each answers with what is wrong, in words. Resting (6) is the checker's, which waits for it. */
  invariants: Readonly<Record<string, (all: Seen) => string[]>>;
}

export interface Row<State> {
  version: number;
  state: State;
}

/** What can be seen from outside at one moment, whatever the business: what the client was told, every database, the broker. */
export interface Evidence {
  journal: readonly Account[];
  /** As their core keeps them, in its own word. */
  orders: ReadonlyMap<string, { status: string; version: number }>;
  views: ReadonlyMap<string, Row<OrderView>>;
  /** Every message about these orders that any service sent or will send. */
  messages: readonly (Envelope & { published: boolean })[];
  /** Messages that somebody would have to look at, in words. */
  deadLetters: readonly string[];
}
