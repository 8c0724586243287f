import { describe, expect, test } from '@jest/globals';
import type { Outgoing } from '#adapters/bus/messages.ts';
import * as property from '#proto/jari/property/v1/messages.ts';
import type { RoomMessage, StayMessage } from '../process.ts';
import { place, terms } from '../testing/sample.ts';
import { storedRooms, storedStayRequests } from './messages.ts';

const order = { kind: 'lodging.reservation', id: 'order' };
const about = { order, version: 3 };
const kept = <State>(state: State) => ({ id: 'any', state, version: 3, createdAt: 0, updatedAt: 0 });

const stayMessage = (message: StayMessage): Outgoing =>
  storedStayRequests.encode(message, kept(storedStayRequests.initial));
const roomMessage = (message: RoomMessage): Outgoing => storedRooms.encode(message, kept(storedRooms.initial));

describe('what property tells, as others read it', () => {
  test.each([
    [
      stayMessage({ type: 'StayConfirmed', ...about, roomId: 'pine-2', checkIn: '2026-12-24', checkOut: '2026-12-26' }),
      property.StayConfirmed,
      { order, version: 3n, roomId: 'pine-2', checkIn: '2026-12-24', checkOut: '2026-12-26' },
    ],
    [
      stayMessage({ type: 'StayRejected', ...about, reason: 'NIGHTS_TAKEN', text: '' }),
      property.StayRejected,
      { order, version: 3n, reason: 'NIGHTS_TAKEN', reasonText: '' },
    ],
    [stayMessage({ type: 'StayReleased', ...about }), property.StayReleased, { order, version: 3n }],
    [
      stayMessage({ type: 'StayCancelledByHost', ...about, text: '수도관이 터졌습니다' }),
      property.StayCancelledByHost,
      { order, version: 3n, reasonText: '수도관이 터졌습니다' },
    ],
  ])('$type, about its order (L11)', (message, codec, body) => {
    expect(codec.decode(message.encode())).toEqual(body);
    expect(message).toMatchObject({
      kind: 'event',
      subject: 'order',
      routingKey: message.type.replace('jari.property.v1.', 'property.'),
    });
  });

  test.each(['RoomListed', 'RoomChanged'] as const)('%s, with the whole of the room', (type) => {
    const message = roomMessage({ type, roomId: 'pine-2', version: 3, place, terms, isClosed: true });
    expect(message).toMatchObject({
      kind: 'event',
      type: `jari.property.v1.${type}`,
      routingKey: `property.${type}`,
      subject: 'pine-2',
    });
    expect(property[type].decode(message.encode()).room).toEqual({
      roomId: 'pine-2',
      propertyId: 'pine',
      ownerId: 'host',
      propertyName: 'Pine Forest Pension',
      roomName: 'Pine Cottage',
      address: '27 Solsup-gil, Pyeongchang',
      timeZone: 'Asia/Seoul',
      capacity: 4,
      pricePerNight: { currencyCode: 'KRW', units: 128_000n, nanos: 0 },
      instantBook: false,
      version: 3n,
      closed: true,
    });
  });
});
