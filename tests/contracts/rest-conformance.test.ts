import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { newKey, publicJwks, type SigningKey } from '#adapters/auth/keys.ts';
import { audience, issueToken, issuer } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import { startGateway } from '#adapters/gateway/gateway.ts';
import { securityHeaders } from '#adapters/gateway/headers.ts';
import { descriptorFile, envoyConfig } from '../../deploy/envoy/config.ts';
import { startEnvoy, type Envoy } from '../../deploy/native/envoy.ts';
import { freePort } from '../../deploy/native/ports.ts';
import { until } from '../../deploy/native/process.ts';
import { services } from '../../deploy/services.ts';
import { different, printed, refused, understood, type Call } from './rest-conformance.cases.ts';
import { startBehind, type Behind } from './rest-conformance.server.ts';

// The real Envoy, configured as the stack configures it, and the gateway of `npm start` before one gRPC server: nobody can tell them apart.

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  requestId: string;
}

const gateways = ['envoy', 'embedded'] as const;
type GatewayName = (typeof gateways)[number];

const rates = { perSubject: 20, perAddress: 0 };
const corsOrigins = ['http://localhost:5173'];
const dir = mkdtempSync(join(tmpdir(), 'jari-conformance-'));
const httpPort = await freePort();
const portOf: Record<GatewayName, number> = { envoy: httpPort, embedded: 0 };
let behind: Behind;
let envoy: Envoy;
let key: SigningKey;
let embedded: Awaited<ReturnType<typeof startGateway>>;

beforeAll(async () => {
  behind = await startBehind();
  key = await newKey();
  const jwks = publicJwks(key);
  const [grpcPort, adminPort, nobody] = [await freePort(), await freePort(), await freePort()];
  const config = envoyConfig({
    where: 'local',
    // Lodging is down.
    services: services.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: entry.name === 'lodging' ? nobody : behind.port }] })),
    ...{ httpPort, grpcPort, adminPort, jwks, rates, corsOrigins },
    descriptorPath: descriptorFile,
    descriptorSet: readFileSync(descriptorFile),
  });
  envoy = await startEnvoy({ dir, config, adminPort });
  embedded = await startGateway({
    port: 0,
    grpcAddress: `127.0.0.1:${behind.port}`,
    verifier: createVerifier({ jwks, issuer, audience }),
    ...{ jwks, rates, corsOrigins },
    readiness: async () => ({ ready: true, waitsFor: [] }),
    log: pino({ level: 'silent' }),
  });
  portOf.embedded = Number(new URL(embedded.url).port);
  await until('the gateway', async () => (await send('envoy', { path: '/readyz', token: false })).status === 200, 10_000);
});
afterAll(async () => {
  await embedded?.close();
  await envoy?.stop();
  behind?.stop();
  rmSync(dir, { recursive: true });
});

let calls = 0;

/** By hand, because fetch tidies addresses up. Everyone calls as somebody else, so that nobody is called too often. */
async function send(gateway: GatewayName, { method = 'GET', path, headers = {}, body, token }: Call, port = portOf[gateway]): Promise<Answer> {
  const authorization = token === false ? {} : { authorization: `Bearer ${await issueToken(`caller-${calls++}`, key)}` };
  const type = body === undefined || Object.keys(headers).length > 0 ? {} : { 'content-type': 'application/json' };
  const length = body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers: { ...authorization, ...type, ...length, ...headers }, agent: false });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: unpacked(Buffer.concat(chunks), response.headers['content-encoding']),
          requestId: String(response.headers['x-request-id']),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const unpacked = (bytes: Buffer, encoding: string | undefined): string =>
  (encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();

const both = (call: Call): Promise<[Answer, Answer]> => Promise.all([send('envoy', call), send('embedded', call)]);

/** What both must have alike. */
const told = ({ status, headers, body }: Answer): unknown => ({
  status,
  type: headers['content-type'],
  retryAfter: headers['retry-after'],
  body: headers['content-type'] === 'application/json' && body !== '' ? JSON.parse(body) : body,
});

interface Told {
  code: number;
  message: string;
  details: { '@type': string; reason?: string; domain?: string; retryDelay?: string; fieldViolations?: { field: string }[] }[];
}
const errorOf = ({ body }: Answer): Told => JSON.parse(body) as Told;
const reasonOf = (answer: Answer): unknown => errorOf(answer).details.find((detail) => detail['@type'].endsWith('.ErrorInfo'));

describe('a request is understood, by whichever door it comes (K3)', () => {
  test.each(understood)('$says', async ({ says: _, received, ...call }) => {
    for (const answer of await both(call)) {
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
      expect(behind.received.get(answer.requestId)?.request).toEqual(received);
    }
  });
});

describe('an answer is printed', () => {
  test.each(printed)('$says', async ({ says: _, received, ...call }) => {
    const [envoys, ours] = await both(call);
    expect(behind.received.get(ours.requestId)?.request).toEqual(received);
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

  test('the field that is to blame is named', async () => {
    const call = { method: 'POST', path: '/v1/rooms', body: '{"pricePerNight":{"units":"x"}}' };
    const [envoys, ours] = await both(call);
    expect(errorOf(envoys).message).toContain('price_per_night.units');
    expect(errorOf(ours).details).toContainEqual(expect.objectContaining({ fieldViolations: [expect.objectContaining({ field: 'price_per_night.units' })] }));
  });
});

describe('they differ in', () => {
  test.each(different)('$says', async ({ says: _, status, ...call }) => {
    const [envoys, ours] = await both(call);
    expect({ envoy: envoys.status, embedded: ours.status }).toEqual(status);
  });
});

describe('an error of the service is passed on', () => {
  const http = { 1: 499, 2: 500, 3: 400, 4: 504, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 11: 400, 12: 501, 13: 500, 14: 503, 15: 500, 16: 401 };
  test.each(Object.entries(http))('gRPC %s is HTTP %s, with its details', async (code, status) => {
    const [envoys, ours] = await both({ path: `/v1/rooms/raise-${code}` });
    expect(told(ours)).toMatchObject({ status, retryAfter: '7', body: { code: Number(code), message: `no seat (자리 ${code})` } });
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
    const closed = await startGateway({
      ...{ port: 0, grpcAddress: `127.0.0.1:${await freePort()}`, jwks: { keys: [] }, rates, corsOrigins },
      verifier: createVerifier({ jwks: publicJwks(key), issuer, audience }),
      readiness: async () => ({ ready: true, waitsFor: [] }),
      log: pino({ level: 'silent' }),
    });
    const call = { path: '/v1/lodging/reservations' };
    const answers = [await send('envoy', call), await send('embedded', call, Number(new URL(closed.url).port))];
    await closed.close();
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      expect(errorOf(answer).code).toBe(14);
      expect(reasonOf(answer)).toMatchObject({ reason: 'UNAVAILABLE' });
      expect(errorOf(answer).details).toContainEqual(expect.objectContaining({ retryDelay: '1s' }));
    }
  });
});

describe('a stream', () => {
  const eventsOf = ({ body }: Answer): unknown[] =>
    body
      .split('\n\n')
      .filter(Boolean)
      .map((event) => JSON.parse(event.replace(/^data: /, '')));

  test('comes as server-sent events', async () => {
    const [envoys, ours] = await both({ path: '/v1/orders/three:watch' });
    for (const answer of [envoys, ours]) expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
    expect(eventsOf(ours)).toEqual(eventsOf(envoys));
    expect(eventsOf(ours)).toMatchObject([{ snapshot: { title: 'a\nb' } }, { change: { phase: 'DONE' } }, { error: { code: 14 } }]);
  });

  test('takes the token out of the address', async () => {
    const token = await issueToken('watcher', key);
    for (const answer of await both({ path: `/v1/orders/three:watch?access_token=${token}`, token: false })) {
      expect(answer.status).toBe(200);
      expect(behind.received.get(answer.requestId)).toMatchObject({ request: { orderId: 'three' }, metadata: { authorization: `Bearer ${token}` } });
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
    const token = await issueToken('leaver', key);
    const leaving = new AbortController();
    const response = await fetch(`http://127.0.0.1:${portOf[gateway]}/v1/orders/endless:watch`, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    leaving.abort();
    await until('the end', async () => behind.cancelled.has(response.headers.get('x-request-id') ?? ''), 5_000);
  });

  test.each(gateways)('%s: so does a call that nobody waits for any more', async (gateway) => {
    const before = behind.cancelled.size;
    const leaving = new AbortController();
    const gone = fetch(`http://127.0.0.1:${portOf[gateway]}/v1/rooms/slow`, { signal: leaving.signal }).catch(() => undefined);
    setTimeout(() => leaving.abort(), 200);
    await gone;
    await until('the end', async () => behind.cancelled.size > before, 5_000);
  });
});

describe('around the message', () => {
  test('who calls, the key and the trace are passed on', async () => {
    const token = await issueToken('guest', key);
    const headers = {
      authorization: `Bearer ${token}`,
      'idempotency-key': 'key-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-request-id': '0192d3c4-0000-7000-8000-000000000001',
    };
    for (const gateway of gateways) {
      const answer = await send(gateway, { path: '/v1/rooms', headers });
      expect(answer.requestId).toBe(headers['x-request-id']);
      expect(behind.received.get(answer.requestId)?.metadata).toMatchObject(headers);
    }
  });

  test('a request without an id is given one', async () => {
    for (const answer of await both({ path: '/v1/rooms' })) expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('one who calls too often is told when to come back', async () => {
    for (const gateway of gateways) {
      const headers = { authorization: `Bearer ${await issueToken(`impatient ${gateway}`, key)}` };
      const began = performance.now();
      const answers = await Promise.all(Array.from({ length: 200 }, () => send(gateway, { path: '/v1/rooms', headers })));
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
      expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'http://localhost:5173' } });
      expect(answer.headers['access-control-allow-headers']).toContain('idempotency-key');
      expect(answer.headers['access-control-allow-methods']).toContain('PATCH');
    }
    for (const answer of await both({ path: '/v1/rooms', headers: { origin: 'http://localhost:5173' }, token: false })) {
      expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': 'http://localhost:5173' } });
      expect(answer.headers['access-control-expose-headers']).toContain('retry-after');
    }
    for (const { status } of await both(preflight('http://localhost:5173', '/v1/orders/three:watch'))) expect(status).toBe(200);
    for (const answer of await both(preflight('http://evil.example'))) {
      expect(answer.status).toBe(404);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('answers are packed where it pays', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const [envoys, ours] = await both({ path: '/v1/rooms/full', headers });
    for (const answer of [envoys, ours]) expect(answer.headers['content-encoding']).toBe('gzip');
    expect(told(ours)).toEqual(told(envoys));
    for (const answer of await both({ path: '/v1/rooms', headers })) expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  test.each(['/v1/rooms', '/v1/nope', '/v1/rooms/raise-5', '/livez'])('%s: what a browser should not do is said', async (path) => {
    for (const answer of await both({ path, token: false })) expect(answer.headers).toMatchObject(securityHeaders);
  });

  test('liveness, readiness and keys are there for anyone', async () => {
    for (const answer of await both({ path: '/livez', token: false })) expect(answer).toMatchObject({ status: 200, body: 'ok' });
    for (const answer of await both({ path: '/readyz', token: false })) expect(answer.status).toBe(200);
    for (const answer of await both({ path: '/.well-known/jwks.json', token: false }))
      expect(told(answer)).toMatchObject({ status: 200, type: 'application/json', body: publicJwks(key) });
  });
});
