import { minutes } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import type { CreateCafeRequest, UpdateCafeRequest } from '#proto/jari/studycafe/v1/studycafe.ts';
import type { Terms } from '../cafe.ts';
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

/** What a request to change a cafe asks for: the fields in its mask, or without one those that are present. */
export function changesIn({ name, opens, closes, pricePerHour, updateMask }: UpdateCafeRequest): Partial<Terms> {
  const present = new Map<string, Partial<Terms>>();
  if (name !== undefined) present.set('name', { name });
  if (opens !== undefined) present.set('opens', { opens });
  if (closes !== undefined) present.set('closes', { closes });
  if (pricePerHour !== undefined) present.set('price_per_hour', { pricePerHour: fromProto(pricePerHour) });

  const named = updateMask?.length ? [...new Set(updateMask)] : [...present.keys()];
  refuseAny(
    ...named.map((path) =>
      unless(changeable.includes(path), 'update_mask', `${path} is not a field of a cafe that can be changed`),
    ),
    ...named.map((path) =>
      unless(present.has(path) || !changeable.includes(path), path, 'is named in update_mask but missing'),
    ),
  );
  return Object.assign({}, ...named.map((path) => present.get(path))) as Partial<Terms>;
}

const changeable: readonly string[] = ['name', 'opens', 'closes', 'price_per_hour'];
