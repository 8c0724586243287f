import { times, type Money } from '#kernel/money.ts';
import { dateAt, minutes, timeAt, type Instant, type LocalDate } from '#kernel/time.ts';
import type { Cafe } from './cafe.ts';

/** The time [start, end); its end is no part of it, so that another one may begin then. */
export interface Period {
  start: Instant;
  end: Instant;
}

export type WrongTime =
  | 'begins-off-the-half-hour'
  | 'ends-off-the-half-hour'
  | 'ends-before-it-begins'
  | 'begun-already'
  | 'too-far-ahead'
  | 'too-long'
  | 'outside-opening-hours';

const halfHour = minutes(30);
const longest = minutes(12 * 60);
const furthest = minutes(180 * 24 * 60);

/** The last day on the cafe's calendar that can be booked. */
export const latestStart = (at: Instant, timeZone: string): LocalDate => dateAt(at + furthest, timeZone);

/** All that is wrong with wanting a seat then. Half-hours and opening hours go by the clock on the cafe's wall. */
export function wrongTimes({ start, end }: Period, { timeZone, opens, closes }: Cafe, at: Instant): WrongTime[] {
  const isOnTheGrid = (time: Instant): boolean => time % minutes(1) === 0 && /:(00|30)$/.test(timeAt(time, timeZone));
  const isOpen = (time: Instant): boolean => opens <= timeAt(time, timeZone) && timeAt(time, timeZone) < closes;
  const wrong: WrongTime[] = [];
  if (!isOnTheGrid(start)) wrong.push('begins-off-the-half-hour');
  if (!isOnTheGrid(end)) wrong.push('ends-off-the-half-hour');
  if (start <= at) wrong.push('begun-already');
  if (start > at + furthest) wrong.push('too-far-ahead');
  if (end <= start) wrong.push('ends-before-it-begins');
  else if (end - start > longest) wrong.push('too-long');
  else if (!halfHoursOf({ start, end }).every(isOpen)) wrong.push('outside-opening-hours'); // a cafe that never closes is open past midnight
  return wrong;
}

const halfHoursOf = ({ start, end }: Period): Instant[] =>
  Array.from({ length: Math.ceil((end - start) / halfHour) }, (_, nth) => start + nth * halfHour);

/** By the half-hour, rounded down in the customer's favour. */
export function priceOf({ start, end }: Period, pricePerHour: Money): Money {
  const { amount, currency } = times(pricePerHour, (end - start) / minutes(60));
  return { amount: Math.floor(amount), currency };
}
