import { accept, type Decider } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { LocalTime } from '#kernel/time.ts';

/** Seating's copy of a cafe, so that a customer can select while studycafe is down. */
export interface Cafe {
  id: string;
  name: string;
  timeZone: string;
  /** On the cafe's clock, each day. */
  opens: LocalTime;
  closes: LocalTime;
  pricePerHour: Money;
  seats: readonly { id: string; label: string }[];
  /** Its seats cannot be selected any more. */
  isClosed: boolean;
  /** Studycafe's version of the cafe. */
  version: number;
}

export type CafeReplica = { status: 'unknown' } | { status: 'open'; cafe: Cafe };

/** Takes a newer version; a late or repeated one changes nothing. */
export const cafes: Decider<CafeReplica, Cafe, Cafe, never> = {
  initial: { status: 'unknown' },
  defaults: { cafe: { isClosed: () => false } },
  decide: (state, cafe) => (state.status === 'open' && state.cafe.version >= cafe.version ? accept() : accept(cafe)),
  evolve: (_, cafe) => ({ status: 'open', cafe }),
};
