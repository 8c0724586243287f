import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '#adapters/failures/failures.ts';
import { newId } from '#kernel/ids.ts';
import { issueServiceToken } from '#adapters/auth/service-token.ts';
import { signed, userId } from '#adapters/auth/token.ts';
import { CreateReservationRequest, GetReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { WatchOrderRequest, WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { Code } from '#adapters/rpc/errors.ts';
import { newKeys } from '#adapters/rpc/rate.ts';
import { openTestServer, type Asked } from './test-server.fixture.ts';
import { callRates } from './rates.ts';

// How much one caller may ask of a server, by gRPC as by REST.

let house: Awaited<ReturnType<typeof openTestServer>>;
afterEach(async () => {
  house.client.close();
  await house.server.drain({ noticeMs: 0, limitMs: 200 });
});

const secret = 'the gateway of this process';
const door = { trustedHops: 0, gatewaySecret: secret };
const reading = (asked: Asked = {}) =>
  house.send(
    '/jari.lodging.v1.LodgingService/GetReservation',
    GetReservationRequest.encode({ reservationId: newId() }).finish(),
    asked,
  );
const codes = async (calls: number, asked: Asked = {}): Promise<number[]> =>
  Promise.all(Array.from({ length: calls }, async () => (await reading(asked)).code));
const refused = (all: readonly number[]): number => all.filter((code) => code === Code.RESOURCE_EXHAUSTED).length;

describe('calls by gRPC are counted (issue 13.13)', () => {
  test('of one user, however the header is written', async () => {
    house = await openTestServer({ rates: callRates({ perSubject: 5, perAddress: 0 }), door });
    const token = await house.token('guest');
    const written = ['Bearer ', 'bearer ', 'BEARER  '].map((scheme) => ({
      metadata: { authorization: scheme + token },
    }));
    const all = (await Promise.all(written.map((asked) => codes(20, asked)))).flat();
    expect(refused(all)).toBeGreaterThan(30);
    expect(await reading({ as: 'another' })).toMatchObject({ code: Code.NOT_FOUND });
    expect(
      (await Promise.all(Array.from({ length: 20 }, () => reading(written[1])))).find(
        ({ code }) => code === Code.RESOURCE_EXHAUSTED,
      ),
    ).toMatchObject({
      reason: 'RATE_LIMITED',
      retryAfter: '1',
    });
  });

  test('of one address, also with tokens that do not hold', async () => {
    house = await openTestServer({ rates: callRates({ perSubject: 0, perAddress: 5 }), door });
    const all = [...(await codes(20)), ...(await codes(20, { metadata: { authorization: 'bearer no.such.token' } }))];
    expect(refused(all)).toBeGreaterThan(20);
  });

  test('of one network, whichever of its IPv6 addresses they come from (B7)', async () => {
    house = await openTestServer({
      rates: callRates({ perSubject: 0, perAddress: 5 }),
      door: { trustedHops: 1, gatewaySecret: secret },
    });
    const from = (address: string) => reading({ metadata: { 'x-forwarded-for': address } });
    const near = await Promise.all(Array.from({ length: 40 }, (_, nth) => from(`2001:db8:2:2::${nth.toString(16)}`)));
    expect(refused(near.map(({ code }) => code))).toBeGreaterThan(20);
    expect(near.find(({ code }) => code === Code.RESOURCE_EXHAUSTED)).toMatchObject({ reason: 'RATE_LIMITED' });
    expect((await from('2001:db8:2:3::1')).code).not.toBe(Code.RESOURCE_EXHAUSTED);
    // The log has the whole address.
    expect(house.log.map(({ address }) => address)).toEqual(
      expect.arrayContaining(['2001:db8:2:2::1', '2001:db8:2:3::1']),
    );
  });

  test('but not those of our own services, and not again what the gateway has counted', async () => {
    house = await openTestServer({ rates: callRates({ perSubject: 1, perAddress: 1 }), door });
    const service = `Bearer ${await issueServiceToken('lodging', house.key)}`;
    expect(refused(await codes(20, { metadata: { authorization: service } }))).toBe(0);
    expect(refused(await codes(20, { metadata: { 'jari-gateway': secret } }))).toBe(0);
    expect(refused(await codes(20, { metadata: { 'jari-gateway': 'a guess' } }))).toBeGreaterThan(0);
  });
});

describe('answers that are kept for repetitions (B7)', () => {
  const reserving = (key: string | undefined, asked: Asked = { as: 'guest:customer' }) =>
    house.send(
      '/jari.lodging.v1.LodgingService/CreateReservation',
      CreateReservationRequest.encode(
        CreateReservationRequest.fromPartial({
          ...{
            roomId: '0192d3c4-0000-7000-8000-000000000001',
            checkIn: '2027-01-01',
            checkOut: '2027-01-02',
            guests: 1,
          },
        }),
      ).finish(),
      { ...asked, metadata: { ...asked.metadata, ...(key && { 'idempotency-key': key }) } },
    );

  test('are so many of one caller within an hour; repetitions, and calls without a key, do not count', async () => {
    house = await openTestServer({ limits: { times: new Map([[newKeys, 3]]) } });
    for (const key of ['a', 'b', 'a', 'c', 'b', 'a']) expect([key, (await reserving(key)).code]).toEqual([key, 0]);
    expect(await reserving('d')).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'RATE_LIMITED',
      retryAfterMs: expect.any(Number),
    });
    expect(house.answers.kept.size).toBe(3);
    for (const key of [undefined, 'a', undefined]) expect((await reserving(key)).code).toBe(0);
    expect((await reserving('d', { as: 'another:customer' })).code).toBe(0);
  });

  test('count where a refusal is kept as well', async () => {
    house = await openTestServer({ limits: { times: new Map([[newKeys, 2]]) } });
    house.rooms.set('0192d3c4-0000-7000-8000-000000000001', async () => ({ accepted: false, refusal: 'nights-taken' }));
    const codes = [];
    for (const key of ['a', 'b', 'a', 'c']) codes.push((await reserving(key)).code);
    const { FAILED_PRECONDITION: taken } = Code;
    expect(codes).toEqual([taken, taken, taken, Code.RESOURCE_EXHAUSTED]);
  });

  test('are as many as one likes where the setting is 0', async () => {
    house = await openTestServer({ limits: { times: new Map([[newKeys, 0]]) } });
    for (let nth = 0; nth < 20; nth++) expect((await reserving(`key-${nth}`)).code).toBe(0);
  });
});

test('the log has the client address that the gateway sends, and ignores any other', async () => {
  house = await openTestServer({ door });
  await reading({ metadata: { 'jari-gateway': secret, 'jari-client-address': '192.0.2.7' } });
  await reading({ metadata: { 'jari-client-address': '192.0.2.7', 'x-forwarded-for': '192.0.2.8' } });
  expect(house.log.map(({ address }) => address)).toEqual(['192.0.2.7', '127.0.0.1']);
});

describe('streams (issue 13.12)', () => {
  const untilTold = async function* (): AsyncIterable<WatchOrderResponse> {
    yield WatchOrderResponse.fromPartial({ event: { $case: 'heartbeat', value: {} } });
    const { signal } = house.watched;
    if (!signal!.aborted) await once(signal!, 'abort');
    throw signal!.reason;
  };
  const watch = (asked: Asked) =>
    house.watch(
      '/jari.views.v1.ViewsService/WatchOrder',
      WatchOrderRequest.encode({ orderId: newId() }).finish(),
      asked,
    );
  const from = (address: string): Record<string, string> => ({
    'jari-gateway': secret,
    'jari-client-address': address,
  });
  const opened = async (asked: Asked) => {
    const stream = await watch(asked);
    await once(stream.call, 'data');
    return stream;
  };

  test('of one user and of one address are bounded, and count until they end', async () => {
    house = await openTestServer({ door, limits: { streamsPerSubject: 2, streamsPerAddress: 3 } });
    house.watched.source = untilTold;
    const first = await opened({ as: 'guest', metadata: from('192.0.2.1') });
    await opened({ as: 'guest', metadata: from('192.0.2.2') });
    expect(await (await watch({ as: 'guest', metadata: from('192.0.2.3') })).end).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'TOO_MANY_STREAMS',
    });

    for (const name of ['one', 'two', 'three']) await opened({ as: `${name}:customer`, metadata: from('192.0.2.9') });
    expect(await (await watch({ as: 'four:customer', metadata: from('192.0.2.9') })).end).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'TOO_MANY_STREAMS',
    });
    await opened({ as: 'four:customer', metadata: from('192.0.2.10') });

    for (const nth of [1, 2, 3]) await opened({ as: `v6-${nth}:customer`, metadata: from(`2001:db8:2:2::${nth}`) });
    expect(await (await watch({ as: 'v6-4:customer', metadata: from('2001:db8:2:2:4::') })).end).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: 'TOO_MANY_STREAMS',
    });
    await opened({ as: 'v6-4:customer', metadata: from('2001:db8:2:3::1') });

    first.call.cancel();
    await first.end;
    for (;;) {
      const again = await watch({ as: 'guest', metadata: from('192.0.2.1') });
      if ((await Promise.race([once(again.call, 'data').then(() => 'open'), again.end])) === 'open') break;
    }
  });

  test('end with their token', async () => {
    house = await openTestServer();
    house.watched.source = untilTold;
    const token = await signed({ id: userId('guest'), name: 'guest', roles: ['customer'] }, '2s', house.key);
    const began = Date.now();
    expect(await (await watch({ metadata: { authorization: `Bearer ${token}` } })).end).toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: 'TOKEN_EXPIRED',
    });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('end when a staff role is taken from their caller, and not because it cannot be asked for (I3)', async () => {
    const having = (...roles: string[]) => ({ roles, isSuspended: false, since: Date.now() + 60_000 });
    let answer: () => Promise<ReturnType<typeof having> | undefined> = async () => undefined;
    house = await openTestServer({ limits: { askRolesMs: 20 }, staffRolesOf: () => answer() });
    house.watched.source = untilTold;
    const theirs = await opened({ as: 'kim:customer,agent' });
    const { signal } = house.watched;
    const others = await opened({ as: 'guest' });
    let asked = 0;
    answer = () => Promise.reject(new Unavailable(`asked ${++asked} times`));
    while (asked < 2) await pause(5);
    expect(signal?.aborted).toBe(false);
    answer = async () => having('agent');
    await pause(60);
    expect(signal?.aborted).toBe(false);
    answer = async () => having();
    expect(await theirs.end).toMatchObject({ code: Code.PERMISSION_DENIED, reason: 'PERMISSION_DENIED' });
    const again = await opened({ as: 'kim:customer,agent' }); // as the customer that they still are
    await pause(60);
    expect(house.watched.signal?.aborted).toBe(false);
    for (const { call, end } of [others, again]) {
      call.cancel();
      await end;
    }
  });

  test('end after an hour in any case', async () => {
    house = await openTestServer({ limits: { streamSeconds: 1 } });
    house.watched.source = untilTold;
    expect(await (await watch({ as: 'guest' })).end).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'STREAM_TOO_OLD',
      retryAfterMs: 1_000,
    });
  });

  test('that their source has ended are not counted any more', async () => {
    house = await openTestServer({ limits: { streamsPerSubject: 1 } });
    house.watched.source = async function* () {};
    for (let nth = 0; nth < 5; nth++) expect(await (await watch({ as: 'guest' })).end).toMatchObject({ code: 0 });
  });
});
