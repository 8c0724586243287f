import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { idOf, newId } from '#kernel/ids.ts';
import { selfSigned, type ServiceToken } from '#adapters/auth/service-token.ts';
import { userId } from '#adapters/auth/token.ts';
import { Contended, Unavailable } from '#adapters/failures/failures.ts';
import { policy, type Policy, type PolicyOptions } from '#adapters/resilience/policy.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { CreateReservationRequest, LodgingServiceService as definition } from '#proto/jari/lodging/v1/lodging.ts';
import { grpcClient } from './client.ts';
import { asRpcError, RpcError } from '#adapters/rpc/errors.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { openTestServer } from './test-server.fixture.ts';

let house: Awaited<ReturnType<typeof openTestServer>>;
beforeAll(async () => {
  house = await openTestServer();
});
afterAll(async () => {
  house.client.close();
  await house.server.drain({ noticeMs: 0, limitMs: 500 });
});

const guarded = (more: Partial<PolicyOptions> = {}) =>
  policy({
    name: 'lodging',
    timeoutMs: 300,
    attempts: 2,
    breaker: { failureShare: 0.5, calls: 10, minimum: 4, openMs: 200 },
    bulkhead: { concurrent: 10, queued: 10 },
    ...more,
  });
const wish = (roomId: string = newId()): CreateReservationRequest => ({
  roomId,
  checkIn: '2026-12-24',
  checkOut: '2026-12-26',
  guests: 2,
  agreedTotal: undefined,
});
const roomThat = (does: (asked: number) => Promise<never> | undefined): string => {
  const roomId = newId();
  let asked = 0;
  house.rooms.set(roomId, async (book) => (await does(++asked)) ?? { accepted: true, after: book() });
  return roomId;
};
/** A client whose own token the house lets in as it would a guest's. */
const clientOf = ({
  address = house.address,
  policy = guarded(),
  token = () => house.token('guest'),
  now = Date.now,
}: { address?: string; policy?: Policy; token?: ServiceToken; now?: () => number } = {}) =>
  grpcClient({ definition, address, policy, token, now });
/** Calls in the course of a request that must be answered in so many milliseconds. */
const dueIn = <Result>(ms: number, run: () => Promise<Result>): Promise<Result> =>
  inScope({ correlationId: 'order-9', causationId: 'message-9', deadline: Date.now() + ms }, run);

describe('a call to another service', () => {
  test('sends the calling service’s own token, not the customer’s; id and trace go along (K6, K12)', async () => {
    const { call, close } = clientOf({ token: selfSigned('rental', async () => house.key) });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const roomId = newId();
    house.rooms.set(roomId, async (book) => {
      await call.previewCancellation({ reservationId: newId() });
      return { accepted: true, after: book() };
    });
    const bytes = CreateReservationRequest.encode(wish(roomId)).finish();
    await house.send('/jari.lodging.v1.LodgingService/CreateReservation', bytes, {
      as: 'guest',
      metadata: { 'x-request-id': 'order-7', traceparent },
    });
    const calls = house.log
      .filter(({ correlationId }) => correlationId === 'order-7')
      .map(({ code, subject }) => [code, subject]);
    expect(calls).toEqual([
      ['OK', idOf('service', 'rental')],
      ['OK', userId('guest')],
    ]);
    expect(house.scopes.at(-1)).toMatchObject({ correlationId: 'order-7', traceparent });
    close();
  });
  test('that the callee does not let in is a fault of ours, and no word on our caller’s token', async () => {
    const { call, close } = clientOf({ token: () => house.token('host') });
    await expect(call.createReservation(wish())).rejects.toMatchObject({
      name: 'Error',
      message: expect.stringContaining('lodging refuses the token of this service: this needs the role'),
    });
    close();
    const forged = clientOf({ token: async () => 'a.b.c' });
    await expect(forged.call.createReservation(wish())).rejects.toMatchObject({
      name: 'Error',
      message: expect.stringContaining('the access token is not a valid JWT'),
    });
    forged.close();
  });
  test('by a clock that is too far behind the callee’s is UNAVAILABLE with CLOCK_SKEW, and opens no breaker', async () => {
    const guard = guarded();
    const behind = (): number => Date.now() - 11 * 60_000;
    const { call, close } = clientOf({
      policy: guard,
      token: selfSigned('rental', async () => house.key, behind),
      now: behind,
    });
    for (let time = 0; time < 6; time++) {
      const error = await call.previewCancellation({ reservationId: newId() }).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Unavailable);
      expect(asRpcError(error)).toMatchObject({ code: 'UNAVAILABLE', reason: 'CLOCK_SKEW' });
    }
    expect(guard.breakerState()).toBe('closed');
    close();
  });
  test('by a machine whose clock is wrong is let in: its token is signed by the database’s time', async () => {
    const wrong = (): number => Date.now() - 11 * 60_000;
    const corrected = (): number => wrong() + 11 * 60_000;
    const { call, close } = clientOf({ token: selfSigned('rental', async () => house.key, corrected), now: corrected });
    await expect(call.previewCancellation({ reservationId: newId() })).resolves.toBeDefined();
    close();
  });
  test('with a token that is worn out by the caller’s own clock too is a fault, no skew', async () => {
    const old = await selfSigned(
      'rental',
      async () => house.key,
      () => Date.now() - 11 * 60_000,
    )();
    const { call, close } = clientOf({ token: async () => old });
    await expect(call.previewCancellation({ reservationId: newId() })).rejects.toThrow(
      'lodging refuses the token of this service: the access token',
    );
    close();
  });
  test('ends before its caller’s own deadline, which says nothing of the callee', async () => {
    const guard = guarded();
    const { call, close } = clientOf({ policy: guard });
    const slow = roomThat(() => pause(1_000, undefined as never));
    for (let time = 0; time < 5; time++)
      await expect(dueIn(100, () => call.createReservation(wish(slow)))).rejects.toMatchObject({
        code: 'DEADLINE_EXCEEDED',
      });
    await expect(dueIn(0, () => call.createReservation(wish()))).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(guard.breakerState()).toBe('closed');
    expect(house.scopes.at(-1)!.deadline! - Date.now()).toBeLessThan(100);
    close();
  });
  test('brings back what the callee refused, word for word, and does not ask again', async () => {
    const { call, close } = clientOf();
    let times = 0;
    const refusing = roomThat((asked) => {
      times = asked;
      return Promise.reject(new RpcError('FAILED_PRECONDITION', 'NIGHTS_TAKEN', 'taken'));
    });
    await expect(call.createReservation(wish(refusing))).rejects.toMatchObject({
      name: 'RpcError',
      code: 'FAILED_PRECONDITION',
      reason: 'NIGHTS_TAKEN',
      message: 'taken',
    });
    expect(times).toBe(1);
    await expect(call.createReservation({ ...wish(), guests: 0 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'guests' }],
    });
    close();
  });
  test.each([new Unavailable('down'), new Contended('busy')])(
    'is made again after %s, with the same key',
    async (error) => {
      const { call, close } = clientOf();
      const once = roomThat((asked) => (asked === 1 ? Promise.reject(error) : undefined));
      const idempotencyKey = newId();
      const made = await call.createReservation(wish(once), { idempotencyKey });
      expect(await call.createReservation(wish(once), { idempotencyKey })).toEqual(made);
      close();
    },
  );
  test('carries the delay that the callee asks for', async () => {
    const { call, close } = clientOf({ policy: guarded({ attempts: 1 }) });
    const busy = roomThat(() =>
      Promise.reject(new RpcError('UNAVAILABLE', 'PAY_LATER', 'pay in a moment', { retryAfterMs: 4_500 })),
    );
    await expect(call.createReservation(wish(busy))).rejects.toMatchObject({
      name: 'Unavailable',
      retryAfterMs: 4_500,
    });
    close();
  });
});

describe('an intent that goes before a call', () => {
  test('is recorded before the callee receives it, and not at all when the call is not made', async () => {
    const { call, close } = clientOf({ policy: guarded({ bulkhead: { concurrent: 1, queued: 0 } }) });
    const story: string[] = [];
    const room = roomThat(() => {
      story.push('called');
      return undefined;
    });
    const before = async () => void story.push('intended');
    const [first, second] = await Promise.allSettled([
      call.createReservation(wish(room), { before }),
      call.createReservation(wish(room), { before }),
    ]);
    expect([first.status, second.status, story]).toEqual(['fulfilled', 'rejected', ['intended', 'called']]);
    close();
  });
  test('is not even recorded where there is no token to call with', async () => {
    const { call, close } = clientOf({
      policy: guarded({ attempts: 1 }),
      token: () => Promise.reject(new Unavailable('no token')),
    });
    let intended = false;
    await expect(call.createReservation(wish(), { before: async () => void (intended = true) })).rejects.toThrow(
      'no token',
    );
    expect(intended).toBe(false);
    close();
  });
  test('that cannot be recorded is no call', async () => {
    const { call, close } = clientOf();
    let times = 0;
    const room = roomThat((asked) => void (times = asked) as undefined);
    await expect(
      call.createReservation(wish(room), { before: () => Promise.reject(new Error('no disk')) }),
    ).rejects.toThrow('no disk');
    expect(times).toBe(0);
    close();
  });
});

describe('a callee in trouble (K7, K14)', () => {
  test('that is down is unavailable at once, and after a while not even asked', async () => {
    const guard = guarded({ attempts: 1 });
    const { call, close } = clientOf({ address: '127.0.0.1:9', policy: guard });
    for (let time = 0; time < 4; time++)
      await expect(call.getReservation({ reservationId: newId() })).rejects.toMatchObject({ name: 'Unavailable' });
    await expect(call.getReservation({ reservationId: newId() })).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('suspended'),
    });
    close();
  });
  test('that is silent is unavailable in time', async () => {
    const held: Socket[] = [];
    const frozen = createServer((socket) => void held.push(socket));
    await once(frozen.listen(0, '127.0.0.1'), 'listening');
    const { port } = frozen.address() as AddressInfo;
    const { call, close } = clientOf({ address: `127.0.0.1:${port}`, policy: guarded({ attempts: 1 }) });
    const began = Date.now();
    await expect(call.getReservation({ reservationId: newId() })).rejects.toMatchObject({
      name: 'Unavailable',
      message: 'lodging did not answer in time',
    });
    expect(Date.now() - began).toBeLessThan(5_000);
    close();
    for (const socket of held) socket.destroy();
    frozen.close();
  });
  test('of whom there are several is called at all its addresses, and goes on at the others when one ends', async () => {
    const houses = [await openTestServer({ key: house.key }), await openTestServer({ key: house.key })] as const;
    const [leaving, staying] = houses;
    const { call, close } = clientOf({
      address: `ipv4:${houses.map(({ address }) => address).join()}`,
      policy: guarded({ timeoutMs: 5_000 }),
    });
    const called = (): number[] => houses.map(({ scopes }) => scopes.length);
    const book = (): Promise<unknown> => call.createReservation(wish());
    while (called().includes(0)) await book(); // the second may be found a moment later than the first
    const before = called();
    for (let time = 0; time < 10; time++) await book();
    expect(called()).toEqual(before.map((calls) => calls + 5));

    leaving.client.close();
    await leaving.server.drain({ noticeMs: 0, limitMs: 100 });
    const [, then] = called();
    for (let time = 0; time < 10; time++) await book();
    expect(called()).toEqual([before[0]! + 5, then! + 10]);
    close();
    staying.client.close();
    await staying.server.drain({ noticeMs: 0, limitMs: 100 });
  });
  test('that comes back is used again', async () => {
    const first = await openTestServer({ key: house.key });
    const guard = guarded();
    const { call, close } = clientOf({ address: first.address, policy: guard });
    const missing = (): Promise<unknown> => call.getReservation({ reservationId: newId() });
    await expect(missing()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    first.client.close();
    await first.server.drain({ noticeMs: 0, limitMs: 100 });
    for (let time = 0; time < 6; time++) await expect(missing()).rejects.toMatchObject({ name: 'Unavailable' });
    expect(guard.breakerState()).toBe('open');

    const second = await openTestServer({ port: first.server.port, key: house.key });
    const began = Date.now();
    await eventually(
      () => missing().catch((error: Error) => error.name),
      (name) => name === 'RpcError',
    );
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(guard.breakerState()).toBe('closed');
    close();
    second.client.close();
    await second.server.drain({ noticeMs: 0, limitMs: 100 });
  });
});
