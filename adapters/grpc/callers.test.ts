import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { newId } from '#kernel/ids.ts';
import { issueServiceToken } from '#adapters/auth/service-token.ts';
import { signed, userId } from '#adapters/auth/token.ts';
import { GetReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { WatchOrderRequest, WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { Code } from '#adapters/rpc/errors.ts';
import { openHouse, type Asked } from './test-server.fixture.ts';
import { callRates } from './rates.ts';

// How much one caller may ask of a server, by gRPC as by REST.

let house: Awaited<ReturnType<typeof openHouse>>;
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
    house = await openHouse({ rates: callRates({ perSubject: 5, perAddress: 0 }), door });
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
    house = await openHouse({ rates: callRates({ perSubject: 0, perAddress: 5 }), door });
    const all = [...(await codes(20)), ...(await codes(20, { metadata: { authorization: 'bearer no.such.token' } }))];
    expect(refused(all)).toBeGreaterThan(20);
  });

  test('but not those of our own services, and not again what the gateway has counted', async () => {
    house = await openHouse({ rates: callRates({ perSubject: 1, perAddress: 1 }), door });
    const service = `Bearer ${await issueServiceToken('lodging', house.key)}`;
    expect(refused(await codes(20, { metadata: { authorization: service } }))).toBe(0);
    expect(refused(await codes(20, { metadata: { 'jari-gateway': secret } }))).toBe(0);
    expect(refused(await codes(20, { metadata: { 'jari-gateway': 'a guess' } }))).toBeGreaterThan(0);
  });
});

test('the log has the client address that the gateway sends, and ignores any other', async () => {
  house = await openHouse({ door });
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
    house = await openHouse({ door, limits: { streamsPerSubject: 2, streamsPerAddress: 3 } });
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

    first.call.cancel();
    await first.end;
    for (;;) {
      const again = await watch({ as: 'guest', metadata: from('192.0.2.1') });
      if ((await Promise.race([once(again.call, 'data').then(() => 'open'), again.end])) === 'open') break;
    }
  });

  test('end with their token', async () => {
    house = await openHouse();
    house.watched.source = untilTold;
    const token = await signed({ id: userId('guest'), name: 'guest', roles: ['customer'] }, '2s', house.key);
    const began = Date.now();
    expect(await (await watch({ metadata: { authorization: `Bearer ${token}` } })).end).toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: 'TOKEN_EXPIRED',
    });
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  test('end after an hour in any case', async () => {
    house = await openHouse({ limits: { streamSeconds: 1 } });
    house.watched.source = untilTold;
    expect(await (await watch({ as: 'guest' })).end).toMatchObject({
      code: Code.UNAVAILABLE,
      reason: 'STREAM_TOO_OLD',
      retryAfterMs: 1_000,
    });
  });

  test('that their source has ended are not counted any more', async () => {
    house = await openHouse({ limits: { streamsPerSubject: 1 } });
    house.watched.source = async function* () {};
    for (let nth = 0; nth < 5; nth++) expect(await (await watch({ as: 'guest' })).end).toMatchObject({ code: 0 });
  });
});
