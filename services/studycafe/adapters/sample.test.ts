import { expect, test } from '@jest/globals';
import type { ListCafesResponse } from '#proto/jari/studycafe/v1/studycafe.ts';
import { minutes } from '#kernel/time.ts';
import { noon } from '../testing/sample.ts';
import { openStudycafeService } from '../testing/service.ts';

const everything = { pageSize: 200, pageToken: '' };

test('the first start in development brings three cafes with 30, 48 and 30 seats, no two in one place; the next brings nothing', async () => {
  const shop = await openStudycafeService({ development: true });
  try {
    await shop.start();
    await shop.start();
    const { cafes } = await shop.ask<ListCafesResponse>('listCafes', everything);
    const maps = await Promise.all(cafes.map(({ id }) => shop.map(id, { start: noon, end: noon + minutes(30) })));
    expect(maps.map(({ length }) => length)).toEqual([30, 48, 30]);
    for (const seats of maps) expect(new Set(seats.map(({ x, y }) => `${x},${y}`)).size).toBe(seats.length);
    expect((await shop.on.sent()).map(({ type }) => type)).toEqual(Array(3).fill('jari.studycafe.v1.CafeOpened'));
  } finally {
    await shop.close();
  }
});

test('no start in production brings sample data', async () => {
  const shop = await openStudycafeService();
  try {
    await shop.start();
    expect(await shop.ask('listCafes', everything)).toEqual({ cafes: [], nextPageToken: '' });
  } finally {
    await shop.close();
  }
});
