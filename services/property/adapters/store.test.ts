import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { daysOf } from '#kernel/time.ts';
import { command, event } from '#adapters/bus/messages.ts';
import type { RpcError } from '#adapters/rpc/errors.ts';
import { PaymentCompleted, PaymentDeferred } from '#proto/jari/payment/v1/messages.ts';
import { RepublishRooms, StayConfirmed } from '#proto/jari/property/v1/messages.ts';
import { StayRequest_Status as Status, type Room, type StayRequest } from '#proto/jari/property/v1/property.ts';
import { caller, openPropertyService, type PropertyService } from '../testing/service.ts';

let house: PropertyService;
beforeAll(async () => {
  house = await openPropertyService();
});
afterAll(() => house.close());

const host = caller(newId(), 'host');
const guestId = newId();

async function roomOf(owner = host, instantBook = false): Promise<Room> {
  const property = await house.ask<{ id: string }>(
    'createProperty',
    { name: 'Pine', address: 'Pyeongchang', timeZone: 'Asia/Seoul' },
    owner,
  );
  const pricePerNight = { currencyCode: 'KRW', units: 128_000n, nanos: 0 };
  return house.ask(
    'createRoom',
    { propertyId: property.id, name: 'Pine 2', capacity: 4, pricePerNight, instantBook },
    owner,
  );
}
const wish = (roomId: string, checkIn: string, checkOut: string) => ({ roomId, guestId, checkIn, checkOut, guests: 2 });
const confirm = (reservationId: string, at = house) => at.ask<StayRequest>('confirmStay', { reservationId }, host);
const see = (reservationId: string) => house.ask<StayRequest>('getStayRequest', { reservationId }, host);
const types = async (orderId: string) => (await house.told(orderId)).map(({ type }) => type);
/** Brings property's own confirmation back to it, as the bus does. */
const hearConfirmed = async (orderId: string) => {
  const sent = (await house.on.sent()).filter(
    ({ type, subject }) => subject === orderId && type === 'jari.property.v1.StayConfirmed',
  );
  for (const { type, payload } of sent)
    await house.hear(event(type, StayConfirmed, orderId, StayConfirmed.decode(payload)));
};
const freeNights = async (roomId: string, from: string, to: string) => {
  const { nights } = await house.ask<{ nights: { date: string; free: boolean }[] }>(
    'getAvailability',
    { roomId, from, to },
    host,
  );
  return nights.filter(({ free }) => free).map(({ date }) => date);
};
const timersOf = async (id: string) =>
  (
    await house.on.database.pool.query<{ name: string }>(
      'select name from timer where aggregate_id = $1 order by name',
      [id],
    )
  ).rows.map(({ name }) => name);
const reasonOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: RpcError) => error.reason,
  );

describe('nights', () => {
  test('of a hundred overlapping requests for three rooms, confirmed at once on two replicas, are shared by no two stays', async () => {
    const rooms = await Promise.all([roomOf(), roomOf(), roomOf()]);
    const stays = await Promise.all(
      Array.from({ length: 100 }, async (_, number) => {
        const first = 1 + ((number * 7) % 24);
        const day = (date: number) => `2027-01-${String(date).padStart(2, '0')}`;
        const asked = wish(rooms[number % 3]!.id, day(first), day(first + 1 + (number % 4)));
        return { ...asked, id: await house.requestStay(asked) };
      }),
    );
    const replica = house.replica();
    const outcomes = await Promise.all(
      stays.map(({ id }, number) => reasonOf(confirm(id, number % 2 ? house : replica))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['done', 'NIGHTS_TAKEN']));

    const sold = stays.filter((_, number) => outcomes[number] === 'done');
    const nights = sold.flatMap(({ roomId, checkIn, checkOut }) =>
      daysOf(checkIn, checkOut).map((date) => `${roomId}/${date}`),
    );
    expect(new Set(nights).size).toBe(nights.length);
    for (const { id: roomId } of rooms) {
      const taken = nights.filter((key) => key.startsWith(roomId)).map((key) => key.slice(-10));
      expect(await freeNights(roomId, '2027-01-01', '2027-02-01')).toEqual(
        daysOf('2027-01-01', '2027-02-01').filter((date) => !taken.includes(date)),
      );
    }
    for (const { id } of sold) expect(await types(id)).toEqual(['StayConfirmed']);
  });

  test('of thirty requests for one instant-book room at once go to one; the others are rejected', async () => {
    const { id } = await roomOf(host, true);
    const replica = house.replica();
    const orders = await Promise.all(
      Array.from({ length: 30 }, (_, number) =>
        (number % 2 ? house : replica).requestStay(wish(id, '2026-12-24', '2026-12-26')),
      ),
    );
    const answers = (await Promise.all(orders.map(types))).flat();
    expect(answers.filter((type) => type === 'StayConfirmed')).toHaveLength(1);
    expect(answers.filter((type) => type === 'StayRejected')).toHaveLength(29);
  });

  test('of adjacent stays do not meet: one arrives on the day the other leaves', async () => {
    const { id } = await roomOf();
    for (const [from, to] of [
      ['2026-12-24', '2026-12-26'],
      ['2026-12-26', '2026-12-27'],
      ['2026-12-20', '2026-12-24'],
    ] as const)
      expect((await confirm(await house.requestStay(wish(id, from, to)))).status).toBe(Status.CONFIRMED);
  });

  test('that the host blocked are not sold, and those of a stay are neither blocked nor unblocked', async () => {
    const { id: roomId } = await roomOf();
    const nights = (from: string, to: string) => ({ roomId, from, to });
    const waiting = await house.requestStay(wish(roomId, '2026-12-24', '2026-12-26'));
    await house.ask('blockNights', nights('2026-12-25', '2026-12-28'), host);
    expect(await reasonOf(confirm(waiting))).toBe('NIGHTS_TAKEN');
    expect((await see(waiting)).available).toBe(false);

    await house.ask('unblockNights', nights('2026-12-25', '2026-12-27'), host);
    expect(await freeNights(roomId, '2026-12-24', '2026-12-29')).toEqual([
      '2026-12-24',
      '2026-12-25',
      '2026-12-26',
      '2026-12-28',
    ]);
    expect((await see(waiting)).available).toBe(true);
    await confirm(waiting);
    expect(await reasonOf(house.ask('blockNights', nights('2026-12-23', '2026-12-25'), host))).toBe('NIGHTS_TAKEN');
    await house.ask('unblockNights', nights('2026-12-20', '2026-12-31'), host);
    expect(await freeNights(roomId, '2026-12-24', '2026-12-28')).toEqual(['2026-12-26', '2026-12-27']);
  });

  test('are free again when the order releases them or the host cancels', async () => {
    const { id } = await roomOf();
    const first = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    await confirm(first);
    await house.releaseStay(first);
    const second = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    await confirm(second);
    const cancelled = await house.ask<StayRequest>('cancelStay', { reservationId: second, text: 'a burst pipe' }, host);
    expect(cancelled).toMatchObject({
      status: Status.RELEASED,
      reason: 'CANCELLED_BY_HOST',
      reasonText: 'a burst pipe',
      available: true,
    });
    expect(await freeNights(id, '2026-12-24', '2026-12-26')).toEqual(['2026-12-24', '2026-12-25']);
    await house.releaseStay(second);
    // The order may have missed the host's word, and hears it again.
    expect(await types(second)).toEqual(['StayConfirmed', 'StayCancelledByHost', 'StayCancelledByHost']);
  });
});

describe('confirming one', () => {
  test('rejects the waiting ones that overlap it, and no other', async () => {
    const { id } = await roomOf();
    const [chosen, overlaps, before, after] = await Promise.all([
      house.requestStay(wish(id, '2026-12-24', '2026-12-26')),
      house.requestStay(wish(id, '2026-12-25', '2026-12-28')),
      house.requestStay(wish(id, '2026-12-22', '2026-12-24')),
      house.requestStay(wish(id, '2026-12-26', '2026-12-27')),
    ]);
    await confirm(chosen);
    await hearConfirmed(chosen);
    expect(await see(overlaps)).toMatchObject({ status: Status.REJECTED, reason: 'NIGHTS_TAKEN' });
    expect(await types(overlaps)).toEqual(['StayRejected']);
    for (const stillWaiting of [before, after])
      expect(await see(stillWaiting)).toMatchObject({ status: Status.PENDING, available: true });
    expect((await see(chosen)).status).toBe(Status.CONFIRMED);
  });

  test('rejects one as well that was looked at as free while it was confirmed, and began to wait only after that', async () => {
    const { id } = await roomOf();
    const chosen = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    const [looked, may] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = house.replica((store) => ({
      ...store,
      async claims(from, to) {
        const found = await store.claims(from, to);
        looked.resolve();
        await may.promise;
        return found;
      },
    }));
    const order = newId();
    const asking = slow.requestStay(wish(id, '2026-12-25', '2026-12-28'), order);
    await looked.promise;
    await confirm(chosen);
    await hearConfirmed(chosen);
    may.resolve();
    await asking;
    expect(await timersOf(order)).toEqual(['answer', 'nights']);
    await house.fire('stay_request/nights', order);
    expect(await see(order)).toMatchObject({ status: Status.REJECTED, reason: 'NIGHTS_TAKEN' });
    expect(await timersOf(order)).toEqual([]);
  });

  test('that has been released since rejects nobody', async () => {
    const { id } = await roomOf();
    const chosen = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    await confirm(chosen);
    await house.releaseStay(chosen);
    const next = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    await hearConfirmed(chosen);
    expect((await see(next)).status).toBe(Status.PENDING);
  });
  test('whose nights are partly sold again since rejects only those who cannot have theirs', async () => {
    const { id } = await roomOf();
    const chosen = await house.requestStay(wish(id, '2026-12-24', '2026-12-28'));
    await confirm(chosen);
    await house.releaseStay(chosen);
    await confirm(await house.requestStay(wish(id, '2026-12-24', '2026-12-25')));
    const late = await house.requestStay(wish(id, '2026-12-26', '2026-12-27'));
    await hearConfirmed(chosen);
    expect((await see(late)).status).toBe(Status.PENDING);
  });
});

describe('a command that comes twice, or late', () => {
  test('is answered as before: a request, once it is confirmed', async () => {
    const { id } = await roomOf(host, true);
    const order = await house.requestStay(wish(id, '2026-12-24', '2026-12-26'));
    await house.requestStay(wish(id, '2026-12-24', '2026-12-26'), order);
    expect((await house.told(order)).map(({ type, body }) => [type, body['version']])).toEqual([
      ['StayConfirmed', 1n],
      ['StayConfirmed', 1n],
    ]);
  });
  test('a request after its release is answered with the release, and takes nothing', async () => {
    const { id } = await roomOf(host, true);
    const order = newId();
    await house.releaseStay(order);
    await house.requestStay(wish(id, '2026-12-24', '2026-12-26'), order);
    expect(await types(order)).toEqual(['StayReleased', 'StayReleased']);
    expect(await freeNights(id, '2026-12-24', '2026-12-26')).toHaveLength(2);
    expect(await reasonOf(see(order))).toBe('NOT_FOUND');
  });
  test('a request for a room that does not exist is rejected (L4)', async () => {
    const order = await house.requestStay(wish(newId(), '2026-12-24', '2026-12-26'));
    expect(await house.told(order)).toMatchObject([{ type: 'StayRejected', body: { reason: 'NO_SUCH_ROOM' } }]);
  });
});

describe('the clock', () => {
  test('runs while a request waits, and rejects it when the host stays silent', async () => {
    const order = await house.requestStay(wish((await roomOf()).id, '2026-12-24', '2026-12-26'));
    expect(await timersOf(order)).toContain('answer');
    await house.fire('stay_request/answer', order);
    expect(await see(order)).toMatchObject({ status: Status.REJECTED, reason: 'NO_ANSWER' });
    expect(await types(order)).toEqual(['StayRejected']);
  });
  test('stops when the host answers', async () => {
    const order = await house.requestStay(wish((await roomOf()).id, '2026-12-24', '2026-12-26'));
    await confirm(order);
    expect(await timersOf(order)).toEqual([]);
  });
});

describe('what property hears of payments', () => {
  const heard = (id: string, version: bigint) => ({ order: { kind: 'lodging.reservation', id }, version });

  test('shows in the host’s list, the newest last word (L10)', async () => {
    const order = await house.requestStay(wish((await roomOf()).id, '2026-12-24', '2026-12-26'));
    expect((await see(order)).paymentStatus).toBe('');
    await house.hear(
      event('jari.payment.v1.PaymentCompleted', PaymentCompleted, order, { ...heard(order, 2n), amount: undefined }),
    );
    await house.hear(
      event('jari.payment.v1.PaymentDeferred', PaymentDeferred, order, {
        ...heard(order, 1n),
        reason: 'PROVIDER_DOWN',
      }),
    );
    expect((await see(order)).paymentStatus).toBe('COMPLETED');
  });
  test('leaves no record when the order is not property’s', async () => {
    const order = newId();
    await house.hear(
      event('jari.payment.v1.PaymentCompleted', PaymentCompleted, order, { ...heard(order, 2n), amount: undefined }),
    );
    expect((await house.on.database.pool.query('select from stay_request where id = $1', [order])).rowCount).toBe(0);
  });
});

test('every room is told of again when a replica asks for it', async () => {
  const { id } = await roomOf();
  await house.hear(command('jari.property.v1.RepublishRooms', RepublishRooms, '', {}));
  expect((await house.told(id)).map(({ type, body }) => [type, (body['room'] as { version: bigint }).version])).toEqual(
    [
      ['RoomListed', 1n],
      ['RoomListed', 1n],
    ],
  );
});
