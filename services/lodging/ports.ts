import type { Kept, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Refusal, Reservation, ReservationEvent } from './reservation.ts';
import type { Room } from './room.ts';

/** Where reservations are kept. */
export interface Reservations {
  /** Decides on the stored state, and on the room as lodging knows it; saves the new state and what follows in one transaction. */
  update(
    id: string,
    decide: (state: Reservation) => Decision<ReservationEvent, Refusal>,
  ): Promise<Updated<Reservation, Refusal>>;
  get(id: string): Promise<Kept<Reservation> | undefined>;
  /** Newest first; of one guest, or of all. */
  list(filter: { guestId?: string; status?: Reservation['status'] }, page: { size: number; after?: string }): Promise<Kept<Reservation>[]>;
}

/** Lodging's own copy of the rooms. */
export interface Rooms {
  find(id: string): Promise<Room | undefined>;
  isEmpty(): Promise<boolean>;
}
