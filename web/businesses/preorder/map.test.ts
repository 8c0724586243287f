import { describe, expect, test } from '@jest/globals';
import { cities, fromMap, kilometresBetween, nearestCity, readPlace, size, toMap, writePlace } from './map.ts';

const seoul = { latitude: 37.566, longitude: 126.978 };

describe('A place on the map', () => {
  test('is the place that was pressed', () => {
    const { x, y } = toMap(seoul);
    expect(fromMap(x, y)).toEqual(seoul);
  });

  test('stays on the map, wherever was pressed', () => {
    expect(fromMap(-900, 9_000)).toEqual({ latitude: 33.1, longitude: 125.9 });
  });

  test('is kept in the browser as text; what is no place is none', () => {
    expect(readPlace(writePlace(seoul))).toEqual(seoul);
    expect(['', 'here', '37.5', '37.5,x'].map(readPlace)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('is told by the nearest city and its distance', () => {
    const { city, kilometres } = nearestCity({ latitude: 37.5, longitude: 127.03 });
    expect(city.ko).toBe('서울 강남');
    expect(kilometres).toBeLessThan(0.5);
    expect(
      Math.round(
        kilometresBetween(
          seoul,
          cities.find(({ ko }) => ko === '부산')!,
        ),
      ),
    ).toBe(325);
  });
});

test('every city lies within the map', () => {
  for (const { x, y } of cities.map(toMap)) {
    expect([x > 0 && x < size.width, y > 0 && y < size.height]).toEqual([true, true]);
  }
});
