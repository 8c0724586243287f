import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { isJump, isSame, type Money } from '#kernel/money.ts';
import { dateAt, daysAfter, horizonDays, type Instant, type LocalDate } from '#kernel/time.ts';
import type { Taken } from './nights.ts';
import { manages, type Manager, type Property } from './property.ts';

/** What a host may change of a room at any time; reservations made keep the price they were made at. */
export interface Terms {
  name: string;
  /** Guests it holds. */
  capacity: number;
  pricePerNight: Money;
  /** Requests for free nights are confirmed by themselves. */
  instantBook: boolean;
}

/** Where a room is: a copy from its property, which never changes. */
export interface Place {
  propertyId: string;
  ownerId: string;
  propertyName: string;
  address: string;
  timeZone: string;
}

/** A room (객실). Its blocked nights are claims that it holds, not part of its state: they concern nobody who lists rooms. */
export type Room = { status: 'none' } | { status: 'listed'; place: Place; terms: Terms };

/** What a host changes of a room. A price jump must be confirmed. */
export interface RoomChange {
  changes: Partial<Terms>;
  isPriceConfirmed?: boolean;
}

export type RoomInput =
  | { type: 'ListRoom'; by: Manager; propertyId: string; property: Property; terms: Terms }
  | ({ type: 'ChangeRoom'; by: Manager } & RoomChange)
  | { type: 'BlockNights'; by: Manager; nights: readonly LocalDate[]; taken: Taken; at: Instant }
  | { type: 'UnblockNights'; by: Manager; nights: readonly LocalDate[] }
  | { type: 'RepublishRoom' };

export type RoomEvent =
  | { type: 'RoomListed'; place: Place; terms: Terms }
  | { type: 'RoomChanged'; terms: Terms }
  | { type: 'RoomRepublished' }
  | { type: 'NightsBlocked'; nights: readonly LocalDate[] }
  | { type: 'NightsUnblocked'; nights: readonly LocalDate[] };

export type RoomRefusal = 'no-such-property' | 'no-such-room' | 'nights-taken' | 'too-far-ahead' | 'price-jump';

function decide(state: Room, input: RoomInput): Decision<RoomEvent, RoomRefusal> {
  switch (input.type) {
    case 'ListRoom':
      return state.status === 'none' ? list(input) : accept();
    case 'RepublishRoom':
      return state.status === 'none' ? accept() : accept({ type: 'RoomRepublished' });
    case 'ChangeRoom':
    case 'BlockNights':
    case 'UnblockNights':
      if (state.status === 'none' || !manages(input.by, state.place.ownerId)) return refuse('no-such-room'); // hidden from others
      return manage(state, input);
  }
}

function list({
  by,
  propertyId,
  property,
  terms,
}: Extract<RoomInput, { type: 'ListRoom' }>): Decision<RoomEvent, RoomRefusal> {
  if (property.status === 'none' || !manages(by, property.details.ownerId)) return refuse('no-such-property');
  const { ownerId, name, address, timeZone } = property.details;
  return accept({ type: 'RoomListed', place: { propertyId, ownerId, propertyName: name, address, timeZone }, terms });
}

function manage(
  { place, terms }: Extract<Room, { status: 'listed' }>,
  input: Extract<RoomInput, { type: 'ChangeRoom' | 'BlockNights' | 'UnblockNights' }>,
): Decision<RoomEvent, RoomRefusal> {
  switch (input.type) {
    case 'ChangeRoom': {
      const changed = { ...terms, ...input.changes };
      if (isJump(terms.pricePerNight, changed.pricePerNight) && !input.isPriceConfirmed) return refuse('price-jump');
      return same(terms, changed) ? accept() : accept({ type: 'RoomChanged', terms: changed });
    }
    case 'BlockNights': {
      // A night ends on the next day: the last one that can be blocked is the last one that can be booked.
      const latest = daysAfter(dateAt(input.at, place.timeZone), horizonDays);
      if (input.nights.some((night) => night >= latest)) return refuse('too-far-ahead', { latest });
      if (input.taken.booked.length > 0) return refuse('nights-taken');
      const nights = input.nights.filter((night) => !input.taken.blocked.includes(night));
      return nights.length > 0 ? accept({ type: 'NightsBlocked', nights }) : accept();
    }
    case 'UnblockNights':
      return accept({ type: 'NightsUnblocked', nights: input.nights });
  }
}

const same = (one: Terms, other: Terms): boolean =>
  one.name === other.name &&
  one.capacity === other.capacity &&
  one.instantBook === other.instantBook &&
  isSame(one.pricePerNight, other.pricePerNight);

function evolve(state: Room, event: RoomEvent): Room {
  if (event.type === 'RoomListed') return { status: 'listed', place: event.place, terms: event.terms };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'RoomChanged':
      return { ...state, terms: event.terms };
    case 'RoomRepublished':
    case 'NightsBlocked':
    case 'NightsUnblocked':
      return state;
  }
}

export const room: Decider<Room, RoomInput, RoomEvent, RoomRefusal> = { initial: { status: 'none' }, decide, evolve };
