import { expect, test } from '@jest/globals';
import { addDays, freeNear, nightsBetween, todayIn } from './dates.ts';

test('days are counted by the calendar, over months and years', () => {
  expect(addDays('2026-12-30', 3)).toBe('2027-01-02');
  expect(nightsBetween('2026-12-30', '2027-01-02')).toBe(3);
});

test('today is that of the place', () => {
  const now = Date.parse('2026-11-21T16:00:00Z');
  expect(todayIn('Asia/Seoul', now)).toBe('2026-11-22');
  expect(todayIn('America/New_York', now)).toBe('2026-11-21');
});

test('when nights are taken, the nearest free ones of the same length are offered, none of them in the past', () => {
  const taken = (night: string): boolean => ['2026-12-18', '2026-12-19', '2026-12-21'].includes(night);
  const wish = { from: '2026-12-18', nights: 2, first: '2026-12-16', last: '2027-12-01' };
  expect(freeNear(wish, taken)).toEqual([
    { from: '2026-12-16', to: '2026-12-18' },
    { from: '2026-12-22', to: '2026-12-24' },
    { from: '2026-12-23', to: '2026-12-25' },
  ]);
});
