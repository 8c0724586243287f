import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import type { Cafe, Place, Seat, Terms } from '../cafe.ts';
import type { Wish } from '../registration.ts';
import type { Taken } from '../times.ts';

/** A cafe with two seats, and Christmas Eve from noon to two in Seoul: what the tests talk about. */
export const seat: Seat = { id: 'seat-14', label: '14', x: 100, y: 156, features: ['OUTLET'] };
export const window: Seat = { id: 'seat-1', label: '1', x: 46, y: 54, features: ['WINDOW'] };
export const place: Place = { address: '45 Yanghwa-ro, Seoul', timeZone: 'Asia/Seoul', seats: [window, seat] };
export const terms: Terms = {
  ...{ name: 'Books & Window', opens: '08:00', closes: '23:00', pricePerHour: krw(2_000) },
  ...{ description: '', photos: [], area: 'Seoul', amenities: ['WIFI'] },
};
export const cafe: Cafe = { status: 'open', place, terms, isClosed: false };

export const noon = Date.UTC(2026, 11, 24, 3);
export const halfPastNoon = noon + minutes(30);
export const period = { start: noon, end: noon + minutes(60) };
export const wish: Wish = { cafeId: 'books', seatId: 'seat-14', period };
/** The day before. */
export const at = noon - minutes(24 * 60);

export const free: Taken = { kept: false, blocked: [] };
export const kept: Taken = { kept: true, blocked: [] };
export const blocked: Taken = { kept: false, blocked: [halfPastNoon] };
