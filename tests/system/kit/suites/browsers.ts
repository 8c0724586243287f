import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { enterRoom, openBrowser, type Perceived } from '../browser/browsers.ts';
import { eventually } from '../eventually.ts';
import { lecturing } from '../lecture.ts';
import { ok, person, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';

/** On each of two gateways. */
const reloads = 10;

/** Two real browsers hold a lecture (T7): nothing but what the API gives brings them together. */
export const lectureInBrowsers = (place: Place): void => {
  const { buyer, seller, path, read, scheduled, end } = lecturing(place);
  const browsers: Browser[] = [];
  beforeAll(async () => void browsers.push(...(await Promise.all([openBrowser(), openBrowser()]))), 60_000);
  afterAll(() => Promise.all(browsers.map((each) => each.close())), 60_000);

  type Room = Awaited<ReturnType<typeof enterRoom>>;
  /** Each with the other as it is now, and with picture and voice of it. */
  const bothPerceive = (rooms: readonly [Room, Room]): Promise<unknown> =>
    eventually(
      () => Promise.all(rooms.map((each) => each.perceived())),
      (seen) => {
        const [one, other] = seen as [Perceived, Perceived];
        expect([one.peerId, other.peerId]).toEqual([other.me, one.me]);
        for (const { frames, energy } of seen) {
          expect(frames).toBeGreaterThan(0);
          expect(energy).toBeGreaterThan(0);
        }
      },
      60_000,
    );

  test(`both see and hear each other, also after each of ${reloads} reloads; a third person is refused; the seller ends it (T7)`, async () => {
    const id = await scheduled({ inSeconds: -5 });
    const rooms = [
      await enterRoom(browsers[0]!, place, id, buyer),
      await enterRoom(browsers[1]!, place, id, seller),
    ] as const;
    await bothPerceive(rooms);
    for (let count = 0; count < reloads; count++) {
      const { me } = await rooms[count % 2]!.perceived();
      await rooms[count % 2]!.page.reload();
      await eventually(rooms[count % 2]!.perceived, (seen) => seen.me !== '' && seen.me !== me, 60_000);
      await bothPerceive(rooms);
    }
    expect(refusalOf(await person(place, 'third').post(path(id, ':join'), {}))).toMatchObject({ status: 404 });
    const { status, attendance } = await read(id);
    // One that reloads for longer than silence may last was away, and came again.
    const came = new Set(attendance.map(({ userId }) => userId)).size;
    const there = attendance.filter(({ leaveTime }) => !leaveTime).length;
    expect({ status, came, there }).toEqual({ status: 'LIVE', came: 2, there: 2 });
    expect(await ok(end(id, seller))).toMatchObject({ status: 'ENDED' });
  }, 300_000);
};
