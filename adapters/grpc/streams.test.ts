import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import {
  HealthCheckRequest,
  HealthCheckResponse,
  HealthCheckResponse_ServingStatus as Serving,
} from '#proto/grpc/health/v1/health.ts';
import { CreateReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { WatchOrderRequest, WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { Code, RpcError } from '#adapters/rpc/errors.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { callRates } from './rates.ts';
import { openTestServer } from './test-server.fixture.ts';

let house: Awaited<ReturnType<typeof openTestServer>>;
beforeEach(async () => {
  house = await openTestServer({ limits: { streams: 2 } });
});
afterEach(async () => {
  house.client.close();
  await house.server.drain({ noticeMs: 0, limitMs: 200 });
});

const path = '/jari.views.v1.ViewsService/WatchOrder';
const request = WatchOrderRequest.encode({ orderId: newId() }).finish();
const change = (title: string): WatchOrderResponse =>
  WatchOrderResponse.fromPartial({ event: { $case: 'change', value: { title } } });
const watch = (as = 'guest') => house.watch(path, request, { as });
/** Sends one change, then is silent until it is told to end. */
const untilTold = async function* (): AsyncIterable<WatchOrderResponse> {
  yield change('first');
  if (!house.watched.signal?.aborted) await once(house.watched.signal!, 'abort');
};

describe('a stream', () => {
  test('sends one message after the other, and ends', async () => {
    house.watched.source = async function* () {
      yield change('first');
      yield change('second');
    };
    const { responses, end } = await watch();
    expect(await end).toEqual({ code: 0 });
    expect(responses).toEqual([change('first'), change('second')]);
    expect(house.log).toMatchObject([{ method: path, code: 'OK' }]);
  });
  test('ends unhappily with the reason', async () => {
    house.watched.source = async function* () {
      yield change('first');
      throw new RpcError('NOT_FOUND', 'NOT_FOUND', 'no such order');
    };
    const { responses, end } = await watch();
    expect(await end).toMatchObject({ code: Code.NOT_FOUND, reason: 'NOT_FOUND' });
    expect(responses).toHaveLength(1);
  });
  test.each([
    ['without a token', {}, request, { code: Code.UNAUTHENTICATED }],
    ['to a role that may not', { as: 'host' }, request, { code: Code.PERMISSION_DENIED }],
    [
      'of what is no order',
      { as: 'guest' },
      WatchOrderRequest.encode({ orderId: 'x' }).finish(),
      { code: Code.INVALID_ARGUMENT, reason: 'INVALID_FIELDS' },
    ],
  ])('is refused %s (K12)', async (_, asked, bytes, expected) => {
    const { end } = await house.watch(path, bytes, asked);
    expect(await end).toMatchObject(expected);
    expect(house.watched.signal).toBeUndefined();
  });
  test('stops its source when the caller leaves', async () => {
    house.watched.source = untilTold;
    const { call, responses, end } = await watch();
    await eventually(() => responses.length);
    call.cancel();
    expect(await end).toMatchObject({ code: Code.CANCELLED });
    await once(house.watched.signal!, 'abort');
    await eventually(() => house.log.length);
    expect(house.log).toMatchObject([{ method: path, code: 'CANCELLED' }]);
  });
  test('is no faster than its reader', async () => {
    let made = 0;
    house.watched.source = async function* () {
      for (; made < 5_000; made++) yield change('x'.repeat(1_000));
    };
    const { call, responses, end } = await watch();
    call.pause();
    await pause(200);
    expect(made).toBeLessThan(4_000);
    call.resume();
    expect(await end).toEqual({ code: 0 });
    expect(responses).toHaveLength(5_000);
  });
  test('too many are refused, until one ends', async () => {
    house.watched.source = untilTold;
    const open = [await watch(), await watch()];
    await eventually(() => open.every(({ responses }) => responses.length));
    expect(await (await watch()).end).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'OVERLOADED',
      retryAfterMs: 1_000,
    });
    open[0]!.call.cancel();
    await eventually(() => house.log.some(({ code }) => code === 'CANCELLED'));
    house.watched.source = async function* () {};
    expect(await (await watch()).end).toEqual({ code: 0 });
  });
});

describe('a server that goes away (K16)', () => {
  test('answers what it has begun, sends streams elsewhere, and takes nothing new', async () => {
    house.watched.source = untilTold;
    const roomId = newId();
    house.rooms.set(roomId, async (book) => (await pause(150), { accepted: true, after: book() }));
    const stream = await watch();
    await eventually(() => stream.responses.length);
    const wish = CreateReservationRequest.encode({
      roomId,
      checkIn: '2026-12-24',
      checkOut: '2026-12-26',
      guests: 1,
      agreedTotal: undefined,
    }).finish();
    const running = house.send('/jari.lodging.v1.LodgingService/CreateReservation', wish, { as: 'guest' });
    await eventually(() => house.scopes.length);

    const began = Date.now();
    await house.server.drain({ noticeMs: 20, limitMs: 5_000 });
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(await running).toMatchObject({ code: 0 });
    expect(await stream.end).toMatchObject({ code: Code.UNAVAILABLE, reason: 'SHUTTING_DOWN', retryAfterMs: 1_000 });
    expect(house.watched.signal?.aborted).toBe(true);
    expect(
      await house.send('/jari.lodging.v1.LodgingService/CreateReservation', wish, { as: 'guest', deadlineMs: 500 }),
    ).toMatchObject({ code: Code.UNAVAILABLE });
  });
  test('lets a stream say why it ends', async () => {
    house.watched.source = async function* () {
      yield* untilTold();
      yield change('last word');
    };
    const stream = await watch();
    await eventually(() => stream.responses.length);
    await house.server.drain({ noticeMs: 0, limitMs: 2_000 });
    expect(await stream.end).toMatchObject({ code: Code.UNAVAILABLE, reason: 'SHUTTING_DOWN' });
    expect(stream.responses).toEqual([change('first'), change('last word')]);
  });
  test('does not wait for a call that will not end', async () => {
    const roomId = newId();
    house.rooms.set(roomId, () => pause(3_000, undefined as never, { ref: false }));
    const wish = CreateReservationRequest.encode({
      roomId,
      checkIn: '2026-12-24',
      checkOut: '2026-12-26',
      guests: 1,
      agreedTotal: undefined,
    }).finish();
    const running = house.send('/jari.lodging.v1.LodgingService/CreateReservation', wish, { as: 'guest' });
    await eventually(() => house.scopes.length);
    const began = Date.now();
    await house.server.drain({ noticeMs: 0, limitMs: 100 });
    expect(Date.now() - began).toBeLessThan(1_000);
    expect((await running).code).not.toBe(0);
  });
});

describe('health (K13)', () => {
  const check = async (service: string) => {
    const { code, response } = await house.send(
      '/grpc.health.v1.Health/Check',
      HealthCheckRequest.encode({ service }).finish(),
    );
    return response ? HealthCheckResponse.decode(response).status : code;
  };
  test.each(['', 'jari.lodging.v1.LodgingService', 'jari.views.v1.ViewsService'])(
    'of "%s" needs no token and follows what the process says',
    async (service) => {
      expect(await check(service)).toBe(Serving.SERVING);
      house.server.setServing(false);
      expect(await check(service)).toBe(Serving.NOT_SERVING);
    },
  );
  test('of a service that is not here is not found', async () =>
    expect(await check('jari.rental.v1.RentalService')).toBe(Code.NOT_FOUND));
  const watchHealth = () =>
    house.watch('/grpc.health.v1.Health/Watch', HealthCheckRequest.encode({ service: '' }).finish());
  const reopened = async (more: Parameters<typeof openTestServer>[0]) => {
    await house.server.drain({ noticeMs: 0, limitMs: 200 });
    house.client.close();
    house = await openTestServer(more);
  };
  test('is watched by so many of an address at a time, and no more', async () => {
    await reopened({ limits: { streamsPerAddress: 2 } });
    const isOpen = async ({ call }: Awaited<ReturnType<typeof watchHealth>>): Promise<boolean> =>
      once(call, 'data').then(
        () => true,
        () => false,
      );
    const first = await watchHealth();
    expect([await isOpen(first), await isOpen(await watchHealth())]).toEqual([true, true]);
    expect(await (await watchHealth()).end).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'TOO_MANY_STREAMS',
    });
    first.call.cancel();
    await eventually(async () => isOpen(await watchHealth()));
  });
  test('is watched for so long, and then anew', async () => {
    await reopened({ limits: { streamSeconds: 0.05 } });
    expect(await (await watchHealth()).end).toMatchObject({ code: Code.UNAVAILABLE, reason: 'STREAM_TOO_OLD' });
  });
  test('is asked as often as anything else', async () => {
    const door = { trustedHops: 0, gatewaySecret: 'of the gateway' };
    await reopened({ door, rates: callRates({ perAddress: 1, perSubject: 1 }) });
    const asked = [await check(''), await check(''), await check('')];
    expect(asked).toEqual([Serving.SERVING, Serving.SERVING, Code.RESOURCE_EXHAUSTED]);
    expect(await (await watchHealth()).end).toMatchObject({ reason: 'RATE_LIMITED' });
  });
  test('is not logged, since it is asked every few seconds', async () => {
    await check('');
    expect(house.log).toEqual([]);
  });
  test('is sent to watchers, also when the server shuts down', async () => {
    const statuses: number[] = [];
    const same = (bytes: Buffer): Buffer => bytes;
    const asked = Buffer.from(HealthCheckRequest.encode({ service: '' }).finish());
    const call = house.client.makeServerStreamRequest(
      '/grpc.health.v1.Health/Watch',
      same,
      HealthCheckResponse.decode,
      asked,
    );
    call.on('data', ({ status }: HealthCheckResponse) => statuses.push(status)).on('error', () => undefined);
    await eventually(() => statuses.length);
    const began = Date.now();
    await house.server.drain({ noticeMs: 20, limitMs: 5_000 });
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(statuses).toEqual([Serving.SERVING, Serving.NOT_SERVING]);
  });
});
