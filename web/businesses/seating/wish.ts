import type { Money } from '../../text/formats.ts';
import { times } from '../../text/money.ts';
import type { Stay } from './times.ts';

/** What is looked for; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface SeatSearch extends Partial<Stay> {
  q?: string | undefined;
  seat?: string | undefined;
}

const matches = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);

/** What of an address makes sense; the rest is left out. */
export function seatSearch(raw: Readonly<Record<string, unknown>>): SeatSearch {
  const { q, seat, day, from, hours } = raw;
  const count = Number(hours);
  return {
    ...(typeof q === 'string' && q.trim() && { q: q.slice(0, 100) }),
    ...(matches(day, /^\d{4}-\d\d-\d\d$/) && { day }),
    ...(matches(from, /^\d\d:\d\d$/) && { from }),
    ...(Number.isInteger(count) && count >= 1 && count <= 12 && { hours: count }),
    ...(matches(seat, /^[\w-]{1,40}$/) && { seat }),
  };
}

export const totalOf = (perHour: Money, hours: number): Money => times(perHour, hours);
