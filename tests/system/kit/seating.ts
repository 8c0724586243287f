import { v7 } from 'uuid';
import { Temporal } from 'temporal-polyfill';
import { becomes, eventually } from './eventually.ts';
import { day, lodging, type LedgerEntry, type Money } from './lodging.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';

/** As REST prints them. */
export interface Cafe {
  id: string;
  name: string;
  opens: string;
  closes: string;
  pricePerHour: Money;
}
export interface Seat {
  id: string;
  label: string;
  state: 'FREE' | 'HELD' | 'TAKEN' | 'BLOCKED';
}
export interface Selection {
  id: string;
  status: string;
  customerId: string;
  cafeId: string;
  seatId: string;
  startTime: string;
  endTime: string;
  total: Money;
  reason: string;
  reasonText: string;
}

/** The time from one hour to another of the day in so many days, on Seoul's clocks. */
export interface Time {
  start_time: string;
  end_time: string;
}
export const time = (inDays: number, from: number, to: number): Time => ({
  start_time: instant(inDays, from),
  end_time: instant(inDays, to),
});
const instant = (inDays: number, hour: number): string =>
  Temporal.PlainDate.from(day(inDays))
    .toZonedDateTime('Asia/Seoul')
    .add({ minutes: hour * 60 })
    .toInstant()
    .toString();

/** The people of a study cafe, and what they do there. */
export function seating(place: Place) {
  const customer = person(place, 'customer');
  const admin = person(place, 'admin');
  const { provider, paid, ledger, payment, shown, quiet } = lodging(place);

  const selectAt = (
    seat: Seat,
    cafe: Cafe,
    when: Time,
    by: Person = customer,
    key = v7(),
  ): Promise<Answer<Selection>> =>
    by.post<Selection>(
      '/v1/seat-selections',
      { cafe_id: cafe.id, seat_id: seat.id, ...when },
      { 'idempotency-key': key },
    );
  const select = (seat: Seat, cafe: Cafe, when: Time, by: Person = customer): Promise<Selection> =>
    ok(selectAt(seat, cafe, when, by));
  const selection = (id: string): Promise<Selection> => ok(admin.get<Selection>(`/v1/seat-selections/${id}`));
  const cancel = (id: string, by: Person = customer): Promise<Answer<Selection>> =>
    by.post<Selection>(`/v1/seat-selections/${id}:cancel`, {});
  const map = async (cafe: Cafe, when: Time, by: { get: Person['get'] } = customer): Promise<Seat[]> =>
    (await ok(by.get<{ seats: Seat[] }>(`/v1/cafes/${cafe.id}/seats?${addressed(when)}`))).seats;
  const states = async (cafe: Cafe, when: Time): Promise<Seat['state'][]> =>
    (await map(cafe, when)).map(({ state }) => state);

  return {
    ...{ customer, admin, selectAt, select, selection, cancel, map, states },
    ...{ provider, paid, ledger, payment, shown, quiet },

    /** Waits until the selection has come so far. */
    reaches: (id: string, status: string, withinMs?: number): Promise<Selection> =>
      becomes(() => selection(id), { status }, withinMs),
    block: (verb: 'block' | 'unblock', cafe: Cafe, seat: Seat, when: Time): Promise<Answer<Seat>> =>
      admin.post<Seat>(`/v1/cafes/${cafe.id}/seats/${seat.id}:${verb}`, when),

    /** A cafe of its own for a test, open from 8 to 23; resolves when seating knows of it, too. */
    async newCafe(count = 2): Promise<{ cafe: Cafe; seats: Seat[] }> {
      const cafe = await ok(
        admin.post<Cafe>('/v1/cafes', {
          ...{ name: 'Test cafe', address: '1 Test street', time_zone: 'Asia/Seoul', opens: '08:00', closes: '23:00' },
          price_per_hour: { currency_code: 'KRW', units: 2_000 },
          seats: Array.from({ length: count }, (_, nth) => ({ label: `${nth + 1}`, x: nth * 50, y: 0 })),
        }),
      );
      const seats = await map(cafe, time(1, 9, 10));
      // Past closing time: 404 before seating knows the cafe, 400 after; nothing is selected either way.
      await eventually(
        () => selectAt(seats[0]!, cafe, time(1, 23, 24)),
        ({ status }) => status === 400,
      );
      return { cafe, seats };
    },

    /** Everybody's entries in the provider's own books. */
    wholeLedger: async (): Promise<LedgerEntry[]> =>
      (await ok(admin.get<{ entries: LedgerEntry[] }>('/v1/sandbox/payment-provider/ledger'))).entries,

    /** In what states selections are, by the database itself. */
    async statuses(ids: readonly string[]): Promise<Map<string, string>> {
      const rows = await place.rows<{ id: string; status: string }>(
        'seating',
        'select id::text, status from selection where id = any($1::uuid[])',
        ids,
      );
      return new Map(rows.map(({ id, status }) => [id, status]));
    },
  };
}

export const addressed = ({ start_time, end_time }: Time): string =>
  `start_time=${encodeURIComponent(start_time)}&end_time=${encodeURIComponent(end_time)}`;
