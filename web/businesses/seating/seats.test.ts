import { expect, test } from '@jest/globals';
import type { Seat } from './api.ts';
import { bestFree, inPlaceOf, nextSeat } from './seats.ts';

const seat = (label: string, x: number, y: number, more: Partial<Seat> = {}): Seat => ({
  ...{ id: label, label, x, y, features: [], state: 'FREE' as const },
  ...more,
});
/** Two rows of three. */
const [a, b, c, d, e, f] = [
  seat('1', 0, 0, { features: ['WINDOW'] }),
  seat('2', 50, 0, { features: ['WINDOW'] }),
  seat('3', 100, 0, { features: ['WINDOW'] }),
  seat('4', 0, 80),
  seat('5', 50, 80),
  seat('6', 100, 80),
] as const;
const all = [a, b, c, d, e, f];

test('the best free seat is away from people, and of several has the most to offer', () => {
  expect(bestFree([{ ...a, state: 'TAKEN' }, b, c, d, e, f])?.label).toBe('6');
  expect(bestFree([d, e, f, c])?.label).toBe('3');
  expect(bestFree(all.map((each) => ({ ...each, state: 'HELD' as const })))).toBeUndefined();
});

test('in place of a seat that is gone, seats like it and near it are offered', () => {
  expect(inPlaceOf(a, all).map(({ label }) => label)).toEqual(['2', '3', '4']);
  expect(inPlaceOf(a, [a, { ...b, state: 'HELD' }, e, d]).map(({ label }) => label)).toEqual(['4', '5']);
});

test('arrow keys go to the next seat that way', () => {
  expect(nextSeat(a, 'ArrowRight', all)?.label).toBe('2');
  expect(nextSeat(c, 'ArrowDown', all)?.label).toBe('6');
  expect(nextSeat(e, 'ArrowUp', all)?.label).toBe('2');
  expect(nextSeat(a, 'ArrowLeft', all)).toBeUndefined();
});
