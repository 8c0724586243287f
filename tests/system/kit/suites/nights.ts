import { expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { day, lodging, type Reservation, type Room } from '../lodging.ts';
import { ok, person } from '../people.ts';
import type { Place } from '../place.ts';

const rooms = 20;
const perRoom = 50;
const window = 40;
const firstDay = 40;

interface Stay {
  id: string;
  room_id: string;
  check_in: string;
  check_out: string;
}

/** A thousand overlapping confirmations over twenty rooms, at half of them by instant book and at half by the host. */
export const nightsAreSoldOnce = (place: Place): void => {
  test('1,000 overlapping confirmations over 20 rooms: no two stays share a night, and one may arrive as another leaves (L7)', async () => {
    const { newRoom, host, decide, free, payment } = lodging(place);
    const all: Room[] = await Promise.all(Array.from({ length: rooms }, (_, nth) => newRoom({ instant: nth % 2 === 0, price: 10_000 })));
    const guests = Array.from({ length: 25 }, (_, nth) => person(place, `crowd-${nth}`));

    // Every room is asked for one to four nights from every part of the window, in no order, by everybody at once.
    const wishes = all.flatMap((room, nth) =>
      Array.from({ length: perRoom }, (_, turn) => ({ room, guest: guests[(nth + turn) % guests.length]!, inDays: firstDay + ((turn * 17 + nth) % window), nights: 1 + ((turn + nth) % 4) })),
    );
    const made: Reservation[] = await inLanes(40, shuffled(wishes), ({ room, guest, inDays, nights }) => lodging(place).reserve(room, inDays, nights, guest));
    expect(made).toHaveLength(rooms * perRoom);

    const undecided = async (): Promise<string[]> => {
      const rows = await place.rows<Stay>('property', `select id::text from stay_request where status = 'pending' and room_id = any($1)`, all.map(({ id }) => id));
      return rows.map(({ id }) => id);
    };
    const asked = async (): Promise<number> =>
      Number((await place.rows<{ count: string }>('property', 'select count(*) from stay_request where room_id = any($1)', all.map(({ id }) => id)))[0]!.count);
    await eventually(asked, (count) => count === made.length, 60_000);
    const answers = await inLanes(40, shuffled(await undecided()), (id) => decide('confirm', id));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await eventually(undecided, (ids) => ids.length === 0, 60_000);

    const confirmed = await place.rows<Stay>('property', `select id::text, room_id, check_in, check_out from stay_request where status = 'confirmed' and room_id = any($1)`, all.map(({ id }) => id));
    expect(confirmed.length).toBeGreaterThan(rooms * 8); // full rooms: forty nights, at most four a stay
    const shared = await place.rows(
      'property',
      `select a.id, b.id from stay_request a join stay_request b on a.room_id = b.room_id and a.id < b.id and a.check_in < b.check_out and b.check_in < a.check_out
        where a.status = 'confirmed' and b.status = 'confirmed'`,
    );
    expect(shared).toEqual([]);
    expect(confirmed.filter((stay) => confirmed.some((other) => other.room_id === stay.room_id && other.check_in === stay.check_out)).length).toBeGreaterThan(rooms);

    for (const room of all) {
      const stays = confirmed.filter(({ room_id: id }) => id === room.id);
      const nights = Array.from({ length: window + 4 }, (_, nth) => day(firstDay + nth));
      const taken = nights.map((night) => stays.filter((stay) => stay.check_in <= night && night < stay.check_out).length);
      expect(Math.max(...taken)).toBe(1);
      expect(await free(room, firstDay, nights.length)).toEqual(taken.map((count) => count === 0));
    }

    const isConfirmed = new Set(confirmed.map(({ id }) => id));
    const statuses = async (): Promise<Map<string, string>> => {
      const rows = await place.rows<{ id: string; status: string }>('lodging', `select id::text, state ->> 'status' status from reservation where id::text = any($1)`, made.map(({ id }) => id));
      return new Map(rows.map(({ id, status }) => [id, status]));
    };
    const ended = await eventually(statuses, (found) => [...found.values()].every((status) => ['paid', 'rejected'].includes(status)), 60_000);
    for (const [id, status] of ended) expect({ id, status }).toEqual({ id, status: isConfirmed.has(id) ? 'paid' : 'rejected' });
    const [sample] = confirmed;
    expect(await payment(sample!.id)).toMatchObject({ status: 'COMPLETED' });
    const payments = await place.rows<{ count: string }>('payment', `select count(*) from payment where id::text = any($1)`, made.map(({ id }) => id));
    expect(Number(payments[0]!.count)).toBe(confirmed.length);
    await ok(host.get('/v1/stay-requests'));
  }, 180_000);
};

/** As many at once as there are lanes. */
async function inLanes<Item, Result>(lanes: number, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const waiting = [...items];
  const results: Result[] = [];
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) results.push(await work(item));
    }),
  );
  return results;
}

/** In an order that looks like none and is always the same. */
const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item, nth) => ({ item, rank: (nth * 7_919 + 104_729) % 1_009 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
