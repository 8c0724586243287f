import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { LocalDate } from '#kernel/time.ts';
import type { Refusal, Reservation, ReservationEvent } from './reservation.ts';
import type { Room } from './room.ts';

/** Where reservations are kept. */
export interface Reservations {
  /**
   * Decides on the stored state; saves the new state and what follows in one transaction. `facts` reads what else the decision needs, and
   * again when another writer was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: Reservation, facts: Facts) => Decision<ReservationEvent, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<Reservation, Refusal>>;
  get(id: string): Promise<StoredAggregate<Reservation> | undefined>;
  /** Newest first; of one guest, or of all. */
  list(
    filter: { guestId?: string; status?: Reservation['status'] },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Reservation>[]>;
  /** The guest's limits, for a reservation with this id at this host. */
  limits(id: string, guestId: string, hostId: string): Promise<Limit[]>;
}

/** Property, asked which nights are free. */
export interface Nights {
  /** Undefined when it does not answer in time, or does not know the room. */
  free(roomId: string, from: LocalDate, to: LocalDate): Promise<ReadonlySet<LocalDate> | undefined>;
}

/** Lodging's own copy of the rooms. */
export interface Rooms {
  /** One of a host who is suspended is closed. */
  find(id: string): Promise<Room | undefined>;
  isEmpty(): Promise<boolean>;
}
