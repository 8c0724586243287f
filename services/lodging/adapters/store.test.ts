import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { dateAt, daysAfter } from '#kernel/time.ts';
import { mikroOrmStore, type Store } from '#adapters/mikro-orm/store.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { service } from '../main.ts';
import { decide, type Input } from '../reservation.ts';
import { quoteReservation, requestReservation } from '../usecases.ts';
import { mikroOrmReservations, mikroOrmRooms, storedReservations, storedRooms } from './store.ts';

const stored = storedReservations({ paymentAnswer: 10_000, payment: 3_600_000, askAgain: 300_000 });
const portsOn = (store: Store) => ({
  reservations: mikroOrmReservations(store, stored, { unpaid: 10, perHost: 5 }),
  rooms: mikroOrmRooms(store, async (person) => ({ roles: [], isSuspended: suspended.has(person), since: 0 })),
  cards: { refusal: async () => undefined },
});
const suspended = new Set<string>();
const now = Date.now();
let on: TestStore;
let ports: ReturnType<typeof portsOn>;
beforeAll(async () => {
  on = await testStore(service);
  ports = portsOn(on.store);
}, 60_000);
afterAll(() => on.close());

async function room(hostId: string): Promise<string> {
  const id = newId<string>();
  const listed = {
    id,
    hostId,
    propertyName: 'Pine',
    roomName: '2',
    timeZone: 'Asia/Seoul',
    capacity: 2,
    pricePerNight: krw(50_000),
    isClosed: false,
    version: 1,
  };
  await on.store.update(storedRooms, id, (state) => storedRooms.decide(state, listed));
  return id;
}
const checkIn = daysAfter(dateAt(now, 'Asia/Seoul'), 20);
const reserve = (roomId: string, guestId: string, id: string = newId(), by = ports, agreed = krw(50_000)) =>
  requestReservation(
    by,
    id,
    { wish: { guestId, roomId, checkIn, checkOut: daysAfter(checkIn, 1), guests: 1 }, agreed },
    now,
  );
const hear = (id: string, input: Input) => on.store.update(stored, id, (state) => decide(state, input));
const claimed = async (id: string) =>
  (await on.database.pool.query('select from claim where holder = $1', [id])).rowCount;

test('requests of one guest to one host, and unpaid reservations of one guest, are limited, even of those made at once on two replicas (B7)', async () => {
  const guest = newId<string>();
  const [pine, oak, elm] = [await room(newId()), await room(newId()), await room(newId())];
  const replica = mikroOrmStore(on.database);
  const ids = Array.from({ length: 40 }, () => newId<string>());
  const at = async (roomId: string, some: readonly string[]) =>
    (await Promise.all(some.map((id, nth) => reserve(roomId, guest, id, nth % 2 ? portsOn(replica) : ports)))).map(
      (outcome) => (outcome.accepted ? 'made' : outcome.details?.['of']),
    );
  const perHost = 'requests that wait for the answer of the same host';
  const atPine = await at(pine, ids.slice(0, 20));
  expect([atPine.filter((each) => each === 'made'), atPine.filter((each) => each === perHost)]).toEqual([
    Array(5).fill('made'),
    Array(15).fill(perHost),
  ]);
  const elsewhere = [...(await at(oak, ids.slice(20, 30))), ...(await at(elm, ids.slice(30)))];
  expect(elsewhere.filter((each) => each === 'made')).toHaveLength(5);
  expect(elsewhere.slice(10)).toEqual(Array(10).fill('unpaid reservations'));
  await replica.close();

  const first = ids[atPine.indexOf('made')]!;
  await hear(first, { type: 'StayConfirmed' }); // answered, and still unpaid
  expect(await claimed(first)).toBe(1);
  expect(await reserve(elm, guest)).toMatchObject({ accepted: false, refusal: 'too-many-holds' });
  await hear(first, { type: 'PaymentCompleted' });
  expect(await claimed(first)).toBe(0);
  expect(await reserve(pine, guest)).toMatchObject({ accepted: true });
  expect(await reserve(elm, newId())).toMatchObject({ accepted: true }); // another guest has limits of their own
});

test('a total that is not the agreed one leaves nothing behind (B1)', async () => {
  const id = newId<string>();
  const details = { total_units: '50000', total_currency: 'KRW' };
  expect(await reserve(await room(newId()), newId(), id, ports, krw(5_000))).toEqual({
    accepted: false,
    refusal: 'price-changed',
    details,
  });
  expect([
    await ports.reservations.get(id),
    await claimed(id),
    (await on.sent()).filter(({ subject }) => subject === id),
  ]).toEqual([undefined, 0, []]);
});

test('a reservation that a version before made occupies no slots', async () => {
  const id = newId<string>();
  await reserve(await room(newId()), newId(), id);
  await on.database.pool.query(`update reservation set state = state #- '{booking,slots}' where id = $1`, [id]);
  await hear(id, { type: 'StayConfirmed' });
  expect((await ports.reservations.get(id))?.state).toMatchObject({ status: 'confirmed', booking: { slots: [] } });
});

test('a room of a host who is suspended is not on sale, and is again when they are restored (I3)', async () => {
  const host = newId<string>();
  const [pine, other] = [await room(host), await room(newId())];
  const quote = (roomId: string) =>
    quoteReservation(
      { ...ports, nights: { free: async () => undefined }, payWithin: 0 },
      { wish: { guestId: '', roomId, checkIn, checkOut: daysAfter(checkIn, 1), guests: 1 }, agreed: undefined },
      now,
    );
  suspended.add(host);
  expect(await reserve(pine, newId())).toMatchObject({ accepted: false, refusal: 'not-on-sale' });
  expect(await quote(pine)).toMatchObject({ isAvailable: false, reason: 'not-on-sale' });
  expect(await reserve(other, newId())).toMatchObject({ accepted: true });
  suspended.delete(host);
  expect(await quote(pine)).toMatchObject({ isAvailable: true });
  expect(await reserve(pine, newId())).toMatchObject({ accepted: true });
});
