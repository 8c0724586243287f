import { expect, test } from '@jest/globals';
import { idOf } from '#kernel/ids.ts';
import type { Property, Room } from '#proto/jari/property/v1/property.ts';
import { caller, openPropertyService } from '../testing/service.ts';

const anyone = caller('anyone');
const everything = { propertyId: '', pageSize: 200, pageToken: '' };

test('the first start in development brings four properties of the host with ten rooms, two of them instant-book; the next brings nothing', async () => {
  const house = await openPropertyService({ development: true });
  try {
    await house.start();
    await house.start();
    const { properties } = await house.ask<{ properties: Property[] }>('listProperties', everything, anyone);
    const { rooms } = await house.ask<{ rooms: Room[] }>('listRooms', everything, anyone);
    expect(properties.map(({ ownerId }) => ownerId)).toEqual(Array(4).fill(idOf('user', 'host')));
    expect(rooms).toHaveLength(10);
    expect(rooms.filter(({ instantBook }) => instantBook)).toHaveLength(2);
    expect(rooms.every(({ propertyId }) => properties.some(({ id }) => id === propertyId))).toBe(true);
    expect((await house.on.sent()).map(({ type }) => type)).toEqual(Array(10).fill('jari.property.v1.RoomListed'));
  } finally {
    await house.close();
  }
});

test('no start in production brings sample data', async () => {
  const house = await openPropertyService();
  try {
    await house.start();
    expect(await house.ask('listRooms', everything, anyone)).toEqual({ rooms: [], nextPageToken: '' });
  } finally {
    await house.close();
  }
});
