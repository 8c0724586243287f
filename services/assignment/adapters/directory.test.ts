import { distance } from 'geokdbush';
import { expect, test } from '@jest/globals';
import { best, type Candidate } from '../choice.ts';
import { marketAround } from '../usecases.ts';
import { directoryOf } from './directory.ts';
import { sampleDealerships } from './sample.ts';

const dealerships = sampleDealerships();
const directory = directoryOf(dealerships);

/** Numbers that look like luck and are always the same. */
let state = 7;
const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;

const earthRadius = 6_371_000;

/** On the unit sphere, where ways straight through the Earth are quickly measured. */
const onSphere = ({
  latitude,
  longitude,
}: {
  latitude: number;
  longitude: number;
}): readonly [number, number, number] => {
  const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
};

test('the choice among 3,000 dealerships for 10,000 customers is that of looking at every one (P4)', async () => {
  // Most have something to do, some are full, a few decline: the nearest is often not the best.
  const taken = new Map(
    dealerships.map(({ id, details }) => [
      id,
      Array.from({ length: Math.floor(random() ** 2 * (details.dailyCapacity + 1)) }, (_, place) => place),
    ]),
  );
  const ports = { directory: async () => directory, taken: async () => taken, now: () => 0, random };
  const all = dealerships.map(({ id, details }) => ({
    id,
    ...details,
    sphere: onSphere(details.location),
    load: taken.get(id)!.length,
  }));
  let notTheNearest = 0;
  for (let customer = 0; customer < 10_000; customer++) {
    const location = { latitude: 33.1 + random() * 5.3, longitude: 126 + random() * 3.6 };
    const declined = random() < 0.1 ? [directory.nearest(location, 1)[0]!.dealershipId] : [];
    const { candidates } = await marketAround(ports, location, declined);

    const here = onSphere(location);
    let least = { cost: Infinity, id: '' };
    for (const { id, location: there, sphere, load, dailyCapacity } of all) {
      const [x, y, z] = [here[0] - sphere[0], here[1] - sphere[1], here[2] - sphere[2]];
      if ((x * x + y * y + z * z) * earthRadius ** 2 > (least.cost + 1) ** 2) continue; // even straight through the Earth it is too far
      if (load >= dailyCapacity || declined.includes(id)) continue;
      const cost =
        Math.round(1_000 * distance(location.longitude, location.latitude, there.longitude, there.latitude)) +
        (5_000 * load) / dailyCapacity;
      if (cost < least.cost || (cost === least.cost && id < least.id)) least = { cost, id };
    }
    const chosen = best(candidates, declined) as Candidate;
    if (chosen.dealershipId !== least.id)
      throw new Error(`customer ${customer}: ${chosen.dealershipId} instead of ${least.id}`);
    if (chosen.dealershipId !== candidates[0]?.dealershipId) notTheNearest++;
  }
  expect(notTheNearest).toBeGreaterThan(2_000);
}, 60_000);

test('distances are those on the sphere: from Seoul to Busan it is 325 km', () => {
  const busan = directoryOf([
    {
      id: 'busan',
      details: {
        name: 'Busan',
        location: { latitude: 35.1796, longitude: 129.0756 },
        dailyCapacity: 1,
        dealerId: 'dealer',
      },
    },
  ]);
  expect(
    busan
      .nearest({ latitude: 37.5665, longitude: 126.978 }, 5)
      .map(({ distanceMeters }) => Math.round(distanceMeters / 1_000)),
  ).toEqual([325]);
});

test('a dealership out of reach is not asked: none from Los Angeles for Seoul', async () => {
  const angeles = { latitude: 34.05, longitude: -118.24 };
  const within = directoryOf(dealerships, 200);
  expect(directory.nearest(angeles, 1)).toHaveLength(1);
  expect(within.nearest(angeles, 5)).toEqual([]);
  const ports = { directory: async () => within, taken: async () => new Map(), now: () => 0, random };
  expect((await marketAround(ports, angeles, [])).candidates).toEqual([]);
  expect((await marketAround(ports, { latitude: 37.5, longitude: 127 }, [])).candidates.length).toBeGreaterThan(0);
});

test('of no dealerships none is the nearest', async () => {
  const ports = { directory: async () => directoryOf([]), taken: async () => new Map(), now: () => 0, random };
  expect((await marketAround(ports, { latitude: 37, longitude: 127 }, [])).candidates).toEqual([]);
});

test('the sample is 3,000 dealerships over Korea, always the same ones', () => {
  expect(dealerships).toHaveLength(3_000);
  expect(sampleDealerships()).toEqual(dealerships);
  expect(new Set(dealerships.map(({ id }) => id)).size).toBe(3_000);
  for (const { details } of dealerships) {
    const { latitude, longitude } = details.location;
    expect(latitude > 33 && latitude < 38.7 && longitude > 126 && longitude < 130).toBe(true);
  }
});
