import type { Claim } from '#kernel/aggregate.ts';
import { minutes, timeAt, type Instant } from '#kernel/time.ts';

/** The time [start, end); its end is no part of it, so that another one may begin then. */
export interface Period {
  start: Instant;
  end: Instant;
}

/** What holds a seat's half-hours in some time. */
export interface Taken {
  /** By orders: held or registered. */
  kept: boolean;
  /** By an administrator: the half-hours, by their beginning. */
  blocked: readonly Instant[];
}

const halfHour = minutes(30);

export const halfHoursOf = ({ start, end }: Period): Instant[] =>
  Array.from({ length: Math.ceil((end - start) / halfHour) }, (_, nth) => start + nth * halfHour);

/** A seat's half-hour belongs to one order or to a block. Keys of one seat sort by time. */
export const halfHourKey = (seatId: string, at: Instant): string => `${seatId}/${new Date(at).toISOString()}`;

export const claimsOn = (seatId: string, halfHours: readonly Instant[]): Claim[] =>
  halfHours.map((at) => ({ key: halfHourKey(seatId, at) }));

/** By the clock on the cafe's wall: there are time zones whose half-hours are a quarter off from everybody else's. */
export const isOnTheGrid = (at: Instant, timeZone: string): boolean =>
  at % minutes(1) === 0 && /:(00|30)$/.test(timeAt(at, timeZone));
