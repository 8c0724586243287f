import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { endOf, hoursClaims, quarterKey, quartersOf, type Hours } from './hours.ts';

const at = (time: string): number => Date.parse(`2026-12-24T${time}:00Z`);
const share = (one: Hours, other: Hours): boolean =>
  quartersOf(one).some((quarter) => quartersOf(other).includes(quarter));

describe('lectures overlap', () => {
  test.each<[string, number, string, number, boolean]>([
    ['01:00', 60, '01:30', 60, true],
    ['01:00', 60, '02:00', 60, false],
    ['01:00', 60, '00:00', 60, false],
    ['01:00', 50, '01:50', 50, true], // they share the quarter-hour from 01:45
    ['01:00', 1, '01:14', 1, true],
    ['01:00', 480, '08:45', 15, true],
  ])('%s for %i minutes and %s for %i: %s', (one, length, other, otherLength, expected) =>
    expect(share({ startTime: at(one), minutes: length }, { startTime: at(other), minutes: otherLength })).toBe(
      expected,
    ),
  );

  test('whenever they share a moment, they share a quarter-hour', () => {
    const hours = fc.record({
      startTime: fc.integer({ min: 0, max: 20_000_000 }),
      minutes: fc.integer({ min: 1, max: 480 }),
    });
    fc.assert(
      fc.property(hours, hours, (one, other) => {
        const shareMoment = one.startTime < endOf(other) && other.startTime < endOf(one);
        expect(shareMoment && !share(one, other)).toBe(false);
      }),
    );
  });
});

test('a lecture takes the time of its seller and of its buyer; keys sort by time', () => {
  const keys = hoursClaims({ startTime: at('01:05'), minutes: 15, sellerId: 's', buyerId: 'b' }).map(({ key }) => key);
  expect(keys).toHaveLength(4);
  expect(keys.filter((key) => key.startsWith('seller/s/')).sort()).toEqual(
    keys.filter((key) => key.startsWith('seller/s/')),
  );
  const [early, late] = [
    quarterKey({ as: 'seller', id: 's' }, 999_999),
    quarterKey({ as: 'seller', id: 's' }, 10_000_000),
  ];
  expect(early < late).toBe(true);
});
