import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { isJump, isSame as isSamePrice, type Money } from '#kernel/money.ts';
import type { LocalTime } from '#kernel/time.ts';

export type Feature = 'WINDOW' | 'OUTLET' | 'QUIET';

/** A seat (좌석) on the cafe's map. */
export interface Seat {
  id: string;
  /** What stands on it. */
  label: string;
  /** Upper left corner. */
  x: number;
  y: number;
  features: readonly Feature[];
}

/** Location and seats of a cafe; these never change. */
export interface Place {
  address: string;
  timeZone: string;
  seats: readonly Seat[];
}

/** What an administrator may change at any time; selections made keep the price they were made at. */
export interface Terms {
  name: string;
  /** On the cafe's clock, each day. */
  opens: LocalTime;
  closes: LocalTime;
  pricePerHour: Money;
}

/** A study cafe (스터디카페). */
export type Cafe = { status: 'none' } | { status: 'open'; place: Place; terms: Terms };

/** What an administrator changes of a cafe. A price jump must be confirmed. */
export interface CafeChange {
  changes: Partial<Terms>;
  isPriceConfirmed?: boolean;
}

export type CafeInput =
  | { type: 'OpenCafe'; place: Place; terms: Terms }
  | ({ type: 'ChangeCafe' } & CafeChange)
  | { type: 'RepublishCafe' };

export type CafeEvent =
  | { type: 'CafeOpened'; place: Place; terms: Terms }
  | { type: 'CafeChanged'; terms: Terms }
  | { type: 'CafeRepublished' };

export type CafeRefusal = 'no-such-cafe' | 'closes-before-it-opens' | 'price-jump';

function decide(state: Cafe, input: CafeInput): Decision<CafeEvent, CafeRefusal> {
  switch (input.type) {
    case 'OpenCafe':
      if (state.status === 'open') return accept(); // idempotent
      if (input.terms.closes <= input.terms.opens) return refuse('closes-before-it-opens');
      return accept({ type: 'CafeOpened', place: input.place, terms: input.terms });
    case 'ChangeCafe': {
      if (state.status === 'none') return refuse('no-such-cafe');
      const terms = { ...state.terms, ...input.changes };
      if (terms.closes <= terms.opens) return refuse('closes-before-it-opens');
      if (isJump(state.terms.pricePerHour, terms.pricePerHour) && !input.isPriceConfirmed) return refuse('price-jump');
      return isSame(terms, state.terms) ? accept() : accept({ type: 'CafeChanged', terms });
    }
    case 'RepublishCafe':
      return state.status === 'none' ? accept() : accept({ type: 'CafeRepublished' });
  }
}

const isSame = (one: Terms, other: Terms): boolean =>
  one.name === other.name &&
  one.opens === other.opens &&
  one.closes === other.closes &&
  isSamePrice(one.pricePerHour, other.pricePerHour);

function evolve(state: Cafe, event: CafeEvent): Cafe {
  switch (event.type) {
    case 'CafeOpened':
      return { status: 'open', place: event.place, terms: event.terms };
    case 'CafeChanged':
      return state.status === 'open' ? { ...state, terms: event.terms } : state;
    case 'CafeRepublished':
      return state;
  }
}

export const cafe: Decider<Cafe, CafeInput, CafeEvent, CafeRefusal> = { initial: { status: 'none' }, decide, evolve };

export const seatIn = (state: Cafe, seatId: string): Seat | undefined =>
  state.status === 'open' ? state.place.seats.find(({ id }) => id === seatId) : undefined;
