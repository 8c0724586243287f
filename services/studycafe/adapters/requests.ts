import { minutes } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { changesOf, given } from '#adapters/rpc/changes.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import { Cafe_Amenity, type CreateCafeRequest, type UpdateCafeRequest } from '#proto/jari/studycafe/v1/studycafe.ts';
import { amenities, type Amenity, type Terms } from '../cafe.ts';
import { isOnTheGrid, type Period } from '../times.ts';

const unless = (holds: boolean, field: string, description: string): FieldViolation[] =>
  holds ? [] : [{ field, description }];

/** Reports all violations at once. */
export function refuseAny(...violations: readonly FieldViolation[][]): void {
  const found = violations.flat();
  if (found.length) throw invalid(...found);
}

/** People find their seat by its label, so labels are unique. */
export const labels = (seats: CreateCafeRequest['seats']): FieldViolation[] =>
  seats.flatMap(({ label }, nth) =>
    unless(
      seats.findIndex((seat) => seat.label === label) === nth,
      `seats[${nth}].label`,
      'another seat has this label',
    ),
  );

const dayMinutes = 24 * 60;
/** Longest period of a seat map. */
export const longestLook = minutes(dayMinutes);
export const longestBlock = minutes(7 * dayMinutes);

/** The time that a request names; the proto's rules say that it has both ends, in their order. */
export const periodOf = ({
  startTime,
  endTime,
}: {
  startTime: Date | undefined;
  endTime: Date | undefined;
}): Period => ({
  start: startTime?.getTime() ?? 0,
  end: endTime?.getTime() ?? 0,
});

/** Checks the half-hours of the cafe's clock. */
export const onTheGrid = ({ start, end }: Period, longest: number, zone: string): FieldViolation[] => [
  ...unless(isOnTheGrid(start, zone), 'start_time', 'must be on a half-hour of the cafe’s clock, such as 09:30'),
  ...unless(isOnTheGrid(end, zone), 'end_time', 'must be on a half-hour of the cafe’s clock, such as 09:30'),
  ...unless(start < end, 'end_time', 'must be after start_time'), // by more than a part of a millisecond, which the proto lets pass
  ...unless(end - start <= longest, 'end_time', `must be at most ${longest / minutes(60)} hours after start_time`),
];

/** What a request to change a cafe asks for. */
export const changesIn = (request: UpdateCafeRequest): Partial<Terms> =>
  changesOf<Terms>(
    request.updateMask,
    'a cafe',
    {
      name: given(request.name, (name) => ({ name })),
      opens: given(request.opens, (opens) => ({ opens })),
      closes: given(request.closes, (closes) => ({ closes })),
      price_per_hour: given(request.pricePerHour, (price) => ({ pricePerHour: fromProto(price) })),
      description: given(request.description, (description) => ({ description })),
      area: given(request.area, (area) => ({ area })),
      location: given(request.location, (location) => ({ location })),
    },
    { amenities: { amenities: amenitiesFrom(request.amenities) }, photos: { photos: request.photos } },
  );

/** The proto's rules let no other number pass. */
export const amenitiesFrom = (shown: readonly Cafe_Amenity[]): Amenity[] =>
  amenities.filter((amenity) => shown.includes(Cafe_Amenity[amenity]));
