import { setTimeout as pause } from 'node:timers/promises';
import { developmentKey } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { query, type System } from './system.ts';

/** A token as `npm run token` prints it. */
export const tokenOf = async (person: string): Promise<string> => issueToken(person, await developmentKey());

export interface Rooms {
  /** Their host is asked, and does not answer. */
  asking: string[];
  /** Confirmed by themselves, so that a reservation goes all its way. */
  instant: string[];
}

/** Rooms of our own, as a host makes them; resolves when lodging has heard of them. */
export async function makeRooms(system: System): Promise<Rooms> {
  const token = await tokenOf('host');
  const post = async (path: string, body: object): Promise<string> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(system.rest + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  };
  const property = await post('/v1/properties', {
    name: '벤치 호텔 · Bench Hotel',
    address: '서울특별시 중구 1',
    time_zone: 'Asia/Seoul',
  });
  const some = (instant: boolean, count: number): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, (_, nth) =>
        post('/v1/rooms', {
          property_id: property,
          name: `${instant ? 'Instant' : 'Asking'} ${nth + 1}`,
          capacity: 4,
          price_per_night: { currency_code: 'KRW', units: '90000' },
          instant_book: instant,
        }),
      ),
    );
  const rooms = { asking: await some(false, 8), instant: await some(true, 128) };
  const all = [...rooms.asking, ...rooms.instant];
  while (
    (await query(system.databaseOf('lodging'), 'select from room where id = any($1::uuid[])', [all])).length <
    all.length
  )
    await pause(50);
  return rooms;
}
