import { expect, test } from '@jest/globals';
import { eventually } from '../eventually.ts';
import { day, lodging, type Reservation, type Room } from '../lodging.ts';
import { person } from '../people.ts';
import type { Place } from '../place.ts';

const rooms = 20;
const window = 40;
const firstDay = 40;

interface Stay {
  id: string;
  room_id: string;
  check_in: string;
  check_out: string;
}

/** Overlapping confirmations, many a room, at half of the rooms by instant book and at half by the host. */
export const nightsAreSoldOnce = (place: Place, perRoom = 50): void => {
  test(`${rooms * perRoom} overlapping confirmations over ${rooms} rooms: no two stays share a night, and one may arrive as another leaves (L7)`, async () => {
    const { newRoom, decide, free } = lodging(place);
    const all: Room[] = await Promise.all(
      Array.from({ length: rooms }, (_, nth) => newRoom({ instant: nth % 2 === 0, price: 10_000 })),
    );
    const guests = Array.from({ length: 25 }, (_, nth) => person(place, `crowd-${nth}`));

    // Every room is asked for one to four nights from every part of the window, in no order, by everybody at once.
    const wishes = all.flatMap((room, nth) =>
      Array.from({ length: perRoom }, (_, turn) => ({
        ...{ room, guest: guests[(nth + turn) % guests.length]! },
        ...{ inDays: firstDay + ((turn * 17 + nth) % window), nights: 1 + ((turn + nth) % 4) },
      })),
    );
    const made: Reservation[] = await inLanes(40, shuffled(wishes), ({ room, guest, inDays, nights }) =>
      lodging(place).reserve(room, inDays, nights, guest),
    );
    expect(made).toHaveLength(rooms * perRoom);

    const roomIds = all.map(({ id }) => id);
    const stays = (status: string): Promise<Stay[]> =>
      place.rows<Stay>(
        'property',
        'select id::text, room_id, check_in, check_out from stay_request where status like $1 and room_id = any($2)',
        status,
        roomIds,
      );
    await eventually(
      () => stays('%'),
      ({ length }) => length === made.length,
      300_000,
    );
    const answers = await inLanes(40, shuffled(await stays('pending')), ({ id }) => decide('confirm', id));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
    await eventually(
      () => stays('pending'),
      ({ length }) => length === 0,
      300_000,
    );

    const confirmed = await stays('confirmed');
    expect(confirmed.length).toBeGreaterThan(rooms * 8); // full rooms: forty nights, at most four a stay
    const shared = await place.rows(
      'property',
      `select a.id, b.id from stay_request a join stay_request b on a.room_id = b.room_id and a.id < b.id and a.check_in < b.check_out and b.check_in < a.check_out
        where a.status = 'confirmed' and b.status = 'confirmed'`,
    );
    expect(shared).toEqual([]);
    const followed = confirmed.filter((stay) =>
      confirmed.some((next) => next.room_id === stay.room_id && next.check_in === stay.check_out),
    );
    expect(followed.length).toBeGreaterThan(rooms);

    for (const room of all) {
      const here = confirmed.filter(({ room_id: id }) => id === room.id);
      const nights = Array.from({ length: window + 4 }, (_, nth) => day(firstDay + nth));
      const taken = nights.map(
        (night) => here.filter((stay) => stay.check_in <= night && night < stay.check_out).length,
      );
      expect(Math.max(...taken)).toBe(1);
      expect(await free(room, firstDay, nights.length)).toEqual(taken.map((count) => count === 0));
    }

    const ids = made.map(({ id }) => id);
    const isConfirmed = new Set(confirmed.map(({ id }) => id));
    const statuses = async (): Promise<Map<string, string>> => {
      const sql = `select id::text, state ->> 'status' status from reservation where id::text = any($1)`;
      const rows = await place.rows<{ id: string; status: string }>('lodging', sql, ids);
      return new Map(rows.map(({ id, status }) => [id, status]));
    };
    const ended = await eventually(
      statuses,
      (found) => [...found.values()].every((status) => ['paid', 'rejected'].includes(status)),
      300_000,
    );
    for (const [id, status] of ended)
      expect({ id, status }).toEqual({ id, status: isConfirmed.has(id) ? 'paid' : 'rejected' });
    const payments = await place.rows<{ id: string }>(
      'payment',
      `select id::text from payment where id::text = any($1) and status = 'completed'`,
      ids,
    );
    expect(payments.map(({ id }) => id).sort()).toEqual([...isConfirmed].sort());
  }, 900_000);

  test('a room that is named in capital letters is the same room, and its nights are sold once (L7)', async () => {
    const { newRoom, guest, reserve, reaches } = lodging(place);
    const room = await newRoom({ instant: true });
    const first = await reserve(room, 90);
    await reaches(first.id, 'PAID');
    const second = await reserve({ ...room, id: room.id.toUpperCase() }, 90);
    expect(await reaches(second.id, 'REJECTED')).toMatchObject({ reason: 'NIGHTS_TAKEN', roomId: room.id });
    expect(await guest.get(`/v1/lodging/reservations/${first.id.toUpperCase()}`)).toMatchObject({
      status: 200,
      body: { id: first.id },
    });
    expect(await guest.post(`/v1/lodging/reservations/${first.id.toUpperCase()}:cancel`, {})).toMatchObject({
      status: 200,
      body: { id: first.id },
    });
  });
};

/** As many at once as there are lanes. */
async function inLanes<Item, Result>(
  lanes: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
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
