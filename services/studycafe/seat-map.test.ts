import { describe, expect, test } from '@jest/globals';
import { changedSeats, seatMap } from './seat-map.ts';
import { cafe, seat, window } from './testing/sample.ts';

const books = { id: 'books', state: cafe, version: 1, createdAt: 0, updatedAt: 0 };
const at14 = (by: 'HELD' | 'TAKEN' | 'BLOCKED') => ({ seatId: 'seat-14', by });

describe('the map (C5)', () => {
  test('has every seat in its order, free where nobody holds anything', () =>
    expect(seatMap(books, [])).toEqual([
      { ...window, state: 'FREE' },
      { ...seat, state: 'FREE' },
    ]));
  test('says the gravest of a seat that is not one throughout', () => {
    expect(seatMap(books, [at14('HELD')])[1]).toMatchObject({ state: 'HELD' });
    expect(seatMap(books, [at14('TAKEN'), at14('HELD')])[1]).toMatchObject({ state: 'TAKEN' });
    expect(seatMap(books, [at14('HELD'), at14('BLOCKED'), at14('TAKEN')])[1]).toMatchObject({ state: 'BLOCKED' });
  });
  test('has changed where a seat has another state', () => {
    const [before, after] = [seatMap(books, []), seatMap(books, [at14('HELD')])];
    expect(changedSeats(before, after)).toEqual([{ ...seat, state: 'HELD' }]);
    expect(changedSeats(after, after)).toEqual([]);
  });
});
