import { Temporal } from 'temporal-polyfill';

/** A point in time, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A calendar day without a time zone, ISO 8601: `2026-12-24`. Compares as text. */
export type LocalDate = string;

/** A time of day, ISO 8601: `08:30`; `24:00` is the end of the day. Compares as text. */
export type LocalTime = string;

export const seconds = (count: number): number => count * 1_000;
export const minutes = (count: number): number => seconds(60 * count);
export const days = (count: number): number => minutes(24 * 60 * count);

/** Whether `text` is a day that exists (`2026-02-30` does not). */
export function isLocalDate(text: string): text is LocalDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

const zoneNames = new Map<string, string>();

/** The IANA time zone of this name in its own spelling (`asia/seoul` → `Asia/Seoul`). Offsets say nothing of summer time: they are none. */
export function timeZoneNamed(name: string): string | undefined {
  const known = zoneNames.get(name);
  if (known) return known;
  try {
    const { timeZoneId } = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    if (timeZoneId.toLowerCase() !== name.toLowerCase() || !/^[A-Za-z]/.test(name)) return undefined;
    // Only the proper spelling is kept, of which there are a few hundred.
    zoneNames.set(timeZoneId, timeZoneId);
    return timeZoneId;
  } catch {
    return undefined;
  }
}

export const isTimeZone = (name: string): boolean => timeZoneNamed(name) !== undefined;

/** The instant at which clocks in `timeZone` show `hour`:00 on `date`. */
export const instantAt = (date: LocalDate, hour: number, timeZone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: { hour } }).epochMilliseconds;

/** The day that calendars in `timeZone` show at `at`. */
export const dateAt = (at: Instant, timeZone: string): LocalDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** The time of day, to the minute, that clocks in `timeZone` show at `at`. */
export const timeAt = (at: Instant, timeZone: string): LocalTime =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;

/** Every day of [from, to). */
export function daysOf(from: LocalDate, to: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  for (let day = Temporal.PlainDate.from(from); day.toString() < to; day = day.add({ days: 1 }))
    days.push(day.toString());
  return days;
}

export const daysAfter = (date: LocalDate, count: number): LocalDate =>
  Temporal.PlainDate.from(date).add({ days: count }).toString();

/**
 * Nothing is booked further ahead than so many days, two years. Prices, opening hours and cancellation policies of a later time are not known
 * yet, and what is booked cannot be booked by others.
 */
export const horizonDays = 730;
