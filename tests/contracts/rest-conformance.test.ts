import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { publicJwks } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { securityHeaders } from '#adapters/gateway/headers.ts';
import { freePort } from '../../deploy/native/ports.ts';
import { until } from '../../deploy/native/process.ts';
import { document } from './openapi.ts';
import type { Call } from './rest-conformance.calls.ts';
import { different, printed, refused, twice, understood } from './rest-conformance.cases.ts';
import {
  errorOf,
  eventsOf,
  gateways,
  reasonOf,
  startEmbedded,
  startGateways,
  told,
  type Answer,
  type Gateways,
} from './rest-conformance.gateways.ts';

// Envoy and the embedded gateway: nobody can tell them apart. What each method promises is in rest-contract.test.ts.

let started: Gateways;
beforeAll(async () => void (started = await startGateways()));
afterAll(() => started?.close());

const send = (...call: Parameters<Gateways['send']>): Promise<Answer> => started.send(...call);
const both = (call: Call): Promise<[Answer, Answer]> => started.both(call);

describe('a request is understood, by whichever door it comes (K3)', () => {
  test.each(understood)('$says', async ({ says: _, received, ...call }) => {
    for (const answer of await both(call)) {
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
      expect(started.behind.received.get(answer.requestId)?.request).toEqual(received);
    }
  });
});

describe('an answer is printed', () => {
  test.each(printed)('$says', async ({ says: _, received, ...call }) => {
    const [envoys, ours] = await both(call);
    expect(started.behind.received.get(ours.requestId)?.request).toEqual(received);
    expect(ours.status).toBe(200);
    expect(told(ours)).toEqual(told(envoys));
    expect(ours.headers).toMatchObject({ etag: '"1"', 'grpc-status': '0', 'grpc-message': 'OK' });
  });
});

describe('a request is refused by the gateway', () => {
  test.each(refused)('$says', async ({ says: _, status, code, reason, ...call }) => {
    for (const answer of await both(call)) {
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/json');
      if (call.method === 'HEAD') continue;
      expect(errorOf(answer)).toMatchObject({ code, message: expect.stringMatching(/./) });
      expect(reasonOf(answer)).toMatchObject({ reason, domain: 'jari' });
      if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test.each(twice)('a field is given twice: $says', async ({ says: _, status, code, reason, field, ...call }) => {
    const [envoys, ours] = await both(call);
    expect(errorOf(ours)).toMatchObject({ code, message: `${field}: must be given once` });
    expect(errorOf(ours).details).toContainEqual(
      expect.objectContaining({ fieldViolations: [{ field, description: 'must be given once', reason: '' }] }),
    );
    expect(reasonOf(ours)).toMatchObject({ reason });
    expect(told(ours)).toEqual(told(envoys));
    expect(ours.status).toBe(status);
  });

  test('every field that no message has is named, wherever it stands', async () => {
    const call = {
      method: 'POST',
      path: '/v1/rooms?nope=1&name.x=2',
      body: '{"name":"n","né\\"\\ud83d\\ude00":{"a":[1,{}]},"pricePerNight":{"unit":"1"},"__proto__":{"name":"x"}}',
    };
    const [envoys, ours] = await both(call);
    const fields = errorOf(ours).details.flatMap(({ fieldViolations = [] }) =>
      fieldViolations.map(({ field }) => field),
    );
    expect(fields).toEqual(['né"😀', 'price_per_night.unit', '__proto__', 'nope', 'name.x']);
    expect(told(ours)).toEqual(told(envoys));
    expect(ours.status).toBe(400);
  });

  test('a time that no calendar knows is refused with its field, in a list as well', async () => {
    const times = '["2027-02-28T01:00:00Z","2027-02-29T01:00:00Z"]';
    const [envoys, ours] = await both({
      method: 'PATCH',
      path: '/v1/tutoring/lessons/l1',
      body: `{"startTimes":${times}}`,
    });
    expect(errorOf(ours).details).toContainEqual(
      expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'start_times[1]' })] }),
    );
    expect(told(ours)).toEqual(told(envoys));
  });

  test('the field that is to blame is named', async () => {
    const call = { method: 'POST', path: '/v1/rooms', body: '{"pricePerNight":{"units":"x"}}' };
    const [envoys, ours] = await both(call);
    expect(errorOf(envoys).message).toContain('price_per_night.units');
    expect(errorOf(ours).details).toContainEqual(
      expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'price_per_night.units' })] }),
    );
  });
});

describe('HEAD is answered as GET is, without a body', () => {
  test.each([
    '/v1/rooms/r1',
    '/v1/rooms/full',
    '/v1/rooms/raise-5',
    '/v1/rooms?nope=1',
    '/v1/nope',
    '/livez',
    '/.well-known/jwks.json',
  ])('%s', async (path) => {
    const asked = await both({ path });
    const heads = await both({ method: 'HEAD', path });
    for (const [nth, head] of heads.entries()) {
      const { status, headers } = asked[nth]!;
      expect(head).toMatchObject({
        status,
        body: '',
        headers: { 'content-type': headers['content-type'], 'content-length': headers['content-length'] },
      });
    }
  });

  test('/readyz', async () => {
    for (const answer of await both({ method: 'HEAD', path: '/readyz' }))
      expect(answer).toMatchObject({ status: 200, body: '' });
  });

  test('a connection goes on after it', async () => {
    for (const gateway of gateways) {
      const socket = connect(started.portOf[gateway], '127.0.0.1');
      const ask = (method: string): string => `${method} /v1/rooms/r1 HTTP/1.1\r\nhost: jari.example\r\n\r\n`;
      let text = '';
      socket.on('data', (chunk: Buffer) => void (text += chunk.toString()));
      socket.write(ask('HEAD') + ask('GET'));
      await until('both answers', async () => text.endsWith('}'), 5_000);
      expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(2);
      expect(text.match(/\r\n\r\n/g)).toHaveLength(2);
      expect(text.split('\r\n\r\n')[1]).toMatch(/^HTTP/);
      socket.destroy();
    }
  });
});

test.each(['/livez', '/v1/rooms/r1', '/nowhere'])('a request that names two hosts is refused: %s', async (path) => {
  for (const gateway of gateways) {
    const socket = connect(started.portOf[gateway], '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: jari.example\r\nHost: other.example\r\nconnection: close\r\n\r\n`);
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]*"message":"a request may name one host only"[^]*"reason":"MALFORMED"/);
  }
});

describe('a path says by which methods it may be asked', () => {
  test.each([
    ['/v1/rooms/r1', 'GET, HEAD, OPTIONS, PATCH'],
    ['/v1/rooms', 'GET, HEAD, OPTIONS, POST'],
    ['/v1/rooms/r1:block', 'OPTIONS, POST'],
    ['/v1/orders/three:watch', 'GET, OPTIONS'],
    ['/readyz', 'GET, HEAD, OPTIONS'],
  ])('%s: %s', async (path, allow) => {
    for (const answer of await both({ method: 'OPTIONS', path }))
      expect(answer).toMatchObject({ status: 204, body: '', headers: { allow } });
    for (const answer of await both({ method: 'DELETE', path }))
      expect(answer).toMatchObject({ status: 405, headers: { allow } });
  });
});

describe('they differ in', () => {
  test.each(different)('$says', async ({ says: _, status, ...call }) => {
    const [envoys, ours] = await both(call);
    expect({ envoy: envoys.status, embedded: ours.status }).toEqual(status);
  });
});

describe('an error of the service is passed on', () => {
  const http = {
    1: 499,
    2: 500,
    3: 400,
    4: 504,
    5: 404,
    6: 409,
    7: 403,
    8: 429,
    9: 400,
    10: 409,
    11: 400,
    12: 501,
    13: 500,
    14: 503,
    15: 500,
    16: 401,
  };
  test.each(Object.entries(http))('gRPC %s is HTTP %s, with its details', async (code, status) => {
    const [envoys, ours] = await both({ path: `/v1/rooms/raise-${code}` });
    expect(told(ours)).toMatchObject({
      status,
      retryAfter: '7',
      body: { code: Number(code), message: `no seat (자리 ${code})` },
    });
    expect(told(ours)).toEqual(told(envoys));
    expect(reasonOf(ours)).toMatchObject({ reason: 'OUT_OF_STOCK' });
    if (status === 401) expect(ours.headers['www-authenticate']).toBe('Bearer');
  });

  test('also where it has no details', async () => {
    const [envoys, ours] = await both({ path: '/v1/rooms/bare-9' });
    expect(told(ours)).toMatchObject({ status: 400, body: { code: 9, details: [] } });
    expect(told(ours)).toEqual(told(envoys));
  });

  test('a service that does not answer in the time that the caller allows is 504', async () => {
    for (const answer of await both({ path: '/v1/rooms/slow', headers: { 'grpc-timeout': '200m' } })) {
      expect(answer.status).toBe(504);
      expect(errorOf(answer).code).toBe(4);
    }
  });

  test('a service that is down is 503, to be tried again', async () => {
    const alone = await startEmbedded(started.key, await freePort());
    const call = { path: '/v1/ops/nobody/status' };
    const answers = [await send('envoy', call), await send('embedded', call, alone.port)];
    await alone.close();
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(errorOf(answer).code).toBe(14);
      expect(reasonOf(answer)).toMatchObject({ reason: 'UNAVAILABLE' });
      expect(errorOf(answer).details).toContainEqual(expect.objectContaining({ retryDelay: '1s' }));
    }
  });
});

describe('a stream', () => {
  test('comes as server-sent events', async () => {
    const [envoys, ours] = await both({ path: '/v1/orders/three:watch' });
    for (const answer of [envoys, ours])
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(eventsOf(ours)).toEqual(eventsOf(envoys));
    expect(eventsOf(ours)).toMatchObject([
      { snapshot: { title: 'a\nb' } },
      { change: { phase: 'DONE' } },
      { error: { code: 14 } },
    ]);
  });

  test('takes the token out of the address', async () => {
    const token = await issueToken('watcher', started.key);
    for (const answer of await both({ path: `/v1/orders/three:watch?access_token=${token}`, token: false })) {
      expect(answer.status).toBe(200);
      expect(started.behind.received.get(answer.requestId)).toMatchObject({
        request: { orderId: 'three' },
        metadata: { authorization: `Bearer ${token}` },
      });
    }
  });

  test('that is refused is an error like any other', async () => {
    const [envoys, ours] = await both({ path: '/v1/orders/raise-5:watch' });
    expect(ours).toMatchObject({ status: 404, headers: { 'content-type': 'application/json' } });
    expect(told(ours)).toEqual(told(envoys));
  });

  test('that breaks ends after what was sent', async () => {
    for (const answer of await both({ path: '/v1/orders/breaks:watch' })) {
      expect(answer.status).toBe(200);
      expect(eventsOf(answer)).toMatchObject([{ snapshot: { id: 'breaks' } }]);
    }
  });

  test('without events is empty', async () => {
    for (const answer of await both({ path: '/v1/orders/none:watch' }))
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' });
  });

  test.each(gateways)('%s: ends at the service when the caller leaves', async (gateway) => {
    const token = await issueToken('leaver', started.key);
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${started.portOf[gateway]}/v1/orders/endless:watch`, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    leaving.abort();
    await until('the end', async () => started.behind.cancelled.has(response.headers.get('x-request-id') ?? ''), 5_000);
  });

  test.each(gateways)('%s: so does a call that nobody waits for any more', async (gateway) => {
    const id = newId();
    const leaving = new AbortController();
    const gone = fetch(`http://127.0.0.1:${started.portOf[gateway]}/v1/rooms/slow`, {
      headers: { 'x-request-id': id },
      signal: leaving.signal,
    }).catch(() => undefined);
    await until('the call', async () => started.behind.received.has(id), 5_000);
    expect(started.behind.cancelled.has(id)).toBe(false);
    leaving.abort();
    await gone;
    await until('the end', async () => started.behind.cancelled.has(id), 5_000);
  });
});

describe('around the message', () => {
  test('who calls, the key and the trace are passed on', async () => {
    const token = await issueToken('guest', started.key);
    const headers = {
      authorization: `Bearer ${token}`,
      'idempotency-key': 'key-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-request-id': '0192d3c4-0000-7000-8000-000000000001',
    };
    for (const gateway of gateways) {
      const answer = await send(gateway, { path: '/v1/rooms', headers });
      expect(answer.requestId).toBe(headers['x-request-id']);
      expect(started.behind.received.get(answer.requestId)?.metadata).toMatchObject(headers);
    }
  });

  test('a request without an id is given one', async () => {
    for (const answer of await both({ path: '/v1/rooms' })) expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('one who calls too often is told when to come back', async () => {
    for (const gateway of gateways) {
      const headers = { authorization: `Bearer ${await issueToken(`impatient ${gateway}`, started.key)}` };
      const began = performance.now();
      const answers = await Promise.all(
        Array.from({ length: 200 }, () => send(gateway, { path: '/v1/rooms', headers })),
      );
      const seconds = Math.ceil((performance.now() - began) / 1_000);
      const refusals = answers.filter(({ status }) => status === 429);
      // 40 at once, and 20 more in each second that it takes.
      expect(answers.length - refusals.length).toBeGreaterThanOrEqual(40);
      expect(answers.length - refusals.length).toBeLessThanOrEqual(40 + 20 * (seconds + 1));
      expect(refusals.length).toBeGreaterThan(0);
      for (const answer of refusals) {
        expect(answer.headers['retry-after']).toBe('1');
        expect(errorOf(answer).code).toBe(8);
        expect(reasonOf(answer)).toMatchObject({ reason: 'RATE_LIMITED' });
      }
    }
  });

  test('pages of allowed origins may call, others may not', async () => {
    const preflight = (origin: string, path = '/v1/rooms'): Call => ({
      ...{ method: 'OPTIONS', path, token: false },
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
    });
    for (const answer of await both(preflight('http://localhost:5173'))) {
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'access-control-allow-origin': 'http://localhost:5173' },
      });
      expect(answer.headers['access-control-allow-headers']).toContain('idempotency-key');
      expect(answer.headers['access-control-allow-methods']).toContain('PATCH');
    }
    for (const answer of await both({
      path: '/v1/rooms',
      headers: { origin: 'http://localhost:5173' },
      token: false,
    })) {
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'access-control-allow-origin': 'http://localhost:5173' },
      });
      expect(answer.headers['access-control-expose-headers']).toContain('retry-after');
    }
    for (const { status } of await both(preflight('http://localhost:5173', '/v1/orders/three:watch')))
      expect(status).toBe(200);
    for (const answer of await both(preflight('http://evil.example'))) {
      expect(answer.status).toBe(204);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('answers are packed where it pays', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const [envoys, ours] = await both({ path: '/v1/rooms/full', headers });
    for (const answer of [envoys, ours]) expect(answer.headers['content-encoding']).toBe('gzip');
    expect(told(ours)).toEqual(told(envoys));
    for (const answer of await both({ path: '/v1/rooms/empty', headers }))
      expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  test.each(['/v1/rooms', '/v1/nope', '/v1/rooms/raise-5', '/livez'])(
    '%s: what a browser should not do is said',
    async (path) => {
      for (const answer of await both({ path, token: false }))
        expect(answer.headers).toMatchObject({ ...securityHeaders, 'strict-transport-security': 'max-age=31536000' });
    },
  );

  test.each(['/v1/orders', '/v1/orders/three:watch', '/v1/orders/raise-5'])(
    '%s: nothing on the way may keep what is personal',
    async (path) => {
      for (const answer of await both({ path })) expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  test('only hosts that are ours are served; what tells of the process, under any name', async () => {
    for (const host of ['jari.example', 'JARI.example:8443'])
      for (const { status } of await both({ path: '/v1/rooms', headers: { host } })) expect(status).toBe(200);
    for (const answer of await both({ path: '/v1/rooms', headers: { host: 'elsewhere.example' } })) {
      expect(answer).toMatchObject({ status: 421, headers: { 'content-type': 'application/json' } });
      expect(reasonOf(answer)).toMatchObject({ reason: 'UNKNOWN_HOST', domain: 'jari' });
    }
    for (const path of ['/livez', '/readyz', '/.well-known/jwks.json'])
      for (const { status } of await both({ path, headers: { host: '10.0.0.7:8080' }, token: false }))
        expect(status).toBe(200);
  });

  test('the service is told the client’s address, as the trusted proxy saw it', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.7', 'jari-client-address': '203.0.113.9' };
    for (const answer of await both({ path: '/v1/rooms', headers }))
      expect(started.behind.received.get(answer.requestId)?.metadata).toMatchObject({
        'jari-client-address': '198.51.100.7',
      });
  });

  test.each(['bearer ', 'BEARER ', 'Bearer   '])('"%s" before a token is as good as "Bearer "', async (scheme) => {
    for (const gateway of gateways) {
      const authorization = `${scheme}${await issueToken(`${scheme} ${gateway}`, started.key)}`;
      expect(await send(gateway, { path: '/v1/orders', headers: { authorization } })).toMatchObject({ status: 200 });
      expect(
        await send(gateway, { path: '/v1/rooms', headers: { authorization: `${scheme}no.such.token` } }),
      ).toMatchObject({ status: 401 });
      const answers = await Promise.all(
        Array.from({ length: 200 }, () => send(gateway, { path: '/v1/rooms', headers: { authorization } })),
      );
      expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    }
  });

  test('the description of the API is there for anyone, the same on both (D1)', async () => {
    for (const answer of await both({ path: '/openapi.json', token: false })) {
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
      expect(JSON.parse(answer.body)).toEqual(document);
    }
    for (const answer of await both({ method: 'POST', path: '/openapi.json', body: '{}' }))
      expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
  });

  test('liveness, readiness and keys are there for anyone', async () => {
    for (const answer of await both({ path: '/livez', token: false }))
      expect(answer).toMatchObject({ status: 200, body: 'ok' });
    for (const answer of await both({ path: '/readyz', token: false })) expect(answer.status).toBe(200);
    for (const answer of await both({ path: '/.well-known/jwks.json', token: false }))
      expect(told(answer)).toMatchObject({ status: 200, type: 'application/json', body: publicJwks(started.key) });
  });
});
