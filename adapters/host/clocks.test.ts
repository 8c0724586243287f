import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Stored } from '#adapters/mikro-orm/store.ts';
import { jars, type JarInput } from '#adapters/mikro-orm/contract.ts';
import { newId } from '#kernel/ids.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { jarService, openPlace, type Place } from './jar-service.fixture.ts';

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place.close());
afterEach(() => void jest.restoreAllMocks());

const realNow = Date.now.bind(Date);
const ahead = (ms: number): unknown => jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);

/** Jars with an alarm so long after they change. */
const alarmed = (
  ms: number,
): Stored<{ coins: number; owner: string }, JarInput, JarInput, 'no-coins', { coins: number }> => ({
  ...jars,
  consequences: (_, { updatedAt }) => ({ timers: [{ name: 'alarm', at: updatedAt + ms }] }),
});

describe('a service on a machine whose clock is wrong', () => {
  test.each([
    ['rushing', 600_000],
    ['lagging', -600_000],
  ])(
    'sets and fires its timers by the database’s clock, and says how wrong the machine’s is: %s',
    async (name, ms) => {
      ahead(ms);
      const service = jarService(name);
      const fired = new Map<string, number>();
      service.onAlarm = async (id) => void fired.set(id, realNow());
      const hosted = await place.host(service);
      await hosted.go();
      const { store, now } = service.outside!;
      expect(Math.abs(now() - realNow())).toBeLessThan(1_000); // PostgreSQL runs on this machine

      const [soon, later] = [newId(), newId()];
      const began = realNow();
      await store.update(alarmed(2_000), soon, (state) => jars.decide(state, { put: 1 }));
      await store.update(alarmed(10_000), later, (state) => jars.decide(state, { put: 1 }));
      const { rows } = await hosted.database.pool.query<{ left: string }>(
        'select extract(epoch from due_at - now())::text as left from timer where aggregate_id = $1',
        [later],
      );
      expect(Number(rows[0]!.left)).toBeGreaterThan(5);
      expect(Number(rows[0]!.left)).toBeLessThan(10.2);
      await eventually(() => fired.has(soon));
      expect(fired.get(soon)! - began).toBeGreaterThan(1_900);
      expect(fired.get(soon)! - began).toBeLessThan(8_000);

      expect(await hosted.waitsFor()).toContain(
        `CLOCK_SKEW): the machine's clock is 600 s ${ms > 0 ? 'ahead of' : 'behind'} the database's`,
      );
      expect(Math.round(hosted.operations.skewMs() / 1_000)).toBe(ms / 1_000);
      expect(await hosted.databaseLacks()).toBeUndefined(); // it works by the database's time
      await hosted.stop();
    },
    30_000,
  );

  test('reports nothing once the clock is right', async () => {
    const service = jarService('punctual');
    const hosted = await place.host(service);
    expect(await hosted.waitsFor()).toBeUndefined();
    ahead(31_500);
    expect(await hosted.waitsFor()).toContain('CLOCK_SKEW');
    ahead(28_500);
    expect(await hosted.waitsFor()).toBeUndefined();
    await hosted.stop();
  });
});
