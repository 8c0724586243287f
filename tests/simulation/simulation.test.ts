import { describe, expect, test } from '@jest/globals';
import { fromSeed } from './choices.ts';
import { lodgingHistory } from './lodging-history.ts';
import { plantedBugs } from './planted.ts';
import { explain, simulate, told } from './simulate.ts';

const histories = 50_000;
/** Far more than any of them needs. */
const mostSeeds = 5_000;

describe('lodging, property, payment and views, with everything going wrong', () => {
  test(`keep every promise in ${histories.toLocaleString('en')} histories`, async () => {
    const failure = await simulate(histories);
    if (failure) throw new Error(told(failure));
  }, 600_000);
});

describe('the simulation finds', () => {
  test.each(Object.entries(plantedBugs))(
    '%s',
    async (_, plants) => {
      for (let seed = 1; seed <= mostSeeds; seed++) {
        const { broken } = await lodgingHistory(fromSeed(seed), plants);
        if (broken.length) return;
      }
      throw new Error(`not found in ${mostSeeds} histories`);
    },
    120_000,
  );

  test('a failure that it can shrink, tell and replay', async () => {
    const plants = plantedBugs['nights not given back']!;
    let seed = 0;
    let choices = fromSeed(seed);
    while (!(await lodgingHistory((choices = fromSeed(++seed)), plants)).broken.length);
    const failure = await explain(seed, choices.made, plants);
    expect(failure.broken[0]).toMatch(/^4:/);
    expect(failure.choices.length).toBeLessThanOrEqual(choices.made.length);
    expect(failure.trace.some((line) => line.includes('cancelReservation') || line.includes('cancelStay'))).toBe(true);
    expect(told(failure)).toContain('npm run simulate -- --replay');
  }, 60_000);
});
