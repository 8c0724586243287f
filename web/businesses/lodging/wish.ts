import { nightsBetween } from './dates.ts';
import type { Money } from '../../text/formats.ts';
import { times } from '../../text/money.ts';

/** What is looked for; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface StaySearch {
  check_in?: string | undefined;
  check_out?: string | undefined;
  guests?: number | undefined;
  q?: string | undefined;
}

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

/** What of an address makes sense; the rest is left out. */
export function staySearch(raw: Readonly<Record<string, unknown>>): StaySearch {
  const { check_in, check_out, guests, q } = raw;
  const hasDates = isDay(check_in) && isDay(check_out) && check_in < check_out;
  const count = Number(guests);
  return {
    ...(hasDates && { check_in, check_out }),
    ...(Number.isInteger(count) && count >= 1 && count <= 20 && { guests: count }),
    ...(typeof q === 'string' && q.trim() && { q: q.slice(0, 100) }),
  };
}

export const totalOf = (perNight: Money, from: string, to: string): Money => times(perNight, nightsBetween(from, to));
