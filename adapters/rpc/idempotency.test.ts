import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import { CreateReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { Code, RpcError } from './errors.ts';
import { memoryAnswers, openTestServer, type Asked, type Ended } from '#adapters/grpc/test-server.fixture.ts';
import { KeyTaken } from './idempotency.ts';

type House = Awaited<ReturnType<typeof openTestServer>>;
let house: House;
/** Another process on the same database. */
let other: House;
beforeAll(async () => {
  const answers = memoryAnswers();
  house = await openTestServer({ answers });
  other = await openTestServer({ answers: memoryAnswers(answers.kept) });
});
afterAll(async () => {
  for (const each of [house, other]) {
    each.client.close();
    await each.server.drain({ noticeMs: 0, limitMs: 500 });
  }
});

const path = '/jari.lodging.v1.LodgingService/CreateReservation';
const roomId = newId();
const bytes = (more: Partial<CreateReservationRequest> = {}): Uint8Array =>
  CreateReservationRequest.encode({
    roomId,
    checkIn: '2026-12-24',
    checkOut: '2026-12-26',
    guests: 2,
    agreedTotal: undefined,
    ...more,
  }).finish();
const create = (
  key: string,
  more: Partial<CreateReservationRequest> = {},
  asked: Asked = {},
  at = house,
): Promise<Ended> => at.send(path, bytes(more), { as: 'guest', ...asked, metadata: { 'idempotency-key': key } });
const room = (does: House['rooms'] extends Map<string, infer Room> ? Room : never, ...at: House[]): string => {
  const id = newId();
  for (const each of at.length ? at : [house]) each.rooms.set(id, does);
  return id;
};

describe('the same key with the same request', () => {
  test('is done once and answered alike', async () => {
    const [first, before] = [await create('k1'), house.bookings.size];
    expect(first.code).toBe(0);
    expect(await create('k1')).toEqual(first);
    expect(house.bookings.size).toBe(before);
  });
  test('is recognised by its fields, in whatever order they came', async () => {
    const first = await create('k2');
    const field = (at: number, length: number): Uint8Array => bytes().subarray(at, at + length);
    const shuffled = Buffer.concat([field(38, bytes().length - 38), field(0, 38)]); // room_id last
    expect(await house.send(path, shuffled, { as: 'guest', metadata: { 'idempotency-key': 'k2' } })).toEqual(first);
  });
  test('is recognised also where one of them came with a field that we do not know', async () => {
    const unknown = Buffer.from([0xf8, 0x3f, 0x01]); // field 1023
    const first = await create('k2-new');
    expect(
      await house.send(path, Buffer.concat([bytes(), unknown]), {
        as: 'guest',
        metadata: { 'idempotency-key': 'k2-new' },
      }),
    ).toEqual(first);
  });
  test('is refused alike, though by now it would succeed', async () => {
    let full = true;
    const mood = room(async (book) =>
      full ? { accepted: false, refusal: 'nights-taken' } : { accepted: true, after: book() },
    );
    const first = await create('k3', { roomId: mood });
    full = false;
    expect(first).toMatchObject({ code: Code.FAILED_PRECONDITION, reason: 'NIGHTS_TAKEN' });
    expect(await create('k3', { roomId: mood })).toEqual(first);
    expect(await create('k3-new', { roomId: mood })).toMatchObject({ code: 0 });
  });
  test('waits for the first while that runs', async () => {
    const slow = room(async (book) => (await pause(100), { accepted: true, after: book() }));
    const before = house.bookings.size;
    const [first, ...rest] = await Promise.all([1, 2, 3, 4].map(() => create('k4', { roomId: slow })));
    expect(first!.code).toBe(0);
    expect(rest).toEqual([first, first, first]);
    expect(house.bookings.size).toBe(before + 1);
  });
  test('waits no longer than its deadline', async () => {
    const begun = Promise.withResolvers<void>();
    const slow = room(async (book) => (begun.resolve(), await pause(700), { accepted: true, after: book() }));
    const first = create('k5', { roomId: slow });
    await begun.promise;
    expect(await create('k5', { roomId: slow }, { deadlineMs: 300 })).toMatchObject({
      code: Code.ABORTED,
      reason: 'IDEMPOTENCY_KEY_IN_USE',
      retryAfterMs: 1_000,
    });
    expect(await first).toMatchObject({ code: 0 });
  });
  test.each<[string, () => Error]>([
    ['UNAVAILABLE', () => new Unavailable('down')],
    ['ABORTED', () => new Contended('busy')],
    ['RESOURCE_EXHAUSTED', () => new RpcError('RESOURCE_EXHAUSTED', 'TOO_MANY_HOLDS', 'enough')],
    ['INVALID_ARGUMENT', () => new RpcError('INVALID_ARGUMENT', 'IN_THE_PAST', 'too late')],
    ['NOT_FOUND', () => new RpcError('NOT_FOUND', 'NO_SUCH_ROOM', 'no such room')],
    ['INTERNAL', () => new TypeError('bug')],
  ])('is tried again after %s', async (code, error) => {
    let fails = true;
    const mood = room(async (book) => {
      if (fails) throw error();
      return { accepted: true, after: book() };
    });
    expect(await create(`k6-${code}`, { roomId: mood })).toMatchObject({ code: Code[code as keyof typeof Code] });
    fails = false;
    expect(await create(`k6-${code}`, { roomId: mood })).toMatchObject({ code: 0 });
  });
});

describe('between processes', () => {
  test('the answer of the one is the answer of the other', async () =>
    expect(await create('p1', {}, {}, other)).toEqual(await create('p1')));
  test('the second of two simultaneous calls gets the answer of the first', async () => {
    // Both look, both find nothing, both run; the database lets one commit.
    const meeting = room(async (book) => (await pause(50), { accepted: true, after: book() }), house, other);
    const [here, there] = await Promise.all([
      create('p2', { roomId: meeting }),
      create('p2', { roomId: meeting }, {}, other),
    ]);
    expect(here.code).toBe(0);
    expect(there).toEqual(here);
    expect(
      [...house.bookings.values(), ...other.bookings.values()].filter(({ state }) => state.roomId === meeting),
    ).toHaveLength(1);
  });
  test('a refused second call gets the answer of the accepted first one', async () => {
    const meeting = newId();
    house.rooms.set(meeting, async (book) => ({ accepted: true, after: book() }));
    other.rooms.set(meeting, async () => (await pause(50), { accepted: false, refusal: 'nights-taken' }));
    const [here, there] = await Promise.all([
      create('p3', { roomId: meeting }),
      create('p3', { roomId: meeting }, {}, other),
    ]);
    expect(here.code).toBe(0);
    expect(there).toEqual(here);
  });
  test('an answer that never comes ends at the deadline', async () => {
    const taken = room(() => Promise.reject(new KeyTaken()));
    expect(await create('p4', { roomId: taken }, { deadlineMs: 300 })).toMatchObject({
      code: Code.ABORTED,
      reason: 'IDEMPOTENCY_KEY_IN_USE',
    });
  });
});

describe('a key', () => {
  test('with another request is refused, and the first answer stands', async () => {
    const first = await create('d1');
    expect(await create('d1', { guests: 1 })).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await create('d1')).toEqual(first);
  });
  test('belongs to its caller', async () => {
    const mine = await create('d2');
    const yours = await create('d2', {}, { as: 'mina' });
    expect(yours.code).toBe(0);
    expect(yours.response).not.toEqual(mine.response);
  });
  test('of one caller is not waited for by another', async () => {
    const begun = Promise.withResolvers<void>();
    const slow = room(async (book) => (begun.resolve(), await pause(700), { accepted: true, after: book() }));
    const mine = create('d2-slow', { roomId: slow });
    await begun.promise;
    expect(await create('d2-slow', {}, { as: 'mina', deadlineMs: 300 })).toMatchObject({ code: 0 });
    expect(await mine).toMatchObject({ code: 0 });
  });
  test('gives no answer to a caller who lost the permission', async () => {
    await create('d3', {}, { as: 'mina:customer' });
    expect(await create('d3', {}, { as: 'mina:host' })).toMatchObject({ code: Code.PERMISSION_DENIED });
  });
  test.each([['x'.repeat(201)], ['']])('must be usable', async (key) =>
    expect(await create(key)).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_IDEMPOTENCY_KEY' }),
  );
  test('is not asked for: without one the command simply runs', async () => {
    const [one, two] = [
      await house.send(path, bytes(), { as: 'guest' }),
      await house.send(path, bytes(), { as: 'guest' }),
    ];
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.response).not.toEqual(two.response);
  });
});
