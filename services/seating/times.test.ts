import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { at, cafe, end, start } from './testing/sample.ts';
import { priceOf, wrongTimes } from './times.ts';

const hours = (count: number): number => minutes(60 * count);
const from = (begin: number, length: number) => ({ start: begin, end: begin + length });

describe('a time for a seat', () => {
  test('is half-hours within the opening hours', () => expect(wrongTimes({ start, end }, cafe, at)).toEqual([]));
  test('may be as long as twelve hours', () => {
    expect(wrongTimes(from(start - hours(3), hours(12)), cafe, at)).toEqual([]);
    expect(wrongTimes(from(start - hours(3), hours(12.5)), cafe, at)).toEqual(['too-long']);
  });
  test('begins when the cafe opens, and ends when it closes', () => {
    expect(wrongTimes(from(start - hours(4), hours(4)), cafe, at)).toEqual([]);
    expect(wrongTimes(from(start - hours(4.5), hours(4)), cafe, at)).toEqual(['outside-opening-hours']);
    expect(wrongTimes(from(start + hours(7), hours(4)), cafe, at)).toEqual([]);
    expect(wrongTimes(from(start + hours(7), hours(4.5)), cafe, at)).toEqual(['outside-opening-hours']);
  });
  test('goes on past midnight where the cafe never closes', () => {
    const overnight = from(start + hours(10), hours(6));
    expect(wrongTimes(overnight, cafe, at)).toEqual(['outside-opening-hours']);
    expect(wrongTimes(overnight, { ...cafe, opens: '00:00', closes: '24:00' }, at)).toEqual([]);
  });
  test('goes by the clock on the cafe’s wall, a quarter off elsewhere’s', () => {
    const kathmandu = { ...cafe, timeZone: 'Asia/Kathmandu' };
    expect(wrongTimes({ start, end }, kathmandu, at)).toEqual(['begins-off-the-half-hour', 'ends-off-the-half-hour']);
    expect(wrongTimes({ start: start + minutes(15), end: end + minutes(15) }, kathmandu, at)).toEqual([]);
  });
  test('lies ahead, but not half a year', () => {
    expect(wrongTimes({ start, end }, cafe, start)).toEqual(['begun-already']);
    expect(wrongTimes({ start, end }, cafe, start - 1)).toEqual([]);
    expect(wrongTimes({ start, end }, cafe, start - hours(24 * 180))).toEqual([]);
    expect(wrongTimes({ start, end }, cafe, start - hours(24 * 180) - 1)).toEqual(['too-far-ahead']);
  });
  test('ends after it begins', () => {
    expect(wrongTimes({ start, end: start }, cafe, at)).toEqual(['ends-before-it-begins']);
    expect(wrongTimes({ start: end, end: start }, cafe, at)).toEqual(['ends-before-it-begins']);
  });
  test('is told of all that is wrong with it at once', () =>
    expect(wrongTimes({ start: start + 1, end: end + hours(20) + 1_000 }, cafe, end)).toEqual([
      'begins-off-the-half-hour',
      'ends-off-the-half-hour',
      'begun-already',
      'too-long',
    ]));
});

test('half an hour costs half of an hour, rounded down', () => {
  expect(priceOf({ start, end }, krw(2_000))).toEqual(krw(4_000));
  expect(priceOf(from(start, minutes(30)), krw(1_501))).toEqual(krw(750));
});
