import { isLocalDate, isTimeZone, type Instant, type LocalDate } from '#kernel/time.ts';
import type { Language } from './profile.ts';
import { memoized } from './memoized.ts';

/** Where an order names no time zone. */
const defaultZone = 'Asia/Seoul';

export type Attributes = Readonly<Record<string, string>>;

/** When the order's time begins, as clocks at the place show it; empty for an order without a time of its own. */
export function startOf(attributes: Attributes, language: Language): string {
  const start = instant(attributes['start_time']);
  return start === undefined ? '' : dayAndTime(start, zoneOf(attributes), language);
}

/** When it takes place, in the place's time zone and with the zone's name; for an order without a time of its own, when `at` was. */
export function whenOf(attributes: Attributes, at: Instant, language: Language): string {
  const zone = zoneOf(attributes);
  const named = language === 'KO' ? `(${zone} 시간)` : `(${zone} time)`;
  return `${stay(attributes, zone, language) ?? period(attributes, zone, language) ?? dayAndTime(at, zone, language)} ${named}`;
}

/** Nights: from check-in to the day of check-out. */
function stay(
  { check_in: from = '', check_out: to = '', start_time }: Attributes,
  zone: string,
  language: Language,
): string | undefined {
  if (!isLocalDate(from) || !isLocalDate(to)) return undefined;
  const checkIn = instant(start_time);
  const [first, last] = [dayOf(from, language), dayOf(to, language)];
  const time = checkIn === undefined ? '' : ` ${clock(zone).format(checkIn)}`;
  return language === 'KO'
    ? `${first}${time} 체크인 – ${last} 체크아웃`
    : `check-in ${first}${time}, check-out ${last}`;
}

function period({ start_time, end_time }: Attributes, zone: string, language: Language): string | undefined {
  const [start, end] = [instant(start_time), instant(end_time)];
  if (start === undefined) return undefined;
  if (end === undefined) return dayAndTime(start, zone, language);
  const sameDay = day(start, zone, language) === day(end, zone, language);
  return `${dayAndTime(start, zone, language)} – ${sameDay ? clock(zone).format(end) : dayAndTime(end, zone, language)}`;
}

const zoneOf = ({ time_zone = '' }: Attributes): string =>
  time_zone && isTimeZone(time_zone) ? time_zone : defaultZone;

function instant(text = ''): Instant | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

const dayAndTime = (at: Instant, zone: string, language: Language): string =>
  `${day(at, zone, language)} ${clock(zone).format(at)}`;

const dayOf = memoized((date: LocalDate, language: Language) => day(Date.parse(`${date}T00:00:00Z`), 'UTC', language));

function day(at: Instant, zone: string, language: Language): string {
  const parts = new Map(
    calendar(zone, language)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const [year, month, date, weekday] = (['year', 'month', 'day', 'weekday'] as const).map(
    (part) => parts.get(part) ?? '',
  );
  return language === 'KO' ? `${year}년 ${month}월 ${date}일 (${weekday})` : `${weekday}, ${date} ${month} ${year}`;
}

const calendar = memoized(
  (timeZone: string, language: Language) =>
    new Intl.DateTimeFormat(language === 'KO' ? 'ko-KR' : 'en-GB', {
      timeZone,
      year: 'numeric',
      month: language === 'KO' ? 'numeric' : 'short',
      day: 'numeric',
      weekday: 'short',
    }),
);

const clock = memoized(
  (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
);
