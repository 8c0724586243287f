import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { isSameOffer, type About, type Whereabouts } from '#kernel/listing.ts';
import { isTenfoldChange, type Money } from '#kernel/money.ts';
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

/** What customers find in a cafe. */
export const amenities = [
  'WIFI',
  'PARKING',
  'COFFEE',
  'SNACKS',
  'PRINTER',
  'LOCKERS',
  'MEETING_ROOM',
  'BLANKETS',
  'WHEELCHAIR_ACCESSIBLE',
] as const;
export type Amenity = (typeof amenities)[number];

/** Address and seats of a cafe; these never change. */
export interface Place {
  address: string;
  timeZone: string;
  seats: readonly Seat[];
}

/** What an administrator may change at any time; selections made keep the price they were made at. */
export interface Terms extends About, Whereabouts {
  name: string;
  /** On the cafe's clock, each day. */
  opens: LocalTime;
  closes: LocalTime;
  pricePerHour: Money;
  amenities: readonly Amenity[];
}

/** A study cafe (스터디카페). `isClosed`: its seats cannot be selected any more. */
export type Cafe = { status: 'none' } | { status: 'open'; place: Place; terms: Terms; isClosed: boolean };

/** What an administrator changes of a cafe. A price jump must be confirmed. */
export interface CafeChange {
  changes: Partial<Terms>;
  isPriceConfirmed?: boolean;
}

export type CafeInput =
  | { type: 'OpenCafe'; place: Place; terms: Terms }
  | ({ type: 'ChangeCafe' } & CafeChange)
  | { type: 'CloseCafe' }
  | { type: 'ReopenCafe' }
  | { type: 'RepublishCafe' };

export type CafeEvent =
  | { type: 'CafeOpened'; place: Place; terms: Terms }
  | { type: 'CafeChanged'; terms: Terms }
  | { type: 'CafeClosed' }
  | { type: 'CafeReopened' }
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
      if (isTenfoldChange(state.terms.pricePerHour, terms.pricePerHour) && !input.isPriceConfirmed)
        return refuse('price-jump');
      return isSameOffer(terms, state.terms) ? accept() : accept({ type: 'CafeChanged', terms });
    }
    case 'CloseCafe':
      if (state.status === 'none') return refuse('no-such-cafe');
      return state.isClosed ? accept() : accept({ type: 'CafeClosed' });
    case 'ReopenCafe':
      if (state.status === 'none') return refuse('no-such-cafe');
      return state.isClosed ? accept({ type: 'CafeReopened' }) : accept();
    case 'RepublishCafe':
      return state.status === 'none' ? accept() : accept({ type: 'CafeRepublished' });
  }
}

function evolve(state: Cafe, event: CafeEvent): Cafe {
  switch (event.type) {
    case 'CafeOpened':
      return { status: 'open', place: event.place, terms: event.terms, isClosed: false };
    case 'CafeChanged':
      return state.status === 'open' ? { ...state, terms: event.terms } : state;
    case 'CafeClosed':
    case 'CafeReopened':
      return state.status === 'open' ? { ...state, isClosed: event.type === 'CafeClosed' } : state;
    case 'CafeRepublished':
      return state;
  }
}

export const cafe: Decider<Cafe, CafeInput, CafeEvent, CafeRefusal> = {
  initial: { status: 'none' },
  defaults: {
    terms: { description: () => '', photos: () => [], area: () => '', amenities: () => [] },
    isClosed: () => false,
  },
  decide,
  evolve,
};

export const seatIn = (state: Cafe, seatId: string): Seat | undefined =>
  state.status === 'open' ? state.place.seats.find(({ id }) => id === seatId) : undefined;
