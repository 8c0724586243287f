import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { isSameOffer, type About, type Whereabouts } from '#kernel/listing.ts';
import { isTenfoldChange, type Money } from '#kernel/money.ts';
import { dateAt, daysAfter, horizonDays, type Instant, type LocalDate } from '#kernel/time.ts';
import type { Taken } from './nights.ts';
import { manages, type Amenity, type Manager, type Property, type PropertyDetails } from './property.ts';

/** What a host may change of a room at any time; reservations made keep the price they were made at. */
export interface Terms extends About {
  name: string;
  /** Guests it holds. */
  capacity: number;
  pricePerNight: Money;
  /** Requests for free nights are confirmed by themselves. */
  instantBook: boolean;
  /** What the room has beyond what its property has. */
  amenities: readonly Amenity[];
  /** 0 if it was not given. */
  beds: number;
}

/** Where a room is: a copy from its property, which follows the property's changes. */
export interface Place extends Whereabouts {
  propertyId: string;
  ownerId: string;
  propertyName: string;
  address: string;
  timeZone: string;
  amenities: readonly Amenity[];
  isClosed: boolean;
  /** Of the property that was copied. */
  version: number;
}

/**
 * A room (객실). Its blocked nights are claims that it holds, not part of its state: they concern nobody who lists rooms. `isClosed`: by
 * its host; the property may be closed as well.
 */
export type Room = { status: 'none' } | { status: 'listed'; place: Place; terms: Terms; isClosed: boolean };

export type ListedRoom = Extract<Room, { status: 'listed' }>;

/** It cannot be reserved any more. */
export const isOffSale = ({ isClosed, place }: Pick<ListedRoom, 'isClosed' | 'place'>): boolean =>
  isClosed || place.isClosed;

export const placeIn = (
  propertyId: string,
  { details, isClosed }: { details: PropertyDetails; isClosed: boolean },
  version: number,
): Place => {
  const { ownerId, name: propertyName, address, timeZone, area, location, amenities } = details;
  const where = { area, ...(location && { location }) };
  return { propertyId, ownerId, propertyName, address, timeZone, ...where, amenities, isClosed, version };
};

/** What a host changes of a room. A price jump must be confirmed. */
export interface RoomChange {
  changes: Partial<Terms>;
  isPriceConfirmed?: boolean;
}

export type RoomInput =
  | { type: 'ListRoom'; by: Manager; propertyId: string; property: Property; version: number; terms: Terms }
  | ({ type: 'ChangeRoom'; by: Manager } & RoomChange)
  | { type: 'BlockNights'; by: Manager; nights: readonly LocalDate[]; taken: Taken; at: Instant }
  | { type: 'UnblockNights'; by: Manager; nights: readonly LocalDate[] }
  | { type: 'CloseRoom'; by: Manager }
  | { type: 'ReopenRoom'; by: Manager }
  /** Its property was read again. */
  | { type: 'PropertySeen'; property: Property; version: number }
  | { type: 'RepublishRoom' };

export type RoomEvent =
  | { type: 'RoomListed'; place: Place; terms: Terms }
  | { type: 'RoomChanged'; terms: Terms }
  | { type: 'RoomMoved'; place: Place }
  | { type: 'RoomClosed' }
  | { type: 'RoomReopened' }
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
    case 'PropertySeen':
      return state.status === 'none' ? accept() : follow(state, input);
    case 'ChangeRoom':
    case 'CloseRoom':
    case 'ReopenRoom':
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
  version,
  terms,
}: Extract<RoomInput, { type: 'ListRoom' }>): Decision<RoomEvent, RoomRefusal> {
  if (property.status === 'none' || !manages(by, property.details.ownerId)) return refuse('no-such-property');
  return accept({ type: 'RoomListed', place: placeIn(propertyId, property, version), terms });
}

/** Takes what is newer of its property; what was read before, or changes nothing that the room shows, is passed over. */
function follow(
  { place }: ListedRoom,
  { property, version }: Extract<RoomInput, { type: 'PropertySeen' }>,
): Decision<RoomEvent, RoomRefusal> {
  if (property.status === 'none' || version <= place.version) return accept();
  const seen = placeIn(place.propertyId, property, version);
  return isSameOffer({ ...place, version }, seen) ? accept() : accept({ type: 'RoomMoved', place: seen });
}

function manage(
  { place, terms, isClosed }: ListedRoom,
  input: Extract<RoomInput, { type: 'ChangeRoom' | 'CloseRoom' | 'ReopenRoom' | 'BlockNights' | 'UnblockNights' }>,
): Decision<RoomEvent, RoomRefusal> {
  switch (input.type) {
    case 'ChangeRoom': {
      const changed = { ...terms, ...input.changes };
      if (isTenfoldChange(terms.pricePerNight, changed.pricePerNight) && !input.isPriceConfirmed)
        return refuse('price-jump');
      return isSameOffer(terms, changed) ? accept() : accept({ type: 'RoomChanged', terms: changed });
    }
    case 'CloseRoom':
      return isClosed ? accept() : accept({ type: 'RoomClosed' });
    case 'ReopenRoom':
      return isClosed ? accept({ type: 'RoomReopened' }) : accept();
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

function evolve(state: Room, event: RoomEvent): Room {
  if (event.type === 'RoomListed') return { status: 'listed', place: event.place, terms: event.terms, isClosed: false };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'RoomChanged':
      return { ...state, terms: event.terms };
    case 'RoomMoved':
      return { ...state, place: event.place };
    case 'RoomClosed':
      return { ...state, isClosed: true };
    case 'RoomReopened':
      return { ...state, isClosed: false };
    case 'RoomRepublished':
    case 'NightsBlocked':
    case 'NightsUnblocked':
      return state;
  }
}

export const room: Decider<Room, RoomInput, RoomEvent, RoomRefusal> = {
  initial: { status: 'none' },
  defaults: {
    place: { area: () => '', amenities: () => [], isClosed: () => false, version: () => 0 },
    terms: { description: () => '', photos: () => [], amenities: () => [], beds: () => 0 },
    isClosed: () => false,
  },
  decide,
  evolve,
};
