import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { event } from '#adapters/bus/messages.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { PropertyChanged } from '#proto/jari/property/v1/messages.ts';
import {
  Property_Amenity,
  StayRequest_Status as Status,
  type Property,
  type Room,
  type StayRequest,
} from '#proto/jari/property/v1/property.ts';
import { caller, openPropertyService, type PropertyService } from '../testing/service.ts';

let house: PropertyService;
beforeAll(async () => {
  house = await openPropertyService();
});
afterAll(() => house.close());

const host = caller(newId(), 'host');
const otherHost = caller(newId(), 'host');
const admin = caller(newId(), 'admin');
const krw = (units: bigint) => ({ currencyCode: 'KRW', units, nanos: 0 });

const createProperty = (fields: object = {}, by = host) =>
  house.ask<Property>(
    'createProperty',
    { name: '소나무 숲', address: '평창군 솔숲길 27', timeZone: 'Asia/Seoul', ...fields },
    by,
  );
const createRoom = (propertyId: string, fields: object = {}, by = host) =>
  house.ask<Room>(
    'createRoom',
    { propertyId, name: '솔향', capacity: 4, pricePerNight: krw(128_000n), instantBook: false, ...fields },
    by,
  );
const updateRoom = (roomId: string, fields: object, updateMask?: string[], by = host) =>
  house.ask<Room>('updateRoom', { roomId, pricePerNight: undefined, updateMask, ...fields }, by);
const roomOf = async (by = host) => createRoom((await createProperty({}, by)).id, {}, by);
const stayIn = async (roomId: string) =>
  house.requestStay({ roomId, guestId: newId(), checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2 });

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

test('hosts make and change, hosts and administrators decide, anyone looks at rooms (default: nobody)', () => {
  const decides = ['host', 'admin'];
  expect(house.who).toEqual({
    createProperty: ['host'],
    listProperties: 'anyone',
    updateProperty: ['host'],
    closeProperty: ['host'],
    reopenProperty: ['host'],
    createRoom: ['host'],
    updateRoom: ['host'],
    closeRoom: ['host'],
    reopenRoom: ['host'],
    listRooms: 'anyone',
    getRoom: 'anyone',
    getAvailability: 'anyone',
    blockNights: decides,
    unblockNights: decides,
    listStayRequests: decides,
    getStayRequest: decides,
    confirmStay: decides,
    rejectStay: decides,
    cancelStay: decides,
  });
});

describe('properties and rooms', () => {
  test('are shown as they were made', async () => {
    const property = await createProperty();
    expect(property).toEqual({
      id: expect.any(String),
      ownerId: host.id,
      name: '소나무 숲',
      address: '평창군 솔숲길 27',
      timeZone: 'Asia/Seoul',
      ...{ description: '', area: '', location: undefined, amenities: [], photos: [], closed: false },
      createTime: expect.any(Date),
      updateTime: expect.any(Date),
    });
    const room = await createRoom(property.id);
    expect(room).toEqual({
      id: expect.any(String),
      propertyId: property.id,
      name: '솔향',
      capacity: 4,
      pricePerNight: krw(128_000n),
      instantBook: false,
      ...{ description: '', amenities: [], photos: [], beds: 0, closed: false, ownerId: host.id },
      ...{ propertyName: '소나무 숲', address: '평창군 솔숲길 27', area: '', location: undefined },
      ...{ propertyAmenities: [], timeZone: 'Asia/Seoul' },
      createTime: expect.any(Date),
      updateTime: expect.any(Date),
    });
    expect(await house.ask('getRoom', { roomId: room.id }, host)).toEqual(room);
  });

  test('are listed by property, newest first, page by page', async () => {
    const { id: propertyId } = await createProperty();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.unshift((await createRoom(propertyId)).id);
    await roomOf();
    const seen: string[][] = [];
    let pageToken = '';
    do {
      const page = await house.ask<{ rooms: Room[]; nextPageToken: string }>(
        'listRooms',
        { propertyId, pageSize: 2, pageToken },
        host,
      );
      seen.push(page.rooms.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
    expect(await fieldsOf(house.ask('listRooms', { propertyId, pageSize: 2, pageToken: 'not-ours' }, host))).toEqual([
      'page_token',
    ]);
  });

  test("in somebody else's property are NOT_FOUND, as in one that does not exist", async () => {
    const { id } = await createProperty();
    const foreign = await failure(createRoom(id, {}, otherHost));
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', reason: 'NO_SUCH_PROPERTY' });
    expect(await failure(createRoom(newId()))).toEqual(foreign);
  });

  test('of another host are NOT_FOUND to an administrator who is a host too, by every method for hosts alone', async () => {
    const both = caller(newId(), 'host', 'admin');
    const room = await roomOf();
    const request = { propertyId: room.propertyId, roomId: room.id, name: '남의 집', pricePerNight: krw(1n) };
    const forHosts = Object.entries(house.who).flatMap(([name, who]) =>
      who === 'anyone' || who.join() !== 'host' ? [] : [name],
    );
    const foreign = forHosts.filter((name) => name !== 'createProperty');
    expect(foreign).toHaveLength(7);
    for (const name of foreign)
      expect({ name, code: (await failure(house.ask(name, { ...request, confirmPrice: true }, both))).code }).toEqual({
        name,
        code: 'NOT_FOUND',
      });
  });
});

describe('changing a room', () => {
  test('without a mask changes what is present', async () => {
    const room = await roomOf();
    expect(await updateRoom(room.id, { capacity: 2, instantBook: true })).toMatchObject({
      name: '솔향',
      capacity: 2,
      pricePerNight: krw(128_000n),
      instantBook: true,
    });
    const changed = (await house.told(room.id)).find(({ type }) => type === 'RoomChanged');
    expect(changed?.body['room']).toMatchObject({
      version: 2n,
      capacity: 2,
      instantBook: true,
      propertyName: '소나무 숲',
      timeZone: 'Asia/Seoul',
    });
  });
  test('with a mask changes what it names alone', async () => {
    const room = await roomOf();
    const fields = { name: '별빛', capacity: 2, pricePerNight: krw(99_000n) };
    expect(await updateRoom(room.id, fields, ['price_per_night'])).toMatchObject({
      name: '솔향',
      capacity: 4,
      pricePerNight: krw(99_000n),
    });
  });
  test('refuses a mask that names what a room does not have, or what is missing', async () => {
    const room = await roomOf();
    expect(await fieldsOf(updateRoom(room.id, { name: 'R' }, ['owner_id', 'capacity', 'name']))).toEqual([
      'update_mask',
      'capacity',
    ]);
  });
  test("of somebody else's is NOT_FOUND, as of one that does not exist", async () => {
    const foreign = await failure(updateRoom((await roomOf()).id, { capacity: 2 }, undefined, otherHost));
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', reason: 'NO_SUCH_ROOM' });
    expect(await failure(updateRoom(newId(), { capacity: 2 }))).toEqual(foreign);
  });
});

describe('nights', () => {
  test('must be days that exist, and at most 366', async () => {
    const { id: roomId } = await roomOf();
    const available = (from: string, to: string) =>
      house.ask<{ nights: object[] }>('getAvailability', { roomId, from, to }, host);
    expect(await fieldsOf(available('2026-02-30', '2026-04-31'))).toEqual(['from', 'to']);
    expect(await fieldsOf(available('2027-01-01', '2028-01-03'))).toEqual(['to']);
    expect((await available('2027-01-01', '2028-01-02')).nights).toHaveLength(366);
  });
  test('of a room that does not exist are NOT_FOUND', async () => {
    const asked = house.ask('getAvailability', { roomId: newId(), from: '2026-12-24', to: '2026-12-26' }, host);
    expect((await failure(asked)).code).toBe('NOT_FOUND');
  });
});

describe('stay requests', () => {
  const get = (reservationId: string, by = host) => house.ask<StayRequest>('getStayRequest', { reservationId }, by);
  const list = async (by: typeof host, status: Status = Status.STATUS_UNSPECIFIED) =>
    (await house.ask<{ stayRequests: StayRequest[] }>('listStayRequests', { status, pageSize: 0, pageToken: '' }, by))
      .stayRequests;
  const decide = (method: 'confirmStay' | 'rejectStay' | 'cancelStay', reservationId: string, by = host) =>
    house.ask<StayRequest>(method, { reservationId, text: '' }, by);

  test('show request, availability and payment to the host (L10)', async () => {
    const { id: roomId } = await roomOf();
    const id = await stayIn(roomId);
    expect(await get(id)).toEqual({
      id,
      status: Status.PENDING,
      roomId,
      guestId: expect.any(String),
      checkIn: '2026-12-24',
      checkOut: '2026-12-26',
      guests: 2,
      available: true,
      paymentStatus: '',
      reason: '',
      reasonText: '',
      createTime: expect.any(Date),
      updateTime: expect.any(Date),
    });
    const rival = await stayIn(roomId);
    expect(await decide('confirmStay', id)).toMatchObject({ status: Status.CONFIRMED, available: false });
    expect(await get(id)).toMatchObject({ status: Status.CONFIRMED, available: false });
    expect(await get(rival)).toMatchObject({ status: Status.PENDING, available: false });
  });

  test('are listed to their host and to administrators, by status; tombstones to nobody', async () => {
    const newcomer = caller(newId(), 'host');
    const { id: roomId } = await roomOf(newcomer);
    const waiting = await stayIn(roomId);
    const confirmed = await stayIn(roomId);
    const tombstone = newId();
    await house.releaseStay(tombstone);
    await decide('confirmStay', confirmed, newcomer);

    expect((await list(newcomer)).map(({ id, available }) => [id, available])).toEqual([
      [confirmed, false],
      [waiting, false],
    ]);
    expect((await list(newcomer, Status.CONFIRMED)).map(({ id }) => id)).toEqual([confirmed]);
    expect((await list(newcomer, Status.RELEASED)).map(({ id }) => id)).toEqual([]);
    expect(await list(caller(newId(), 'host'))).toEqual([]);
    const all = (await list(admin)).map(({ id }) => id);
    expect(all).toEqual(expect.arrayContaining([waiting, confirmed]));
    expect(all).not.toContain(tombstone);
  });

  test('are decided by their host or an administrator, once (L2)', async () => {
    const { id: roomId } = await roomOf();
    const id = await stayIn(roomId);
    await decide('confirmStay', id, admin);
    expect((await decide('confirmStay', id)).status).toBe(Status.CONFIRMED);
    expect(await failure(decide('rejectStay', id))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ALREADY_DECIDED',
    });
    expect((await house.told(id)).map(({ type }) => type)).toEqual(['StayConfirmed']);

    const second = await stayIn((await roomOf()).id);
    expect(await failure(decide('cancelStay', second))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_CANCELLABLE',
    });
    const rejected = await house.ask<StayRequest>('rejectStay', { reservationId: second, text: '수리 중입니다' }, host);
    expect(rejected).toMatchObject({
      status: Status.REJECTED,
      reason: 'DECLINED_BY_HOST',
      reasonText: '수리 중입니다',
    });
    expect(await failure(decide('confirmStay', second))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'ALREADY_DECIDED',
    });
  });

  test("for somebody else's room are NOT_FOUND, as those that do not exist", async () => {
    const id = await stayIn((await roomOf()).id);
    expect(await failure(get(id, otherHost))).toEqual(await failure(get(newId(), otherHost)));
    for (const method of ['confirmStay', 'rejectStay', 'cancelStay'] as const) {
      const foreign = await failure(decide(method, id, otherHost));
      expect(foreign.code).toBe('NOT_FOUND');
      expect(await failure(decide(method, newId(), otherHost))).toEqual(foreign);
    }
  });
});

describe('a property that changes (B2)', () => {
  /** Brings property's own word of the change back to it, as the bus does. */
  const hearChanges = async (propertyId: string) => {
    const sent = (await house.on.sent()).filter(({ subject }) => subject === propertyId);
    for (const { type, payload } of sent)
      await house.hear(event(type, PropertyChanged, propertyId, PropertyChanged.decode(payload)));
  };
  const see = (roomId: string) => house.ask<Room>('getRoom', { roomId }, host);

  test('shows what its host wrote, and so do its rooms', async () => {
    const property = await createProperty({ amenities: [Property_Amenity.WIFI], photos: [] });
    const room = await createRoom(property.id, { beds: 2, amenities: [Property_Amenity.BATHTUB] });
    expect(room).toMatchObject({ area: '', propertyAmenities: [Property_Amenity.WIFI], beds: 2 });
    const changes = { description: '솔숲', area: '강원 평창', location: { latitude: 37.6, longitude: 128.4 } };
    const changed = await house.ask('updateProperty', { propertyId: property.id, ...changes }, host);
    expect(changed).toMatchObject({ ...changes, name: '소나무 숲', amenities: [Property_Amenity.WIFI] });
    await hearChanges(property.id);
    expect(await see(room.id)).toMatchObject({ area: '강원 평창', location: changes.location, description: '' });
  });
  test('loses its amenities and photos when the mask names them and the lists are empty', async () => {
    const { id: propertyId } = await createProperty({ amenities: [Property_Amenity.WIFI], photos: [newId()] });
    const kept = await house.ask<Property>('updateProperty', { propertyId, name: '솔' }, host);
    expect([kept.amenities.length, kept.photos.length]).toEqual([1, 1]);
    const updateMask = ['amenities', 'photos'];
    expect(await house.ask('updateProperty', { propertyId, updateMask }, host)).toMatchObject({
      ...{ name: '솔', amenities: [], photos: [] },
    });
    expect(
      await fieldsOf(house.ask('updateProperty', { propertyId, updateMask: ['time_zone', 'area'] }, host)),
    ).toEqual(['update_mask', 'area']);
  });
  test('closes its rooms, which say so to others, and reopens those that were not closed by themselves', async () => {
    const { id: propertyId } = await createProperty();
    const [one, other] = [await createRoom(propertyId), await createRoom(propertyId)];
    expect(await house.ask('closeRoom', { roomId: other.id }, host)).toMatchObject({ closed: true });
    expect(await house.ask('closeProperty', { propertyId }, host)).toMatchObject({ closed: true });
    await hearChanges(propertyId);
    expect([(await see(one.id)).closed, (await see(other.id)).closed]).toEqual([true, true]);
    expect((await house.told(one.id)).at(-1)).toMatchObject({ type: 'RoomChanged', body: { room: { closed: true } } });
    await house.ask('reopenProperty', { propertyId }, host);
    await hearChanges(propertyId);
    expect([(await see(one.id)).closed, (await see(other.id)).closed]).toEqual([false, true]);
    expect(await house.ask('reopenRoom', { roomId: other.id }, host)).toMatchObject({ closed: false });
  });
  test("of somebody else's is NOT_FOUND, as of one that does not exist", async () => {
    const { id } = await createProperty();
    for (const method of ['updateProperty', 'closeProperty', 'reopenProperty']) {
      const foreign = await failure(house.ask(method, { propertyId: id, name: 'Mine' }, otherHost));
      expect(foreign).toMatchObject({ code: 'NOT_FOUND', reason: 'NO_SUCH_PROPERTY' });
      expect(await failure(house.ask(method, { propertyId: newId(), name: 'Mine' }, host))).toEqual(foreign);
    }
  });
});
