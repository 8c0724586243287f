import type { Instant } from '#kernel/time.ts';
import { changesOf, given } from '#adapters/rpc/changes.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import type { CreateLessonRequest, ListLessonsRequest, UpdateLessonRequest } from '#proto/jari/tutoring/v1/tutoring.ts';
import type { Offer } from '../lesson.ts';
import { lessonStatuses } from './shown.ts';

/** What a request to sell a lesson offers. */
export const offerIn = (request: CreateLessonRequest): Offer => {
  const { title, description, subject, level, photos, minutes } = request;
  return {
    ...{ title, description, subject, level, photos, minutes },
    price: fromProto(request.price),
    startTimes: request.startTimes.map(instant),
  };
};

/** What a request to change a lesson asks for. A lesson without start times is none: an empty list of them is never present. */
export const changesIn = (request: UpdateLessonRequest): Partial<Offer> =>
  changesOf<Offer>(
    request.updateMask,
    'a lesson',
    {
      title: given(request.title, (title) => ({ title })),
      description: given(request.description, (description) => ({ description })),
      price: given(request.price, (price) => ({ price: fromProto(price) })),
      minutes: given(request.minutes, (minutes) => ({ minutes })),
      start_times: request.startTimes.length > 0 ? { startTimes: request.startTimes.map(instant) } : undefined,
      subject: given(request.subject, (subject) => ({ subject })),
      level: given(request.level, (level) => ({ level })),
    },
    { photos: { photos: request.photos } },
  );

export const instant = (time: Date): Instant => time.getTime();

/** What a request for a list of lessons looks for. A start time that has passed is not free. */
export const wantedIn = ({ status, subject, q: text, from, to }: ListLessonsRequest, now: Instant) => ({
  ...{ status: lessonStatuses[status], subject, text },
  free:
    from || to
      ? {
          from: Math.max(from ? instant(from) : 0, now + 1),
          to: to ? instant(to) : Number.MAX_SAFE_INTEGER,
        }
      : undefined,
});
