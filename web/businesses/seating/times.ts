import { parseDateTime, toZoned } from '@internationalized/date';
import type { Cafe } from './api.ts';

/** A time in a cafe, on the clock of its wall: from 14:00 on a day, so many hours. */
export interface Stay {
  day: string;
  from: string;
  hours: number;
}

export interface Period {
  start: string;
  end: string;
}

const hourMs = 3_600_000;
const halfHours = Array.from(
  { length: 48 },
  (_, nth) => `${String(Math.floor(nth / 2)).padStart(2, '0')}:${nth % 2 ? '30' : '00'}`,
);

/** The longest that a seat is booked for. */
export const lengths = [1, 2, 3, 4, 6, 8, 12] as const;

export const instantOf = (day: string, time: string, zone: string): number =>
  toZoned(parseDateTime(`${day}T${time}`), zone)
    .toDate()
    .getTime();

export function periodOf({ day, from, hours }: Stay, zone: string): Period {
  const start = instantOf(day, from, zone);
  return { start: new Date(start).toISOString(), end: new Date(start + hours * hourMs).toISOString() };
}

const shown = (at: number, zone: string): { day: string; time: string } => {
  const [day = '', time = ''] = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: zone,
  })
    .format(at)
    .split(' ');
  return { day, time };
};

export const todayIn = (zone: string, now = Date.now()): string => shown(now, zone).day;

/** Minutes since midnight; the end of the day is 1440. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

type Hours = Pick<Cafe, 'opens' | 'closes' | 'timeZone'>;

/** A cafe that never closes is open past midnight. */
const fits = ({ opens, closes }: Hours, from: string, hours: number): boolean =>
  (opens === '00:00' && closes === '24:00') || (from >= opens && minutesOf(from) + hours * 60 <= minutesOf(closes));

/** When one can begin on a day to stay for at least an hour: on half-hours, while it is open, and not in the past. */
export const startsOn = (day: string, cafe: Hours, now = Date.now()): string[] =>
  halfHours.filter((time) => fits(cafe, time, 1) && instantOf(day, time, cafe.timeZone) > now);

/** How long one can stay from then on. */
export const lengthsFrom = (from: string, cafe: Hours): number[] => lengths.filter((hours) => fits(cafe, from, hours));

/** The days that can be booked on the page: today, if it still has a start, and those after it. */
export function daysFor(cafe: Hours, now = Date.now(), count = 30): string[] {
  const days = Array.from({ length: count + 1 }, (_, nth) => shown(now + nth * 24 * hourMs, cafe.timeZone).day);
  return days.filter((day, nth) => nth > 0 || startsOn(day, cafe, now).length > 0).slice(0, count);
}

/** What was asked for, as far as the cafe allows it; the rest is the next possible. */
export function possible(wish: Partial<Stay>, cafe: Hours, now = Date.now()): Stay {
  const days = daysFor(cafe, now);
  const day = wish.day && days.includes(wish.day) ? wish.day : (days[0] ?? todayIn(cafe.timeZone, now));
  const starts = startsOn(day, cafe, now);
  const from = wish.from && starts.includes(wish.from) ? wish.from : (starts[0] ?? cafe.opens);
  const fitting = lengthsFrom(from, cafe);
  const wanted = wish.hours ?? 2;
  return { day, from, hours: fitting.includes(wanted) ? wanted : (fitting.findLast((hours) => hours <= wanted) ?? 1) };
}
