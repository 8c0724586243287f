import { daysBetween, isLocalDate } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { changesOf, given } from '#adapters/rpc/changes.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import {
  ListRoomsRequest_OrderBy,
  Property_Amenity,
  type ListRoomsRequest,
  type UpdatePropertyRequest,
  type UpdateRoomRequest,
} from '#proto/jari/property/v1/property.ts';
import type { Nights } from '../nights.ts';
import type { RoomFilter } from '../ports.ts';
import { amenities, type Amenity, type Description } from '../property.ts';
import type { Terms } from '../room.ts';

const maxNights = 366;

const unless = (holds: boolean, field: string, description: string): FieldViolation[] =>
  holds ? [] : [{ field, description }];

/** Reports all violations at once. */
function refuseAny(...violations: readonly FieldViolation[][]): void {
  const found = violations.flat();
  if (found.length) throw invalid(...found);
}

/** The proto's rule checks the form of a date; this checks that the day exists. */
export function existing({ roomId, from, to }: Nights): Nights {
  const days = [...existingDay('from', from), ...existingDay('to', to)];
  refuseAny(
    days.length
      ? days
      : unless(daysBetween(from, to) <= maxNights, 'to', `must be at most ${maxNights} nights after from`),
  );
  return { roomId, from, to };
}

const existingDay = (field: string, date: string): FieldViolation[] =>
  unless(isLocalDate(date), field, 'must be a day of the calendar, such as 2026-12-24');

const longestStay = 30;

/** What a request for a list of rooms looks for. */
export function filterIn(request: ListRoomsRequest, viewerId: string | undefined): RoomFilter {
  const { checkIn, checkOut } = request;
  const stay = checkIn && checkOut ? { checkIn, checkOut } : undefined;
  if (stay) {
    const days = [...existingDay('check_in', checkIn), ...existingDay('check_out', checkOut)];
    const length = (): FieldViolation[] =>
      unless(
        daysBetween(checkIn, checkOut) <= longestStay,
        'check_out',
        `must be at most ${longestStay} nights after check_in`,
      );
    refuseAny(days.length ? days : length());
  }
  return {
    stay,
    viewerId,
    propertyId: request.propertyId || undefined,
    guests: request.guests || undefined,
    area: request.area,
    text: request.q,
    maxPrice: Number(request.maxPrice) || undefined,
    amenities: amenitiesFrom(request.amenity),
    order: request.orderBy === ListRoomsRequest_OrderBy.PRICE ? 'price' : 'newest',
  };
}

/** What a request to change a property asks for. */
export const propertyChangesIn = (request: UpdatePropertyRequest): Partial<Description> =>
  changesOf<Description>(
    request.updateMask,
    'a property',
    {
      name: given(request.name, (name) => ({ name })),
      address: given(request.address, (address) => ({ address })),
      description: given(request.description, (description) => ({ description })),
      area: given(request.area, (area) => ({ area })),
      location: given(request.location, (location) => ({ location })),
    },
    { amenities: { amenities: amenitiesFrom(request.amenities) }, photos: { photos: request.photos } },
  );

/** What a request to change a room asks for. */
export const changesIn = (request: UpdateRoomRequest): Partial<Terms> =>
  changesOf<Terms>(
    request.updateMask,
    'a room',
    {
      name: given(request.name, (name) => ({ name })),
      capacity: given(request.capacity, (capacity) => ({ capacity })),
      price_per_night: given(request.pricePerNight, (price) => ({ pricePerNight: fromProto(price) })),
      instant_book: given(request.instantBook, (instantBook) => ({ instantBook })),
      description: given(request.description, (description) => ({ description })),
      beds: given(request.beds, (beds) => ({ beds })),
    },
    { amenities: { amenities: amenitiesFrom(request.amenities) }, photos: { photos: request.photos } },
  );

/** The proto's rules let no other number pass. */
export const amenitiesFrom = (shown: readonly Property_Amenity[]): Amenity[] =>
  amenities.filter((amenity) => shown.includes(Property_Amenity[amenity]));
