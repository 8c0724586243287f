import { describe, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { rooms, type Room } from './room.ts';

const room: Room = {
  id: 'pine-2',
  hostId: 'host',
  propertyName: 'Pine Forest',
  roomName: 'Pine 2',
  timeZone: 'Asia/Seoul',
  capacity: 4,
  pricePerNight: krw(128_000),
  isClosed: false,
  version: 2,
};
const { given } = spec(rooms);

describe("lodging's copy of a room (L8)", () => {
  test('takes a room that it does not know', () => given().when(room).then(room));
  test('takes what is newer', () =>
    given(room)
      .when({ ...room, version: 3 })
      .then({ ...room, version: 3 }));
  test('lets pass what comes twice or late', () => {
    given(room).when(room).thenNothing();
    given(room)
      .when({ ...room, version: 1, pricePerNight: krw(1) })
      .thenNothing();
  });
});
