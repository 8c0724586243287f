import { queryOptions } from '@tanstack/react-query';
import { call, query } from '../../api/http.ts';
import type { Money } from '../../text/formats.ts';

export interface Room {
  id: string;
  propertyId: string;
  name: string;
  capacity: number;
  pricePerNight: Money;
  instantBook: boolean;
}

export interface Property {
  id: string;
  name: string;
  address: string;
  timeZone: string;
}

/** A room with the house that it is in. */
export interface Stay {
  room: Room;
  property: Property;
}

const properties = queryOptions({
  queryKey: ['properties'],
  queryFn: ({ signal }) => call<{ properties: Property[] }>('/v1/properties', { signal }),
  staleTime: 300_000,
});

/** All rooms, newest first. */
export const staysQuery = queryOptions({
  queryKey: ['rooms'],
  queryFn: async ({ signal, client }): Promise<readonly Stay[]> => {
    const [{ rooms }, houses] = await Promise.all([
      call<{ rooms: Room[] }>(`/v1/rooms${query({ page_size: 200 })}`, { signal }),
      client.ensureQueryData(properties),
    ]);
    return rooms.flatMap((room) => {
      const property = houses.properties.find(({ id }) => id === room.propertyId);
      return property ? [{ room, property }] : [];
    });
  },
});

export const stayQuery = (roomId: string) =>
  queryOptions({
    queryKey: ['room', roomId],
    queryFn: async ({ signal, client }): Promise<Stay> => {
      const [room, houses] = await Promise.all([
        call<Room>(`/v1/rooms/${encodeURIComponent(roomId)}`, { signal }),
        client.ensureQueryData(properties),
      ]);
      const property = houses.properties.find(({ id }) => id === room.propertyId);
      if (!property) throw new Error('the house of the room is not listed');
      return { room, property };
    },
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

export interface Wish {
  roomId: string;
  checkIn: string;
  checkOut: string;
  guests: number;
  agreedTotal: Money;
}

/** Asks for the nights; the same key twice is one reservation. */
export const reserve = ({ roomId, checkIn, checkOut, guests, agreedTotal }: Wish, key: string) =>
  call<{ id: string }>('/v1/lodging/reservations', {
    method: 'POST',
    key,
    body: { room_id: roomId, check_in: checkIn, check_out: checkOut, guests, agreed_total: agreedTotal },
  });
