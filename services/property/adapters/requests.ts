import { daysBetween, isLocalDate } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import type { UpdateRoomRequest } from '#proto/jari/property/v1/property.ts';
import type { Nights } from '../nights.ts';
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

/** What a request to change a room asks for: the fields in its mask, or without one those that are present. */
export function changesIn(request: UpdateRoomRequest): Partial<Terms> {
  const { name, capacity, pricePerNight, instantBook } = request;
  const present = new Map<string, Partial<Terms>>();
  if (name !== undefined) present.set('name', { name });
  if (capacity !== undefined) present.set('capacity', { capacity });
  if (pricePerNight !== undefined) present.set('price_per_night', { pricePerNight: fromProto(pricePerNight) });
  if (instantBook !== undefined) present.set('instant_book', { instantBook });

  const named = request.updateMask?.length ? [...new Set(request.updateMask)] : [...present.keys()];
  refuseAny(
    ...named.map((path) =>
      unless(changeable.includes(path), 'update_mask', `${path} is not a field of a room that can be changed`),
    ),
    ...named.map((path) =>
      unless(present.has(path) || !changeable.includes(path), path, 'is named in update_mask but missing'),
    ),
  );
  return Object.assign({}, ...named.map((path) => present.get(path))) as Partial<Terms>;
}

const changeable: readonly string[] = ['name', 'capacity', 'price_per_night', 'instant_book'];
