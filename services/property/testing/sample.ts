import { krw } from '#kernel/money.ts';
import { instantAt } from '#kernel/time.ts';
import type { Taken } from '../nights.ts';
import type { Manager, Property } from '../property.ts';
import type { Place, Room, Terms } from '../room.ts';
import type { Wish } from '../stay.ts';

/** A pension with one room, its host, and a guest who wants it over Christmas: what the tests talk about. */
export const host: Manager = { userId: 'host', admin: false };
export const otherHost: Manager = { userId: 'other-host', admin: false };
export const admin: Manager = { userId: 'admin', admin: true };

export const property: Property = {
  status: 'registered',
  details: {
    ownerId: 'host',
    name: 'Pine Forest Pension',
    address: '27 Solsup-gil, Pyeongchang',
    timeZone: 'Asia/Seoul',
    description: 'In the woods.',
    area: 'Pyeongchang',
    location: { latitude: 37.6, longitude: 128.4 },
    amenities: ['PARKING'],
    photos: [],
  },
  isClosed: false,
};
export const place: Place = {
  propertyId: 'pine',
  ownerId: 'host',
  propertyName: 'Pine Forest Pension',
  address: '27 Solsup-gil, Pyeongchang',
  timeZone: 'Asia/Seoul',
  area: 'Pyeongchang',
  location: { latitude: 37.6, longitude: 128.4 },
  amenities: ['PARKING'],
  isClosed: false,
  version: 1,
};
export const terms: Terms = {
  ...{ name: 'Pine Cottage', capacity: 4, pricePerNight: krw(128_000), instantBook: false },
  ...{ description: '', photos: [], amenities: ['KITCHEN'], beds: 2 },
};
export const room: Room = { status: 'listed', place, terms, isClosed: false };
export const instantRoom: Room = { ...room, terms: { ...terms, instantBook: true } };

export const wish: Wish = {
  roomId: 'pine-2',
  guestId: 'guest',
  checkIn: '2026-12-24',
  checkOut: '2026-12-26',
  guests: 2,
};
export const checkIn = instantAt('2026-12-24', 15, 'Asia/Seoul');
export const checkOutDay = instantAt('2026-12-26', 0, 'Asia/Seoul');
export const hours = (count: number): number => count * 3_600_000;

export const free: Taken = { booked: [], blocked: [] };
export const booked: Taken = { booked: ['2026-12-25'], blocked: [] };
export const blocked: Taken = { booked: [], blocked: ['2026-12-24'] };
