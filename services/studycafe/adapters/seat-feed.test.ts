import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { Seat_State as State, type WatchSeatsResponse } from '#proto/jari/studycafe/v1/studycafe.ts';
import type { Cafe } from '../cafe.ts';
import type { SeatSeen, SeatState } from '../seat-map.ts';
import { cafe, noon, period, seat } from '../testing/sample.ts';
import { openStudycafeService, times, type StudycafeService } from '../testing/service.ts';
import { openSeatFeed } from './seat-feed.ts';

const books: StoredAggregate<Cafe> = { id: 'books', state: cafe, version: 1, createdAt: 0, updatedAt: 0 };
const mapWith = (state: SeatState): SeatSeen[] => [{ ...seat, state }];

/** A look-out over a map that the test changes. */
function lookOut(quietMs = 60_000) {
  const sight: { state: SeatState; trouble?: Error; looks: number } = { state: 'FREE', looks: 0 };
  const { until, watchers } = openSeatFeed(async () => {
    sight.looks++;
    if (sight.trouble) throw sight.trouble;
    return mapWith(sight.state);
  }, quietMs);
  const watch = (signal: AbortSignal) => until(signal).of(books, period)[Symbol.asyncIterator]();
  return { sight, watchers, watch };
}

describe('who watches a seat map (C5)', () => {
  test('sees it as it stands, then each time it has changed', async () => {
    const { sight, watch } = lookOut();
    const eyes = watch(new AbortController().signal);
    expect((await eyes.next()).value).toEqual(mapWith('FREE'));
    for (const state of ['HELD', 'TAKEN', 'FREE'] as const) {
      const change = eyes.next();
      sight.state = state;
      expect((await change).value).toEqual(mapWith(state));
    }
    await eyes.return?.();
  });

  test('gets a sign of life when nothing changes', async () => {
    const { watch } = lookOut(50);
    const eyes = watch(new AbortController().signal);
    await eyes.next();
    expect((await eyes.next()).value).toBe('quiet');
    expect((await eyes.next()).value).toBe('quiet');
    await eyes.return?.();
  });

  test('shares one read with all watchers of the same map', async () => {
    const { sight, watch, watchers } = lookOut();
    const all = Array.from({ length: 100 }, () => watch(new AbortController().signal));
    for (const eyes of all) expect((await eyes.next()).value).toEqual(mapWith('FREE'));
    expect(watchers()).toBe(100);
    const changes = all.map((eyes) => eyes.next());
    sight.state = 'HELD';
    for (const change of changes) expect((await change).value).toEqual(mapWith('HELD'));
    expect(sight.looks).toBeLessThan(50);
    for (const eyes of all) await eyes.return?.();
  });

  test('and leaves stops the reads of the map', async () => {
    const { sight, watch, watchers } = lookOut();
    const leaving = new AbortController();
    const eyes = [watch(leaving.signal), watch(leaving.signal)];
    for (const each of eyes) await each.next();
    const ends = eyes.map((each) => each.next().catch((error: unknown) => error));
    leaving.abort(new Error('left'));
    for (const end of ends) expect(await end).toMatchObject({ message: 'left' });
    expect(watchers()).toBe(0);
    const { looks } = sight;
    await pause(700);
    expect(sight.looks).toBe(looks);
  });

  test('gets the reason when the map cannot be read any more; a later watcher sees it again', async () => {
    const { sight, watch, watchers } = lookOut();
    const eyes = watch(new AbortController().signal);
    await eyes.next();
    const end = eyes.next();
    sight.trouble = new Error('the database cannot be reached');
    await expect(end).rejects.toThrow('cannot be reached');
    expect(watchers()).toBe(0);
    delete sight.trouble;
    const others = watch(new AbortController().signal);
    expect((await others.next()).value).toEqual(mapWith('FREE'));
    await others.return?.();
  });

  test('and is slow sees the latest, not all that lies between', async () => {
    const { sight, watch } = lookOut();
    const eyes = watch(new AbortController().signal);
    await eyes.next();
    sight.state = 'HELD';
    await pause(700);
    sight.state = 'TAKEN';
    await pause(700);
    expect((await eyes.next()).value).toEqual(mapWith('TAKEN'));
    await eyes.return?.();
  });
});

describe('a watched cafe', () => {
  let shop: StudycafeService;
  beforeAll(async () => {
    shop = await openStudycafeService();
  });
  afterAll(() => shop.close());

  test('comes whole first, then each seat that changes, whichever replica sold it (C5)', async () => {
    const { cafeId, seatIds } = await shop.open(3);
    const period = { start: noon, end: noon + minutes(120) };
    const leaving = new AbortController();
    const events = shop.watch<WatchSeatsResponse>({ cafeId, ...times(period) }, leaving.signal)[Symbol.asyncIterator]();
    const next = async () => ((await events.next()).value as WatchSeatsResponse).event;
    const first = await next();
    expect(first).toMatchObject({
      $case: 'snapshot',
      value: { seats: seatIds.map((id) => ({ id, state: State.FREE })) },
    });

    const order = await shop
      .replica()
      .hold(seatIds[1]!, cafeId, { start: noon + minutes(90), end: noon + minutes(150) });
    expect(await next()).toMatchObject({ $case: 'change', value: { id: seatIds[1], state: State.HELD } });
    await shop.hold(seatIds[2]!, cafeId, { start: noon + minutes(120), end: noon + minutes(150) }); // begins when the watched time ends
    await shop.register(order);
    expect(await next()).toMatchObject({ $case: 'change', value: { id: seatIds[1], state: State.TAKEN } });

    const end = next();
    leaving.abort(new RpcError('UNAVAILABLE', 'SHUTTING_DOWN', 'going away'));
    expect(await end).toMatchObject({ $case: 'error', value: { code: 14 } });
    await expect(events.next()).rejects.toThrow('going away');
  });

  test('that is not there, or at no proper time, is refused before anything is sent', async () => {
    const { cafeId } = await shop.open(1);
    const first = (request: object) => shop.watch(request, new AbortController().signal)[Symbol.asyncIterator]().next();
    await expect(first({ cafeId: newId(), ...times(period) })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(first({ cafeId, ...times({ start: noon + 1, end: noon + minutes(30) }) })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
