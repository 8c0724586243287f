import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Cafe, Seat } from './cafe.ts';

/** State of a seat in a period; if it differs within the period, the most restrictive one. */
export type SeatState = 'FREE' | 'HELD' | 'TAKEN' | 'BLOCKED';

export interface SeatSeen extends Seat {
  state: SeatState;
}

/** Something that holds a half-hour of a seat. */
export interface Hold {
  seatId: string;
  by: Exclude<SeatState, 'FREE'>;
}

/** The seat map (좌석 배치도): every seat of the cafe with its state. */
export function seatMap({ state }: StoredAggregate<Cafe>, holds: readonly Hold[]): SeatSeen[] {
  if (state.status === 'none') return [];
  const gravest = new Map<string, SeatState>();
  for (const { seatId, by } of holds) if (gravity[by] > gravity[gravest.get(seatId) ?? 'FREE']) gravest.set(seatId, by);
  return state.place.seats.map((seat) => ({ ...seat, state: gravest.get(seat.id) ?? 'FREE' }));
}

const gravity: Record<SeatState, number> = { FREE: 0, HELD: 1, TAKEN: 2, BLOCKED: 3 };

/** Of two looks at one cafe, the seats that changed. */
export const changedSeats = (before: readonly SeatSeen[], after: readonly SeatSeen[]): SeatSeen[] =>
  after.filter(({ state }, nth) => before[nth]?.state !== state);
