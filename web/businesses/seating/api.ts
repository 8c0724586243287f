import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/api.ts';
import { call, query } from '../../api/http.ts';
import type { Money } from '../../text/formats.ts';
import type { Period } from './times.ts';

export interface Cafe {
  id: string;
  name: string;
  address: string;
  timeZone: string;
  /** `08:00`; `24:00` is the end of the day. */
  opens: string;
  closes: string;
  pricePerHour: Money;
  /** Not sold any more. */
  closed: boolean;
}

export type Feature = 'WINDOW' | 'OUTLET' | 'QUIET';

export interface Seat {
  id: string;
  label: string;
  x: number;
  y: number;
  features: readonly Feature[];
  state: 'FREE' | 'HELD' | 'TAKEN' | 'BLOCKED';
}

export const cafesQuery = queryOptions({
  queryKey: ['cafes'],
  queryFn: ({ signal }) => call<{ cafes: Cafe[] }>(`/v1/cafes${query({ page_size: 200 })}`, { signal }),
});

export const cafeQuery = (cafeId: string) =>
  queryOptions({
    queryKey: ['cafe', cafeId],
    queryFn: ({ signal }) => call<Cafe>(`/v1/cafes/${encodeURIComponent(cafeId)}`, { signal }),
  });

const seatsPath = (cafeId: string, { start, end }: Period, verb = ''): string =>
  `/v1/cafes/${encodeURIComponent(cafeId)}/seats${verb}${query({ start_time: start, end_time: end })}`;

export const seatsQuery = (cafeId: string, period: Period) =>
  queryOptions({
    queryKey: ['cafe', cafeId, 'seats', period],
    queryFn: ({ signal }) => call<{ seats: Seat[] }>(seatsPath(cafeId, period), { signal }),
    staleTime: 5_000,
  });

/** The same as it changes, seat by seat. */
export const seatsStream = (cafeId: string, period: Period): string => seatsPath(cafeId, period, ':watch');

/** What the seat would cost now, and which others are free if it is taken. Nothing is stored. */
export const quoteQuery = (cafeId: string, seatId: string, { start, end }: Period) =>
  queryOptions({
    queryKey: ['cafe', cafeId, 'quote', seatId, start, end],
    queryFn: ({ signal }) =>
      answered(
        api.POST('/v1/seat-selections:quote', { body: { cafeId, seatId, startTime: start, endTime: end }, signal }),
      ),
    staleTime: 5_000,
    refetchInterval: 15_000,
  });

export interface Selection {
  id: string;
  status: string;
  reason: string;
}

/** Asks for the seat; the same key twice is one selection. */
export const select = (
  {
    cafeId,
    seatId,
    period,
    agreedTotal,
    paymentMethodId,
  }: { cafeId: string; seatId: string; period: Period; agreedTotal: Money; paymentMethodId: string | undefined },
  key: string,
): Promise<Selection> =>
  call<Selection>('/v1/seat-selections', {
    method: 'POST',
    key,
    body: {
      ...{ cafe_id: cafeId, seat_id: seatId },
      ...{ start_time: period.start, end_time: period.end, agreed_total: agreedTotal },
      payment_method_id: paymentMethodId,
    },
  });

const answerMs = 6_000;

/** The cafe answers within a moment whether it holds the seat; when it takes longer, the page of the order goes on waiting. */
export async function answerOfCafe(made: Selection): Promise<Selection> {
  const until = Date.now() + answerMs;
  for (let now = made; ;) {
    if (now.status !== 'SELECTED' || Date.now() > until) return now;
    await new Promise((resolve) => setTimeout(resolve, 250));
    now = await call<Selection>(`/v1/seat-selections/${made.id}`).catch(() => now);
  }
}
