import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { LocalDate } from '#kernel/time.ts';
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

export type RoomInput =
  | { type: 'ListRoom'; by: Manager; propertyId: string; property: Property; terms: Terms }
  | { type: 'ChangeRoom'; by: Manager; changes: Partial<Terms> }
  | { type: 'BlockNights'; by: Manager; nights: readonly LocalDate[]; taken: Taken }
  | { type: 'UnblockNights'; by: Manager; nights: readonly LocalDate[] }
  | { type: 'RepublishRoom' };

export type RoomEvent =
  | { type: 'RoomListed'; place: Place; terms: Terms }
  | { type: 'RoomChanged'; terms: Terms }
  | { type: 'RoomRepublished' }
  | { type: 'NightsBlocked'; nights: readonly LocalDate[] }
  | { type: 'NightsUnblocked'; nights: readonly LocalDate[] };

export type RoomRefusal = 'no-such-property' | 'no-such-room' | 'nights-taken';

function decide(state: Room, input: RoomInput): Decision<RoomEvent, RoomRefusal> {
  switch (input.type) {
    case 'ListRoom':
      return state.status === 'none' ? list(input) : accept();
    case 'RepublishRoom':
      return state.status === 'none' ? accept() : accept({ type: 'RoomRepublished' });
    case 'ChangeRoom':
    case 'BlockNights':
    case 'UnblockNights':
      if (state.status === 'none' || !manages(input.by, state.place.ownerId)) return refuse('no-such-room'); // not yours: not there
      return manage(state.terms, input);
  }
}

function list({ by, propertyId, property, terms }: Extract<RoomInput, { type: 'ListRoom' }>): Decision<RoomEvent, RoomRefusal> {
  if (property.status === 'none' || !manages(by, property.details.ownerId)) return refuse('no-such-property');
  const { ownerId, name, address, timeZone } = property.details;
  return accept({ type: 'RoomListed', place: { propertyId, ownerId, propertyName: name, address, timeZone }, terms });
}

function manage(
  terms: Terms,
  input: Extract<RoomInput, { type: 'ChangeRoom' | 'BlockNights' | 'UnblockNights' }>,
): Decision<RoomEvent, RoomRefusal> {
  switch (input.type) {
    case 'ChangeRoom': {
      const changed = { ...terms, ...input.changes };
      return same(terms, changed) ? accept() : accept({ type: 'RoomChanged', terms: changed });
    }
    case 'BlockNights': {
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
  one.pricePerNight.amount === other.pricePerNight.amount &&
  one.pricePerNight.currency === other.pricePerNight.currency;

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
