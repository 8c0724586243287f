import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import type { Cafe } from '../cafe.ts';

/** A cafe with one seat, and Christmas Eve from noon to two in Seoul: what the tests talk about. */
export const cafe: Cafe = {
  id: 'books',
  name: 'Books & Window',
  timeZone: 'Asia/Seoul',
  opens: '08:00',
  closes: '23:00',
  pricePerHour: krw(2_000),
  seats: [{ id: 'seat-14', label: '14' }],
  isClosed: false,
  version: 1,
};
export const start = Date.UTC(2026, 11, 24, 3);
export const end = start + minutes(120);
/** Two days before. */
export const at = start - minutes(2 * 24 * 60);
