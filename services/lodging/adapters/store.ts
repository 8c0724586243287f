import { isSuspendedBy, type StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import { limitsFor } from '#adapters/mikro-orm/limits.ts';
import type { Store, Stored } from '#adapters/mikro-orm/store.ts';
import { askedOf, unpaidOf, type Limits } from '../limits.ts';
import { askAgainFrom } from '#adapters/mikro-orm/ask-again.ts';
import type { Reservations, Rooms } from '../ports.ts';
import { consequencesWith, type Message, type PaymentTimeouts } from '../process.ts';
import { reservations, type Input, type Refusal, type Reservation, type ReservationEvent } from '../reservation.ts';
import { rooms, type Room, type RoomReplica } from '../room.ts';
import { ReservationEntity, RoomEntity } from './entities.ts';
import { encodeWith } from './messages.ts';

export type StoredReservations = Stored<Reservation, Input, ReservationEvent, Refusal, Message>;
export const storedReservations = (timeouts: PaymentTimeouts): StoredReservations => ({
  ...reservations,
  name: 'reservation',
  consequences: consequencesWith(timeouts),
  encode: encodeWith(timeouts),
});

/** Lodging's copy of the rooms causes nothing. */
export const storedRooms: Stored<RoomReplica, Room, Room, never, never> = {
  ...rooms,
  name: 'room',
  consequences: () => ({}),
  encode: (none: never) => none,
};

export const migrations = [
  {
    name: 'lodging-1',
    up: [
      `create table reservation (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        guest_id uuid generated always as ((state->'booking'->>'guestId')::uuid) stored,
        status text generated always as (state->>'status') stored
      )`,
      'create index reservation_of_guest on reservation (guest_id, id desc)',
      'create index reservation_by_status on reservation (status, id desc)',
      `create table room (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      )`,
    ],
  },
  // Reservations of earlier versions have no timer to ask again by.
  {
    name: 'lodging-2',
    up: [askAgainFrom('reservation', `status in ('requested', 'confirmed', 'payment-pending', 'paid', 'cancelling')`)],
  },
];

export const mikroOrmReservations = (
  store: Store,
  stored: StoredReservations,
  { unpaid, perHost }: Limits,
): Reservations => ({
  update: (id, decide, facts) => store.update(stored, id, decide, facts),
  get: (id) => store.get(stored, id),
  list: ({ guestId, status }, page) => store.list(stored, ReservationEntity, { guestId, status }, page),
  limits: (id, guestId, hostId) =>
    limitsFor(store, id, [
      { key: unpaidOf(guestId), most: unpaid, of: 'unpaid reservations' },
      { key: askedOf(guestId, hostId), most: perHost, of: 'requests that wait for the answer of the same host' },
    ]),
});

export const mikroOrmRooms = (store: Store, staffRolesOf: StaffRolesOf): Rooms => ({
  async find(id) {
    const kept = await store.get(storedRooms, id);
    if (kept?.state.status !== 'listed') return undefined;
    const { room } = kept.state;
    return { ...room, isClosed: room.isClosed || (await isSuspendedBy(staffRolesOf, room.hostId)) };
  },
  isEmpty: async () => (await store.list(storedRooms, RoomEntity, {}, { size: 1 })).length === 0,
});
