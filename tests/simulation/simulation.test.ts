import { afterAll, describe, expect, test } from '@jest/globals';
import { businesses, businessNamed } from './businesses.ts';
import { fromSeed } from './choices.ts';
import { history } from './history.ts';
import { planted } from './planted.ts';
import { explain, simulate, told } from './simulate.ts';
import { Workers } from './workers.ts';

/** Of lodging, which proves the foundation; each other business adds its own cores, and needs fewer. At length: `npm run simulate`. */
const histories = 20_000;
/** Far more than any bug needs to be found. */
const mostSeeds = 5_000;

const workers = new Workers();
afterAll(() => workers[Symbol.asyncDispose]());

describe.each(businesses.map((business) => [business.name, business] as const))(
  '%s, with everything going wrong,',
  (name, business) => {
    const count = name === 'lodging' ? histories : histories / 4;
    test(`keeps every promise in ${count.toLocaleString('en')} histories`, async () => {
      const failure = await simulate(workers, business, count);
      expect(failure && told(failure)).toBeUndefined();
    }, 600_000);
  },
);

const lodging = businessNamed('lodging');
const bugs = [
  ...Object.keys(planted).map((bug) => ['lodging', bug] as const),
  ...businesses.flatMap((business) => Object.keys(business.planted).map((bug) => [business.name, bug] as const)),
];

describe('the simulation finds', () => {
  test.each(bugs)(
    'in %s: %s',
    async (business, bug) => {
      const found = await workers.search({ business, bug, first: 1, seeds: mostSeeds });
      expect(found?.broken[0]).toMatch(/^(?!threw)/); // a broken promise, not a simulation that cannot begin
    },
    120_000,
  );

  test('a failure that it can shrink, tell and replay', async () => {
    const bug = lodging.planted['nights not given back']!;
    let seed = 0;
    let choices = fromSeed(seed);
    while (!(await history(lodging, (choices = fromSeed(++seed)), bug)).broken.length);
    const failure = await explain(lodging, seed, choices.made, bug);
    expect(failure.broken[0]).toMatch(/^4:/);
    expect(failure.choices.length).toBeLessThanOrEqual(choices.made.length);
    // Why the nights should be free, whether somebody cancelled or the payment was declined.
    expect(failure.trace.some((line) => line.includes('ReleaseStay') || line.includes('cancelStay'))).toBe(true);
    expect(told(failure)).toContain('npm run simulate -- --business lodging --replay');
  }, 60_000);
});
