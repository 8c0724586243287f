import { accept, type Decider } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';

/** Lodging's copy of a room, so that a guest can reserve while property is down (L8). */
export interface Room {
  id: string;
  hostId: string;
  propertyName: string;
  roomName: string;
  timeZone: string;
  capacity: number;
  pricePerNight: Money;
  /** It cannot be reserved any more. */
  isClosed: boolean;
  /** Property's version of the room. */
  version: number;
}

export type RoomReplica = { status: 'unknown' } | { status: 'listed'; room: Room };

/** Takes a newer version; a late or repeated one changes nothing. */
export const rooms: Decider<RoomReplica, Room, Room, never> = {
  initial: { status: 'unknown' },
  defaults: { room: { isClosed: () => false } },
  decide: (state, room) => (state.status === 'listed' && state.room.version >= room.version ? accept() : accept(room)),
  evolve: (_, room) => ({ status: 'listed', room }),
};
