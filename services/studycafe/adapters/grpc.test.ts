import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import {
  Cafe_Amenity as Amenity,
  Seat_Feature as Feature,
  Seat_State as State,
  type Cafe,
  type ListCafesResponse,
} from '#proto/jari/studycafe/v1/studycafe.ts';
import { at, noon } from '../testing/sample.ts';
import { openStudycafeService, times, type StudycafeService } from '../testing/service.ts';

let shop: StudycafeService;
beforeAll(async () => {
  shop = await openStudycafeService();
});
afterAll(() => shop.close());

const krw = (units: bigint) => ({ currencyCode: 'KRW', units, nanos: 0 });
const seats = [{ label: '1', x: 46, y: 54, features: [Feature.WINDOW, Feature.QUIET] }];
const cafe = {
  name: '책과 창',
  address: '양화로 45',
  timeZone: 'Asia/Seoul',
  opens: '08:00',
  closes: '23:00',
  pricePerHour: krw(2_000n),
  seats,
};
const create = (fields: object = {}) => shop.ask<Cafe>('createCafe', { ...cafe, ...fields });
const update = (cafeId: string, fields: object, updateMask?: string[]) =>
  shop.ask<Cafe>('updateCafe', { cafeId, pricePerHour: undefined, updateMask, ...fields });

const failure = async (asked: Promise<unknown>): Promise<RpcError> => {
  const error = await asked.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof RpcError) return error;
  throw error;
};
const fieldsOf = async (asked: Promise<unknown>) => {
  const { code, fields } = await failure(asked);
  expect(code).toBe('INVALID_ARGUMENT');
  return fields.map(({ field }) => field);
};

test('administrators open, change and block; anyone looks', () => {
  expect(shop.who).toEqual({
    ...{
      createCafe: ['admin'],
      updateCafe: ['admin'],
      closeCafe: ['admin'],
      reopenCafe: ['admin'],
      blockSeat: ['admin'],
      unblockSeat: ['admin'],
    },
    ...{ listCafes: 'anyone', getCafe: 'anyone', listSeats: 'anyone', watchSeats: 'anyone' },
  });
});

describe('a cafe', () => {
  test('opens with its seats and their features, and is listed, the newest first', async () => {
    const [older, newer] = [await create(), await create({ name: '등불' })];
    expect(newer).toMatchObject({
      name: '등불',
      address: '양화로 45',
      timeZone: 'Asia/Seoul',
      opens: '08:00',
      closes: '23:00',
      pricePerHour: krw(2_000n),
    });
    const { cafes } = await shop.ask<ListCafesResponse>('listCafes', { pageSize: 2, pageToken: '' });
    expect(cafes.map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect(await shop.map(newer.id, { start: noon, end: noon + minutes(30) })).toMatchObject([
      { label: '1', x: 46, y: 54, features: [Feature.WINDOW, Feature.QUIET], state: State.FREE },
    ]);
    expect(await shop.ask('getCafe', { cafeId: newer.id })).toEqual(newer);
  });
  test('is listed page by page', async () => {
    for (let count = 0; count < 3; count++) await create();
    const page = (pageToken: string) => shop.ask<ListCafesResponse>('listCafes', { pageSize: 2, pageToken });
    const first = await page('');
    const second = await page(first.nextPageToken);
    expect(new Set([...first.cafes, ...second.cafes].map(({ id }) => id)).size).toBe(
      first.cafes.length + second.cafes.length,
    );
    expect(await fieldsOf(page('!'))).toEqual(['page_token']);
  });
  test('changes in what is named', async () => {
    const { id } = await create();
    expect(await update(id, { closes: '24:00' })).toMatchObject({
      closes: '24:00',
      opens: '08:00',
      pricePerHour: krw(2_000n),
    });
    expect(await update(id, { name: 'unnamed', pricePerHour: krw(3_000n) }, ['price_per_hour'])).toMatchObject({
      name: '책과 창',
      pricePerHour: krw(3_000n),
    });
  });
  test('shows what was written of it, and is closed and reopened (B2)', async () => {
    const { id: cafeId } = await create({ area: '서울 합정', amenities: [Amenity.COFFEE], photos: [newId()] });
    expect(await update(cafeId, { description: '창가', location: { latitude: 37.5, longitude: 126.9 } })).toMatchObject(
      {
        ...{ description: '창가', area: '서울 합정', amenities: [Amenity.COFFEE], closed: false },
        location: { latitude: 37.5, longitude: 126.9 },
      },
    );
    expect(await update(cafeId, {}, ['photos'])).toMatchObject({ photos: [], amenities: [Amenity.COFFEE] });
    expect(await shop.ask('closeCafe', { cafeId })).toMatchObject({ closed: true });
    expect((await shop.told(cafeId)).at(-1)).toMatchObject({ type: 'CafeChanged', body: { cafe: { closed: true } } });
    expect(await shop.ask('reopenCafe', { cafeId })).toMatchObject({ closed: false });
  });
  test('is found by its area and by words in any order, form and case; closed ones by administrators alone (B2)', async () => {
    const { id } = await create({ name: '달빛책상 · Café Luna', area: '부산 광안리', description: '창가 자리' });
    const found = async (filter: object, by?: Caller) =>
      (await shop.ask<ListCafesResponse>('listCafes', filter, by)).cafes.map((cafe) => cafe.id);
    const customer: Caller = { id: newId(), roles: ['customer'] };
    for (const q of ['책상', '창가 달빛'.normalize('NFD'), 'LUNA cafe'])
      expect(await found({ q }, customer)).toEqual([id]);
    expect(await found({ area: '광안리' }, customer)).toEqual([id]);
    expect(await found({ area: '광안리', q: '한옥' }, customer)).toEqual([]);
    await shop.ask('closeCafe', { cafeId: id });
    expect(await found({ q: '책상' }, customer)).toEqual([]);
    expect(await found({ q: '책상' })).toEqual([id]);
  });
  test('is refused with all that is wrong with it at once', async () => {
    expect(await fieldsOf(create({ seats: [...seats, ...seats, ...seats] }))).toEqual([
      'seats[1].label',
      'seats[2].label',
    ]);
    expect(await failure(create({ closes: '08:00' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'CLOSES_BEFORE_IT_OPENS',
    });
    const { id } = await create();
    expect(await fieldsOf(update(id, { name: 'Books' }, ['name', 'opens', 'address']))).toEqual([
      'update_mask',
      'opens',
    ]);
    expect(await failure(update(newId(), { name: 'Books' }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a time', () => {
  test('on no half-hour, of no length, or too long, is refused with both its ends named', async () => {
    const { id: cafeId } = await create();
    const [seatId] = (await shop.map(cafeId, { start: noon, end: noon + minutes(30) })).map(({ id }) => id);
    const at10 = { cafeId, seatId, ...times({ start: noon + minutes(10), end: noon + minutes(20) }) };
    for (const method of ['listSeats', 'blockSeat', 'unblockSeat'])
      expect(await fieldsOf(shop.ask(method, at10))).toEqual(['start_time', 'end_time']);
    const none = { cafeId, seatId, ...times({ start: noon, end: noon }) }; // as a part of a millisecond comes to us
    for (const method of ['listSeats', 'blockSeat', 'unblockSeat'])
      expect(await fieldsOf(shop.ask(method, none))).toEqual(['end_time']);
    const days = (count: number) => ({
      cafeId,
      seatId,
      ...times({ start: noon, end: noon + minutes(count * 24 * 60 + 30) }),
    });
    expect(await fieldsOf(shop.ask('listSeats', days(1)))).toEqual(['end_time']);
    expect(await shop.ask('blockSeat', days(6))).toMatchObject({ state: State.BLOCKED });
    expect(await fieldsOf(shop.ask('blockSeat', days(7)))).toEqual(['end_time']);
  });
  test('that is over is neither blocked nor unblocked, but may be looked at', async () => {
    const { id: cafeId } = await create();
    const yesterday = { start: at - minutes(60), end: at - minutes(30) };
    const [seat] = await shop.map(cafeId, yesterday);
    for (const method of ['blockSeat', 'unblockSeat'])
      expect(await failure(shop.ask(method, { cafeId, seatId: seat!.id, ...times(yesterday) }))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        reason: 'TIME_PASSED',
      });
  });
  test('of a cafe that is not there is not found', async () => {
    const nowhere = { cafeId: newId(), seatId: newId(), ...times({ start: noon, end: noon + minutes(30) }) };
    for (const method of ['getCafe', 'listSeats', 'blockSeat', 'unblockSeat'])
      expect(await failure(shop.ask(method, nowhere))).toMatchObject({ code: 'NOT_FOUND' });
  });
});
