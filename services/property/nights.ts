import type { Claim } from '#kernel/aggregate.ts';
import { daysOf, instantAt, type Instant, type LocalDate } from '#kernel/time.ts';

/** The nights [from, to) of one room; the day of leaving is no night, so that others may arrive on it. */
export interface Nights {
  roomId: string;
  from: LocalDate;
  to: LocalDate;
}

/** Nights of a room that are off the market, by what holds them. */
export interface Taken {
  /** By confirmed stays. */
  booked: readonly LocalDate[];
  /** By the host. */
  blocked: readonly LocalDate[];
}

export const isAnyTaken = ({ booked, blocked }: Taken): boolean => booked.length > 0 || blocked.length > 0;

/** A room's night belongs to one stay or to its host's block. Keys of one room sort by date. */
export const nightKey = (roomId: string, date: LocalDate): string => `${roomId}/${date}`;

export const claimsOn = (roomId: string, dates: readonly LocalDate[]): Claim[] =>
  dates.map((date) => ({ key: nightKey(roomId, date) }));

export const datesOf = ({ from, to }: Nights): LocalDate[] => daysOf(from, to);

/** Guests come from 15:00 on the first day, by the room's clock. */
export const checkInBegins = (checkIn: LocalDate, timeZone: string): Instant => instantAt(checkIn, 15, timeZone);

/** A stay is over once the day of leaving has come. */
export const stayEnds = (checkOut: LocalDate, timeZone: string): Instant => instantAt(checkOut, 0, timeZone);
