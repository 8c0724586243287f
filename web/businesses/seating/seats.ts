import type { Seat } from './api.ts';

export const isFree = ({ state }: Seat): boolean => state === 'FREE';

const distance = (one: Seat, other: Seat): number => Math.hypot(one.x - other.x, one.y - other.y);

const shared = (one: Seat, other: Seat): number => one.features.filter((each) => other.features.includes(each)).length;

/** The free seat that is furthest from people; of several, the one with the most to offer. */
export function bestFree(seats: readonly Seat[]): Seat | undefined {
  const others = seats.filter((seat) => !isFree(seat) && seat.state !== 'BLOCKED');
  const room = (seat: Seat): number => Math.min(400, ...others.map((other) => distance(seat, other)));
  return seats
    .filter(isFree)
    .toSorted((a, b) => room(b) - room(a) || b.features.length - a.features.length)
    .at(0);
}

/** Free seats in place of one that is gone: like it, and near it. */
export const inPlaceOf = (gone: Seat, seats: readonly Seat[], most = 3): Seat[] =>
  seats
    .filter((seat) => isFree(seat) && seat.id !== gone.id)
    .toSorted((a, b) => shared(b, gone) - shared(a, gone) || distance(a, gone) - distance(b, gone))
    .slice(0, most);

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The next seat that way: what lies straight ahead comes before what lies to the side. */
export function nextSeat(from: Seat, direction: Direction, seats: readonly Seat[]): Seat | undefined {
  const sign = direction === 'ArrowLeft' || direction === 'ArrowUp' ? -1 : 1;
  const isLevel = direction === 'ArrowLeft' || direction === 'ArrowRight';
  const steps = (seat: Seat): { ahead: number; aside: number } => {
    const [dx, dy] = [seat.x - from.x, seat.y - from.y];
    return isLevel ? { ahead: sign * dx, aside: Math.abs(dy) } : { ahead: sign * dy, aside: Math.abs(dx) };
  };
  return seats
    .filter((seat) => steps(seat).ahead > 0)
    .toSorted((a, b) => {
      const [one, other] = [steps(a), steps(b)];
      return one.ahead + 3 * one.aside - (other.ahead + 3 * other.aside);
    })
    .at(0);
}
