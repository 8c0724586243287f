import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { sayOf } from '#adapters/auth/testing.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import {
  ListRoomsRequest_OrderBy as OrderBy,
  Property_Amenity as Amenity,
  type ListRoomsResponse,
  type Property,
  type Room,
} from '#proto/jari/property/v1/property.ts';
import { caller, openPropertyService, type PropertyService } from '../testing/service.ts';

let house: PropertyService;
const [host, anyone] = [caller(newId(), 'host'), caller(newId())];
const rooms: Record<string, string> = {};

beforeAll(async () => {
  house = await openPropertyService();
  const property = async (name: string, area: string, amenities: Amenity[]) =>
    (await house.ask<Property>('createProperty', { name, address: '1', timeZone: 'Asia/Seoul', area, amenities }, host))
      .id;
  const [hanok, sea] = [
    await property('북촌 달빛한옥 · Café Moonlight', '서울 북촌', [Amenity.WIFI]),
    await property('협재 바다 스테이', '제주 협재', [Amenity.PARKING]),
  ];
  const room = async (propertyId: string, name: string, price: number, more: object = {}) => {
    const pricePerNight = { currencyCode: 'KRW', units: BigInt(price), nanos: 0 };
    const asked = { propertyId, name, capacity: 2, pricePerNight, ...more };
    rooms[name] = (await house.ask<Room>('createRoom', asked, host)).id;
  };
  await room(hanok, '사랑채', 210_000, { capacity: 4, description: '대청마루가 있어요', amenities: [Amenity.BATHTUB] });
  await room(hanok, '별채', 155_000);
  await room(sea, '바다 스위트', 290_000, { capacity: 4, amenities: [Amenity.OCEAN_VIEW] });
  await room(sea, '돌담 방', 155_000);
});
afterAll(() => house.close());

const search = async (asked: object, by = anyone): Promise<ListRoomsResponse> => house.ask('listRooms', asked, by);
const names = async (asked: object, by = anyone) => (await search(asked, by)).rooms.map(({ name }) => name);
const christmas = { checkIn: '2026-12-24', checkOut: '2026-12-26' };
const fieldsOf = (asked: Promise<unknown>) =>
  asked.then(
    () => [],
    (error: unknown) => (error instanceof RpcError ? error.fields.map(({ field }) => field) : [String(error)]),
  );

describe('a search for rooms (B2)', () => {
  test('finds words in any order, in any Unicode form and case, without accents, and as parts of words', async () => {
    expect(await names({ q: '달빛' })).toEqual(['별채', '사랑채']);
    expect(await names({ q: '한옥' })).toEqual(['별채', '사랑채']);
    expect(await names({ q: '한옥 북촌'.normalize('NFD') })).toEqual(['별채', '사랑채']);
    expect(await names({ q: 'MOONLIGHT cafe' })).toEqual(['별채', '사랑채']);
    expect(await names({ q: 'caf\u00e9' })).toEqual(['별채', '사랑채']);
    expect(await names({ q: '대청마루 사랑채' })).toEqual(['사랑채']);
    expect(await names({ q: '방' })).toEqual(['돌담 방']);
    expect(await names({ q: '한옥 바다' })).toEqual([]);
    for (const q of ['%', '_', "'; drop table room; --"]) expect(await names({ q })).toEqual([]);
  });
  test('looks at area, guests, price and amenities of room and property', async () => {
    expect(await names({ area: '제주' })).toEqual(['돌담 방', '바다 스위트']);
    expect(await names({ area: '제' })).toEqual([]);
    expect(await names({ guests: 3 })).toEqual(['바다 스위트', '사랑채']);
    expect(await names({ maxPrice: 155_000n })).toEqual(['돌담 방', '별채']);
    expect(await names({ amenity: [Amenity.WIFI] })).toEqual(['별채', '사랑채']);
    expect(await names({ amenity: [Amenity.WIFI, Amenity.BATHTUB] })).toEqual(['사랑채']);
    expect(await names({ area: '서울', guests: 2, maxPrice: 200_000n, q: '별채' })).toEqual(['별채']);
  });
  test('with dates finds only what is free in all nights, each with its total', async () => {
    const block = { roomId: rooms['별채'], from: '2026-12-25', to: '2026-12-27' };
    await house.ask('blockNights', block, host);
    const { rooms: free } = await search({ ...christmas, area: '서울' });
    expect(free).toMatchObject([{ name: '사랑채', total: { units: 420_000n } }]);
    expect(await names({ checkIn: '2026-12-24', checkOut: '2026-12-25', area: '서울' })).toEqual(['별채', '사랑채']);
    await house.ask('unblockNights', block, host);
    expect(await names({ ...christmas, area: '서울' })).toEqual(['별채', '사랑채']);
    expect((await search({ area: '서울' })).rooms[0]?.total).toBeUndefined();
  });
  test('is in the order of price, page by page, each room once', async () => {
    const seen: string[][] = [];
    let pageToken = '';
    do {
      const page = await search({ orderBy: OrderBy.PRICE, pageSize: 1, pageToken, ...christmas });
      seen.push(page.rooms.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toEqual([['돌담 방'], ['별채'], ['사랑채'], ['바다 스위트']]);
    const byPrice = (await search({ orderBy: OrderBy.PRICE, pageSize: 1 })).nextPageToken;
    expect(await fieldsOf(search({ pageSize: 1, pageToken: byPrice }))).toEqual(['page_token']);
  });
  test('shows a closed room to its host alone, and to nobody with dates', async () => {
    await house.ask('closeRoom', { roomId: rooms['돌담 방'] }, host);
    expect(await names({ area: '제주' })).toEqual(['바다 스위트']);
    expect(await names({ area: '제주' }, host)).toEqual(['돌담 방', '바다 스위트']);
    expect(await names({ area: '제주', ...christmas }, host)).toEqual(['바다 스위트']);
    await house.ask('reopenRoom', { roomId: rooms['돌담 방'] }, host);
  });
  test('shows rooms of a host who is suspended to nobody else, until the host is restored (I3)', async () => {
    await sayOf(house.on.database.pool, host.id, { suspended: true, at: 1 });
    expect(await names({})).toEqual([]);
    expect(await names(christmas)).toEqual([]);
    expect(await names({ area: '제주' }, host)).toEqual(['돌담 방', '바다 스위트']);
    await sayOf(house.on.database.pool, host.id, { at: 2 });
    expect(await names({ area: '제주' })).toEqual(['돌담 방', '바다 스위트']);
  });
  test('is refused with all dates that are no days, and for a stay of more than 30 nights', async () => {
    expect(await fieldsOf(search({ checkIn: '2026-02-30', checkOut: '2026-13-01' }))).toEqual([
      'check_in',
      'check_out',
    ]);
    expect(await fieldsOf(search({ checkIn: '2026-12-24', checkOut: '2027-01-24' }))).toEqual(['check_out']);
  });
});

test('a description of characters that become many when they are folded is searched like any other (B2)', async () => {
  const property = await house.ask<Property>(
    'createProperty',
    { name: '산', address: '1', timeZone: 'Asia/Seoul' },
    host,
  );
  const pricePerNight = { currencyCode: 'KRW', units: 1_000n, nanos: 0 };
  const description = `숲속 ${'ﷺ'.repeat(3_997)}`;
  await house.ask(
    'createRoom',
    { propertyId: property.id, name: '산방', capacity: 1, pricePerNight, description },
    host,
  );
  expect(await names({ q: '숲속 ﷺ' })).toEqual(['산방']);
});

/** Another replica, and the names of the statements that it searches by. */
function searching(): { replica: PropertyService; names: Set<string> } {
  const names = new Set<string>();
  const replica = house.replica((store) => ({
    ...store,
    where(of, name, which, values) {
      names.add(name);
      return store.where(of, name, which, values);
    },
  }));
  return { replica, names };
}

test('a search for rooms has one statement, however many words and amenities are wished for', async () => {
  const { replica, names } = searching();
  const amenities = Object.values(Amenity).filter((each) => typeof each === 'number' && each > 0);
  for (let many = 1; many <= 15; many++)
    await replica.ask(
      'listRooms',
      { q: 'w '.repeat(many), area: 'a '.repeat(many), amenity: amenities.slice(0, many) },
      anyone,
    );
  expect(names.size).toBe(1);
});

test.each([
  { orderBy: OrderBy.NEWEST, statements: 2 }, // the first page, and those after it, which an index begins at
  { orderBy: OrderBy.PRICE, statements: 1 },
])(
  'a search for rooms has $statements statements in the order $orderBy, whatever is asked of guests, price, dates, page and caller',
  async ({ orderBy, statements }) => {
    const { replica, names } = searching();
    const { nextPageToken: pageToken } = await search({ orderBy, pageSize: 1 });
    expect(pageToken).not.toBe('');
    const filters: object[] = [{ guests: 1 }, { maxPrice: 1_000_000n }, christmas, { pageToken }];
    for (let chosen = 0; chosen < 2 ** filters.length; chosen++)
      for (const by of [undefined, anyone, host])
        await replica.ask(
          'listRooms',
          Object.assign({ orderBy }, ...filters.filter((_, nth) => chosen & (1 << nth))),
          by,
        );
    expect(names.size).toBe(statements);
  },
);
