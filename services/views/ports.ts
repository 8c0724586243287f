import type { Instant } from '#kernel/time.ts';
import type { Count } from './kpis.ts';
import type { Entry, OrderView, ShownOrder } from './order-view.ts';
import type { Whose } from './visibility.ts';

export interface Filter {
  kind?: string;
  phase?: string;
  /** An order must have them all. */
  attributes: readonly { name: string; value: string }[];
  /** Text to find in the title, the reason or an attribute. */
  text?: string;
  /** Only those that should have gone on by now. */
  stuck?: true;
}

export interface Page {
  /** At most this many. */
  size: number;
  /** Only what is older than this id. */
  after?: string;
}

/** Time from `from` on and before `to`; a bound that is missing excludes nothing. */
export interface Period {
  from?: Instant;
  to?: Instant;
}

/** The read models as kept. */
export interface OrderViews {
  get(id: string): Promise<OrderView | undefined>;
  /** Lines of an order's history before this one, newest first. */
  before(orderId: string, line: Pick<Entry, 'at' | 'id'>, size: number): Promise<Entry[]>;
  /** Newest first, without timelines; never one that has no head yet. */
  list(whose: Whose, viewerId: string, filter: Filter, page: Page): Promise<ShownOrder[]>;
  /** By kind, of the orders made in `period`. */
  count(period: Period): Promise<Count[]>;
}

/** Lets one look at an order for as long as one likes. */
export interface OrderFeed {
  /** The order, if it exists, then the order after each change; `quiet` after a while without one. Throws when it cannot be read any more. */
  of(id: string): AsyncIterable<OrderView | undefined | 'quiet'>;
}

/** Lets one look at all orders of a person for as long as one likes. */
export interface PersonFeed {
  /**
   * The person's newest orders, then each order of the person after each change; `quiet` after a while without one. Throws when they cannot
   * be read any more.
   */
  of(personId: string): AsyncIterable<{ newest: readonly OrderView[] } | OrderView | 'quiet'>;
}
