import { defineEntity } from '@mikro-orm/core';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import type { Reservation } from '../reservation.ts';
import type { RoomReplica } from '../room.ts';

export const ReservationEntity = defineEntity({
  name: 'Reservation',
  tableName: 'reservation',
  properties: {
    ...aggregateColumns<Reservation>(),
    guestId: generated.uuid(`(state -> 'booking' ->> 'guestId')::uuid`),
    status: generated.text(`state ->> 'status'`),
  },
  indexes: [newestFirst('reservation_of_guest', 'guest_id'), newestFirst('reservation_by_status', 'status')],
});

export const RoomEntity = defineEntity({
  name: 'Room',
  tableName: 'room',
  properties: aggregateColumns<RoomReplica>(),
});

export const entities = [ReservationEntity, RoomEntity];
