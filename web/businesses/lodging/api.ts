import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../../api/api.ts';
import { call, query } from '../../api/http.ts';
import type { Money } from '../../text/formats.ts';

export interface Room {
  id: string;
  name: string;
  capacity: number;
  pricePerNight: Money;
  instantBook: boolean;
  description: string;
  closed: boolean;
  propertyName: string;
  address: string;
  timeZone: string;
}

/** A room with the house that it is in. */
export interface Stay {
  room: Room;
  property: { name: string; address: string; timeZone: string };
}

const stayOf = (room: Room): Stay => ({
  room,
  property: { name: room.propertyName, address: room.address, timeZone: room.timeZone },
});

/** All rooms on offer, newest first. */
export const staysQuery = queryOptions({
  queryKey: ['rooms'],
  queryFn: async ({ signal }): Promise<readonly Stay[]> => {
    const { rooms } = await call<{ rooms: Room[] }>(`/v1/rooms${query({ page_size: 200 })}`, { signal });
    return rooms.filter(({ closed }) => !closed).map(stayOf);
  },
});

export const stayQuery = (roomId: string) =>
  queryOptions({
    queryKey: ['room', roomId],
    queryFn: async ({ signal }): Promise<Stay> =>
      stayOf(await call<Room>(`/v1/rooms/${encodeURIComponent(roomId)}`, { signal })),
  });

/** Nights that are taken, from `from` up to but not including `to`. */
export const takenQuery = (roomId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['room', roomId, 'taken', from, to],
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      const path = `/v1/rooms/${encodeURIComponent(roomId)}/availability${query({ from, to })}`;
      const { nights } = await call<{ nights: { date: string; free: boolean }[] }>(path, { signal });
      return new Set(nights.filter(({ free }) => !free).map(({ date }) => date));
    },
  });

/** What the nights would cost now, and what a cancellation would refund. Nothing is stored. */
export const quoteQuery = (roomId: string, from: string, to: string, guests: number) =>
  queryOptions({
    queryKey: ['room', roomId, 'quote', from, to, guests],
    queryFn: ({ signal }) =>
      call<Schemas['lodging.Quote']>('/v1/lodging/reservations:quote', {
        method: 'POST',
        signal,
        body: { room_id: roomId, check_in: from, check_out: to, guests },
      }),
    enabled: from !== '' && to !== '',
  });

export interface Wish {
  roomId: string;
  checkIn: string;
  checkOut: string;
  guests: number;
  agreedTotal: Money;
  paymentMethodId: string | undefined;
}

/** Asks for the nights; the same key twice is one reservation. */
export const reserve = ({ roomId, checkIn, checkOut, guests, agreedTotal, paymentMethodId }: Wish, key: string) =>
  call<{ id: string }>('/v1/lodging/reservations', {
    method: 'POST',
    key,
    body: {
      room_id: roomId,
      check_in: checkIn,
      check_out: checkOut,
      guests,
      agreed_total: agreedTotal,
      payment_method_id: paymentMethodId,
    },
  });
