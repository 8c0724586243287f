import type { Formats } from '../text/formats.ts';
import type { Language } from '../text/language.ts';
import { here } from '../text/zone.ts';
import { kindOf, type Order } from './kinds.ts';
import type { Show } from './search.ts';
import { text, type OrderText } from './text.ts';

const hangul = /[가-힣]/;
const latin = /^[^가-힣]*[a-z][^가-힣]*$/i;
/** What the order says in its attributes as well: days, times, months. */
const elsewhere = /^\d{4}-\d{2}-\d{2}|^\d+ months$/;

/** The order's title in words of the reader: names that are given in both languages are shown in one. */
export function titleOf(order: Order, language: Language, text: OrderText): string {
  const parts = order.title.split(' · ').filter((part) => !elsewhere.test(part));
  const own = parts.filter((part, nth) =>
    language === 'ko'
      ? !(latin.test(part) && hangul.test(parts[nth - 1] ?? ''))
      : !(hangul.test(part) && latin.test(parts[nth + 1] ?? '')),
  );
  const seat = kindOf(order) === 'seating.selection' && own.length > 1 ? own.pop() : undefined;
  return [...own, ...(seat ? [text.seat(seat)] : [])].join(', ') || order.title;
}

export const zoneOf = (order: Order): string => order.attributes['time_zone'] || here();

/** When, or how: one line. Empty where the order says neither. */
export function whenOf(order: Order, format: Formats, text: OrderText): string {
  const { check_in, check_out, start_time, end_time, months, fulfilment, dealership_name } = order.attributes;
  if (check_in && check_out)
    return `${format.days(check_in, check_out)} · ${text.nights((Date.parse(check_out) - Date.parse(check_in)) / 86_400_000)}`;
  if (start_time && end_time) return format.span(start_time, end_time, zoneOf(order));
  if (months) return text.months(Number(months));
  if (fulfilment) return [text.fulfilment[fulfilment] ?? fulfilment, dealership_name].filter(Boolean).join(' · ');
  return start_time ? format.dateTime(start_time, zoneOf(order)) : '';
}

const over = ['DONE', 'REJECTED', 'FAILED', 'CANCELLED'];
export const isOver = ({ phase }: Order): boolean => over.includes(phase);

/** Its card was declined, and its customer can choose another one. */
export const waitsForCard = ({ next }: Order): boolean => next?.who === 'CUSTOMER' && next.what === 'PAYMENT';

/** Nothing was ever charged for it. */
export const isFree = ({ phase }: Order): boolean => phase === 'REJECTED' || phase === 'FAILED';

export const startOf = ({ attributes }: Order): number | undefined => {
  const at = Date.parse(attributes['start_time'] ?? '');
  return Number.isNaN(at) ? undefined : at;
};

/** The latest time of something that the reader waits for, and what that is; none of what has passed. */
export function deadlineOf(
  { deadline }: Order,
  now: number,
): { at: number; what: keyof OrderText['until'] } | undefined {
  const at = Date.parse(deadline?.at ?? '');
  const what = deadline?.what ?? '';
  return at > now && isKnown(what) ? { at, what } : undefined;
}

const isKnown = (what: string): what is keyof OrderText['until'] => what in text.en.until;

const phasesOf: Readonly<Record<Show, readonly string[]>> = {
  all: [],
  waiting: ['RECEIVED', 'WAITING'],
  active: ['ACTIVE'],
  done: ['DONE'],
  off: ['REJECTED', 'FAILED', 'CANCELLING', 'CANCELLED'],
};

export const isIn = (show: Show, { phase }: Order): boolean => show === 'all' || phasesOf[show].includes(phase);

/** What the reader should look at first: what begins soon, then what waits. */
export function nextOf(orders: readonly Order[], now: number): readonly Order[] {
  const coming = (order: Order): number => startOf(order) ?? Number.MAX_SAFE_INTEGER;
  const open = orders.filter((order) => !isOver(order) && order.phase !== 'CANCELLING');
  const soon = open
    .filter((order) => order.phase === 'ACTIVE' && coming(order) > now && coming(order) < Number.MAX_SAFE_INTEGER)
    .toSorted((a, b) => coming(a) - coming(b));
  const waiting = open
    .filter(({ phase }) => phase === 'WAITING' || phase === 'RECEIVED')
    .toSorted((a, b) => coming(a) - coming(b));
  const rest = open.filter((order) => order.phase === 'ACTIVE' && !soon.includes(order));
  return [...soon.slice(0, 1), ...waiting, ...soon.slice(1), ...rest].slice(0, 3);
}
