import { expect, test } from '@jest/globals';
import { daysFor, lengthsFrom, periodOf, possible, startsOn } from './times.ts';

const always = { opens: '00:00', closes: '24:00', timeZone: 'Asia/Seoul' };
const byDay = { opens: '08:00', closes: '23:00', timeZone: 'Asia/Seoul' };
const now = Date.parse('2026-11-21T05:36:00Z'); // 14:36 in Seoul

test('a time is that of the cafe, whatever the clock of the reader', () => {
  expect(periodOf({ day: '2026-12-18', from: '14:00', hours: 4 }, 'Asia/Seoul')).toEqual({
    start: '2026-12-18T05:00:00.000Z',
    end: '2026-12-18T09:00:00.000Z',
  });
});

test('one begins on a half-hour to come, and within the opening hours', () => {
  expect(startsOn('2026-11-21', always, now)[0]).toBe('15:00');
  expect(startsOn('2026-11-22', byDay, now).at(0)).toBe('08:00');
  expect(startsOn('2026-11-22', byDay, now).at(-1)).toBe('22:00');
});

test('one stays until the cafe closes, and past midnight where it never does', () => {
  expect(lengthsFrom('20:00', byDay)).toEqual([1, 2, 3]);
  expect(lengthsFrom('23:30', always)).toEqual([1, 2, 3, 4, 6, 8, 12]);
});

test('a day that is over is not offered', () => {
  expect(daysFor(byDay, Date.parse('2026-11-21T13:30:00Z'), 2)).toEqual(['2026-11-22', '2026-11-23']);
  expect(daysFor(always, now, 2)).toEqual(['2026-11-21', '2026-11-22']);
});

test('what is asked for is kept as far as it is possible', () => {
  expect(possible({}, always, now)).toEqual({ day: '2026-11-21', from: '15:00', hours: 2 });
  expect(possible({ day: '2026-11-25', from: '21:00', hours: 4 }, byDay, now)).toEqual({
    ...{ day: '2026-11-25', from: '21:00', hours: 2 },
  });
  expect(possible({ day: '2020-01-01', from: '03:17', hours: 5 }, byDay, now)).toEqual({
    ...{ day: '2026-11-21', from: '15:00', hours: 4 },
  });
});
