import type { Instant } from '#kernel/time.ts';
import { invalid, type FieldViolation } from '#adapters/rpc/errors.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import type { CreateLessonRequest, UpdateLessonRequest } from '#proto/jari/tutoring/v1/tutoring.ts';
import type { Offer } from '../lesson.ts';

/** What a request to sell a lesson offers. */
export const offerIn = ({ title, description, price, minutes, startTimes }: CreateLessonRequest): Offer => ({
  title,
  description,
  price: fromProto(price),
  minutes,
  startTimes: startTimes.map(instant),
});

/** What a request to change a lesson asks for: the fields in its mask, or without one those that are present. */
export function changesIn(request: UpdateLessonRequest): Partial<Offer> {
  const { title, description, price, minutes, startTimes } = request;
  const present = new Map<string, Partial<Offer>>();
  if (title !== undefined) present.set('title', { title });
  if (description !== undefined) present.set('description', { description });
  if (price !== undefined) present.set('price', { price: fromProto(price) });
  if (minutes !== undefined) present.set('minutes', { minutes });
  if (startTimes.length > 0) present.set('start_times', { startTimes: startTimes.map(instant) });

  const named = request.updateMask?.length ? [...new Set(request.updateMask)] : [...present.keys()];
  refuseAny([
    ...named
      .filter((path) => !changeable.includes(path))
      .map((path) => ({ field: 'update_mask', description: `${path} is not a field of a lesson that can be changed` })),
    ...named
      .filter((path) => changeable.includes(path) && !present.has(path))
      .map((field) => ({ field, description: 'is named in update_mask but missing' })),
  ]);
  return Object.assign({}, ...named.map((path) => present.get(path))) as Partial<Offer>;
}

const changeable: readonly string[] = ['title', 'description', 'price', 'minutes', 'start_times'];

export const instant = (time: Date): Instant => time.getTime();

/** Reports all violations at once. */
function refuseAny(violations: readonly FieldViolation[]): void {
  if (violations.length) throw invalid(...violations);
}
