import { idOf } from '#kernel/ids.ts';
import { dealership, type DealershipDetails } from '../dealership.ts';
import type { Ports } from '../ports.ts';
import { cities } from './cities.ts';

/** Sample dealerships; all of them belong to the sample dealer. */
export const sampleSize = 3_000;

/** Always the same, with the same ids, so that adding them again changes nothing. */
export async function addSampleData({ dealerships }: Pick<Ports, 'dealerships'>): Promise<void> {
  await Promise.all(
    sampleDealerships().map(({ id, details }) =>
      dealerships.update(id, (state) => dealership.decide(state, { type: 'ListDealership', details })),
    ),
  );
}

/** Scattered around the cities, the more the larger they are. */
export function sampleDealerships(): { id: string; details: DealershipDetails }[] {
  const random = seeded(20261121);
  const dealerId = idOf('user', 'dealer');
  const shares = cities.flatMap((city) => Array.from({ length: city[3] }, () => city));
  return Array.from({ length: sampleSize }, (_, number) => {
    const [city, latitude, longitude] = shares[Math.floor(random() * shares.length)] ?? cities[0]!;
    const location = { latitude: around(latitude, 0.05, random), longitude: around(longitude, 0.06, random) };
    return {
      id: sampleId(number),
      details: {
        name: `자리 ${city} ${number + 1}호점`,
        location,
        dailyCapacity: 5 + Math.floor(random() * 16),
        dealerId,
      },
    };
  });
}

/** Near the middle more often than far from it, to a millionth of a degree. */
const around = (middle: number, spread: number, random: () => number): number =>
  Math.round((middle + spread * (random() + random() + random() - 1.5)) * 1e6) / 1e6;

/** A UUIDv7 of one fixed instant: 019a3000-0000-7000-8000-000000100000 is the first. */
const sampleId = (number: number): string => `019a3000-0000-7000-8000-${String(100_000 + number).padStart(12, '0')}`;

/** The same numbers in [0, 1) for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
