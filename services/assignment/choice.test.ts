import { describe, expect, test } from '@jest/globals';
import { best, cost, isSettled, place } from './choice.ts';
import { candidate, marketOf } from './testing/korea.ts';

describe('the best dealership (P4)', () => {
  test('is the nearest, when none has anything to do', () =>
    expect(best([candidate('b', 900), candidate('a', 800)], [])?.dealershipId).toBe('a'));
  test('is an idler one that is a little further', () =>
    expect(best([candidate('near', 800, 5), candidate('idle', 3_000)], [])?.dealershipId).toBe('idle'));
  test('costs 5 km more when all but full, and no more', () => {
    expect(cost(candidate('idle', 800))).toBe(800);
    expect(cost(candidate('busy', 800, 9))).toBe(800 + 4_500);
  });
  test('has room: one that is full is passed over, however near', () => {
    expect(best([candidate('near', 10, 10), candidate('far', 90_000)], [])?.dealershipId).toBe('far');
    expect(best([candidate('near', 10, 10)], [])).toBeUndefined();
  });
  test('has not declined', () =>
    expect(best([candidate('near', 10), candidate('far', 90_000)], ['near'])?.dealershipId).toBe('far'));
  test('of equals is always the same', () => {
    expect(best([candidate('b', 800), candidate('a', 800)], [])?.dealershipId).toBe('a');
    expect(best([candidate('a', 800), candidate('b', 800)], [])?.dealershipId).toBe('a');
  });
  test('is sure once the way to the next alone would cost more', () => {
    expect(isSettled([candidate('near', 800), candidate('far', 801)], [])).toBe(true);
    expect(isSettled([candidate('near', 800, 5), candidate('far', 2_000, 10)], [])).toBe(false);
    expect(isSettled([candidate('near', 800), candidate('same', 800)], [])).toBe(false);
    expect(isSettled([], [])).toBe(false);
  });
});

describe('a placement (P4)', () => {
  const why = (...market: Parameters<typeof marketOf>) => place(marketOf(...market), ['gone'])?.why;
  test('takes a free place by luck', () => {
    const two = { ...candidate('near', 800, 0, 3), taken: [1] };
    expect([0, 0.49, 0.5, 0.99].map((luck) => place({ ...marketOf(two), luck }, [])?.place)).toEqual([0, 0, 2, 2]);
  });
  test('says why this one', () => {
    expect(why(candidate('near', 800, 3))).toBe('The nearest: 800 m away, with 3 of 10 orders today.');
    expect(
      why(candidate('full', 100, 10), candidate('gone', 200), candidate('busy', 300, 9), candidate('idle', 1_250)),
    ).toBe('1.3 km away, with 0 of 10 orders today; 1 nearer is busier, 1 nearer is full, 1 nearer declined.');
  });
  test('chosen together with others says so, and falls back on the best when that one is full by now', () => {
    const near = candidate('near', 800);
    expect(place({ ...marketOf(near, candidate('far', 2_000)), chosenTogether: 'far' }, [])).toMatchObject({
      dealershipId: 'far',
      why: '2.0 km away, with 0 of 10 orders today; chosen together with other orders that waited.',
    });
    expect(place({ ...marketOf(near, candidate('far', 2_000, 10)), chosenTogether: 'far' }, [])).toMatchObject({
      dealershipId: 'near',
    });
  });
});
