import type { Language } from './language.ts';
import { here } from './zone.ts';

/** An amount as the API tells it: whole units and billionths. */
export interface Money {
  currencyCode: string;
  /** A number that may be too large for one: JSON carries it as a string. */
  units: string | number;
  nanos?: number;
}

export interface Formats {
  number(value: number): string;
  money(amount: Money): string;
  /** `2026-12-18` → 12월 18일 (금); with the year where it is another than today's and not within the coming months. */
  day(date: string): string;
  /** From and to on one line: 12월 18일 (금) – 21일 (월) */
  days(from: string, to: string): string;
  /** 14:00 at the resource's place. */
  time(at: string | number, zone: string): string;
  /** 12월 18일 (금) 14:00; 오늘 and 내일 where it is so. */
  dateTime(at: string | number, zone: string): string;
  /** A time that ends something, exclusive: at midnight the day before, else day and time. */
  lastDay(until: string | number, zone: string): string;
  /** 14:00–18:00, with the day before it. */
  span(from: string | number, to: string | number, zone: string): string;
  /** The two largest units: 1시간 12분, 4분 38초. */
  duration(ms: number): string;
  /** 한국 표준시: to be said beside times of another zone than the reader's. */
  zone(zone: string): string;
  percent(share: number): string;
}

const dayMs = 86_400_000;
/** Of the days to come, those that nobody takes for another year's. */
const nearMs = 300 * dayMs;
const made = new Map<Language, Formats>();

/** How the reader's language writes numbers, amounts and times. */
export function formatsOf(language: Language, now: () => number = Date.now): Formats {
  const known = now === Date.now ? made.get(language) : undefined;
  const formats = known ?? create(language, now);
  if (now === Date.now) made.set(language, formats);
  return formats;
}

function create(language: Language, now: () => number): Formats {
  const locale = language === 'ko' ? 'ko-KR' : 'en-US';
  const own = here();
  const numbers = new Intl.NumberFormat(locale);
  const clock = (zone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
  const dateIn = (at: number, zone: string): string =>
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(at);

  const dayText = (date: string, year: boolean): string => {
    const at = Date.parse(`${date}T00:00:00Z`);
    const part = (options: Intl.DateTimeFormatOptions): string =>
      new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(at);
    const weekday = part({ weekday: 'short' });
    const rest = part({
      month: language === 'ko' ? 'long' : 'short',
      day: 'numeric',
      ...(year && { year: 'numeric' }),
    });
    return language === 'ko' ? `${rest} (${weekday})` : `${weekday}, ${rest}`;
  };
  const day = (date: string): string => {
    const today = dateIn(now(), own);
    const isNear = date >= today && Date.parse(date) < now() + nearMs;
    return dayText(date, !isNear && date.slice(0, 4) !== today.slice(0, 4));
  };
  const days = (from: string, to: string): string => {
    if (language === 'ko' && from.slice(0, 7) === to.slice(0, 7)) {
      const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
      return `${day(from)} – ${Number(to.slice(8))}일 (${weekday.format(Date.parse(to))})`;
    }
    return `${day(from)} – ${day(to)}`;
  };
  const nearDay = (at: number, zone: string): string => {
    const date = dateIn(at, zone);
    if (date === dateIn(now(), zone)) return language === 'ko' ? '오늘' : 'Today';
    if (date === dateIn(now() + dayMs, zone)) return language === 'ko' ? '내일' : 'Tomorrow';
    return day(date);
  };
  const millis = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at));
  const time = (at: string | number, zone: string): string => clock(zone).format(millis(at));

  return {
    number: (value) => numbers.format(value),
    money: ({ currencyCode, units, nanos = 0 }) => {
      const value = Number(units) + nanos / 1e9;
      if (language === 'ko' && currencyCode === 'KRW') return `${numbers.format(value)}원`.replace('-', '−');
      return new Intl.NumberFormat(locale, { style: 'currency', currency: currencyCode || 'KRW' })
        .format(value)
        .replace('-', '−');
    },
    day,
    days,
    time,
    dateTime: (at, zone) => `${nearDay(millis(at), zone)} ${time(at, zone)}`,
    lastDay: (until, zone) => {
      const end = millis(until);
      return time(end, zone) === '00:00' ? nearDay(end - 1, zone) : `${nearDay(end, zone)} ${time(end, zone)}`;
    },
    span: (from, to, zone) => {
      const [start, end] = [millis(from), millis(to)];
      const last =
        dateIn(start, zone) === dateIn(end, zone) ? time(end, zone) : `${nearDay(end, zone)} ${time(end, zone)}`;
      return `${nearDay(start, zone)} ${time(start, zone)}–${last}`;
    },
    duration: (ms) => durationText(language, ms),
    zone: (zone) =>
      new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'long' })
        .formatToParts(now())
        .find(({ type }) => type === 'timeZoneName')?.value ?? zone,
    percent: (share) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share),
  };
}

const units = [
  { ms: dayMs, ko: '일', en: 'd' },
  { ms: 3_600_000, ko: '시간', en: 'h' },
  { ms: 60_000, ko: '분', en: 'min' },
  { ms: 1_000, ko: '초', en: 's' },
] as const;

function durationText(language: Language, ms: number): string {
  const left = Math.max(0, Math.floor(ms / 1_000) * 1_000);
  const from = units.findIndex((unit) => left >= unit.ms);
  if (from < 0) return language === 'ko' ? '0초' : '0 s';
  let rest = left;
  return units
    .slice(from, from + 2)
    .flatMap((unit) => {
      const count = Math.floor(rest / unit.ms);
      rest -= count * unit.ms;
      return count ? [language === 'ko' ? `${count}${unit.ko}` : `${count} ${unit.en}`] : [];
    })
    .join(' ');
}
