import { setTimeout as pause } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { ok, person } from '../../kit/people.ts';
import type { Native } from '../native.ts';

/** Rooms of one host for a load, by what is tried on them. */
export interface Rooms {
  /** Instant book; every stay has nights of its own, far ahead. */
  instant: readonly string[];
  /** The host is asked; likewise. */
  asking: readonly string[];
  /** Instant book; many want the same nights. */
  contested: readonly string[];
  /** Instant book; nights so close that the policy keeps a part of the price. */
  near: readonly string[];
}

export const pricePerNight = 10_000;

const wanted = { instant: 60, asking: 4, contested: 4, near: 6 } satisfies Record<keyof Rooms, number>;

/** Resolves when lodging knows them all. */
export async function makeRooms(place: Native): Promise<Rooms> {
  const host = person(place, 'host');
  const { id: property } = await ok(
    host.post<{ id: string }>('/v1/properties', {
      name: 'Test house',
      address: '1 Test street',
      time_zone: 'Asia/Seoul',
    }),
  );
  const some = (use: keyof Rooms): Promise<string[]> =>
    Promise.all(
      Array.from({ length: wanted[use] }, async (_, nth) => {
        const price = { currency_code: 'KRW', units: String(pricePerNight) };
        const room = {
          property_id: property,
          name: `${use} ${nth + 1}`,
          capacity: 2,
          price_per_night: price,
          instant_book: use !== 'asking',
        };
        return (await ok(host.post<{ id: string }>('/v1/rooms', room))).id;
      }),
    );
  const rooms = {
    instant: await some('instant'),
    asking: await some('asking'),
    contested: await some('contested'),
    near: await some('near'),
  };
  const all = Object.values(rooms).flat();
  while ((await place.rows('lodging', 'select from room where id = any($1::uuid[])', all)).length < all.length)
    await pause(50);
  return rooms;
}

/** The day in so many days from now, in Seoul; a load that goes on past midnight counts from the day on which it began. */
export function fromToday(): (inDays: number) => string {
  const today = Temporal.Now.plainDateISO('Asia/Seoul');
  return (inDays) => today.add({ days: inDays }).toString();
}
