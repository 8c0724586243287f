import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../api/api.ts';
import type { Money } from '../../text/formats.ts';
import { asAmount } from '../../text/money.ts';

export type Lesson = Schemas['tutoring.Lesson'];

const pageSize = 60;

/** Lessons on sale that fit, newest first, a page at a time. */
export const lessonsQuery = ({ q, subject }: { q?: string | undefined; subject?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['lessons', q ?? '', subject ?? ''],
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.GET('/v1/tutoring/lessons', {
          params: {
            query: {
              status: 'ON_SALE',
              page_size: pageSize,
              ...(q && { q }),
              ...(subject && { subject }),
              ...(pageParam && { page_token: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
  });

/** The lesson with the start times that are free now. */
export const lessonQuery = (lesson_id: string) =>
  queryOptions({
    queryKey: ['lesson', lesson_id],
    queryFn: ({ signal }) =>
      answered(api.GET('/v1/tutoring/lessons/{lesson_id}', { params: { path: { lesson_id } }, signal })),
    refetchInterval: 15_000,
    staleTime: 5_000,
  });

/** What a start time would cost now, and what a cancellation would refund. Nothing is stored. */
export const quoteQuery = (lessonId: string, startTime: string | undefined) =>
  queryOptions({
    queryKey: ['lesson', lessonId, 'quote', startTime],
    queryFn: ({ signal }) =>
      answered(api.POST('/v1/tutoring/purchases:quote', { body: { lessonId, startTime: startTime ?? '' }, signal })),
    enabled: startTime !== undefined,
  });

/** Buys a start time; the same key twice is one purchase. */
export const buy = (
  {
    lessonId,
    startTime,
    agreedTotal,
    paymentMethodId,
  }: { lessonId: string; startTime: string; agreedTotal: Money; paymentMethodId: string | undefined },
  key: string,
) =>
  answered(
    api.POST('/v1/tutoring/purchases', {
      params: { header: { 'Idempotency-Key': key } },
      body: {
        lessonId,
        startTime,
        agreedTotal: asAmount(agreedTotal),
        ...(paymentMethodId && { paymentMethodId }),
      },
    }),
  );
