import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'node:http';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { fromTrailers, toTrailers } from '#adapters/grpc/trailers.ts';
import { PropertyServiceClient, type Room } from '#proto/jari/property/v1/property.ts';
import { startEnvoy, type Envoy } from '../native/envoy.ts';
import { freePort } from '../native/ports.ts';
import { logFile, until } from '../native/process.ts';
import { services } from '../../services/registry.ts';
import { descriptorFile, envoyConfig } from './config.ts';
import { systemAuthorities } from './tls.ts';
import { ownTokens } from './tokens.ts';
import { standIn, unavailable, type Ending, type StandIn } from './stand-in.ts';

// The real Envoy before servers that stand in for two replicas of each service. Lodging has no replica that lives.
let envoy: Envoy;
let replicas: StandIn[];
const endings: Ending[] = [];
let rest: string;
let client: PropertyServiceClient;
let guest: string;
let another: string;
let dir: string;
const httpPort = await freePort();
const grpcPort = await freePort();
const id = '0192d3c4-0000-7000-8000-000000000001';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'jari-envoy-'));
  const key = await newKey();
  guest = await issueToken('guest', key);
  another = await issueToken('another', key);
  replicas = [await standIn(endings), await standIn(endings)];
  const adminPort = await freePort();
  const nobody = await freePort();
  const config = envoyConfig({
    where: 'local',
    services: services.map((entry) => ({
      ...entry,
      addresses:
        entry.name === 'lodging'
          ? [{ host: '127.0.0.1', port: nobody }]
          : replicas.map(({ port }) => ({ host: '127.0.0.1', port })),
    })),
    httpPort,
    grpcPort,
    adminPort,
    descriptorPath: descriptorFile,
    descriptorSet: readFileSync(descriptorFile),
    ...{ tokens: ownTokens(publicJwks(key)), encryption: { authorities: systemAuthorities } },
    rates: { perSubject: 20, perAddress: 0 },
    ...{ trustedHops: 0, publicUrl: 'https://jari.example', hosts: [] },
    corsOrigins: ['http://localhost:5173'],
  });
  envoy = await startEnvoy({ dir, config, adminPort });
  rest = `http://127.0.0.1:${httpPort}`;
  client = new PropertyServiceClient(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  await until('the gateway', async () => (await get('/readyz')).status === 200, 10_000);
});
afterAll(async () => {
  client?.close();
  await envoy?.stop();
  for (const replica of replicas ?? []) replica.stop();
  rmSync(dir, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${rest}${path}`, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${rest}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
const bearer = (token = guest): { authorization: string } => ({ authorization: `Bearer ${token}` });
const metadata = (entries: Record<string, string>): Metadata => Metadata.fromHttp2Headers(entries);
/** The one shape of errors, as JSON. */
const refusal = (code: number, reason: string, message: unknown = expect.any(String)): unknown => ({
  code,
  message,
  details: expect.arrayContaining([
    expect.objectContaining({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'jari' }),
  ]),
});
const callsOf = (method: string): Metadata[] =>
  replicas.flatMap(({ calls }) =>
    calls.filter((call) => call.method.endsWith(`/${method}`)).map((call) => call.metadata),
  );
const getRoom = (sent = new Metadata()): Promise<Room> =>
  new Promise((done, failed) =>
    client.getRoom({ roomId: id }, sent, (error, room) => (error ? failed(error) : done(room))),
  );
const errorOf = (call: Promise<unknown>): Promise<ServiceError> =>
  call.then(
    () => Promise.reject(new Error('it was answered')),
    (error: ServiceError) => error,
  );
const reasonOf = ({ metadata: trailers }: ServiceError): string | undefined => fromTrailers(trailers).reason;

describe('Who may pass (K12)', () => {
  test('what is open needs no token, by REST and by gRPC', async () => {
    expect((await get(`/v1/rooms/${id}`)).status).toBe(200);
    await expect(getRoom()).resolves.toMatchObject({ id: '' });
  });

  test('everything else is refused without a token', async () => {
    const refused = await post('/v1/rooms', {});
    expect([refused.status, await refused.json()]).toEqual([401, refusal(16, 'UNAUTHENTICATED', 'a token is needed')]);
    expect(callsOf('CreateRoom')).toHaveLength(0);
  });

  test('with a bad token nothing is open', async () => {
    const refused = await get(`/v1/rooms/${id}`, bearer('no.such.token'));
    expect([refused.status, await refused.json()]).toEqual([401, refusal(16, 'UNAUTHENTICATED')]);
    const error = await errorOf(getRoom(metadata(bearer('no.such.token'))));
    expect([error.code, reasonOf(error)]).toEqual([status.UNAUTHENTICATED, 'UNAUTHENTICATED']);
  });

  test('the token goes on to the service, which looks at it again', async () => {
    await post('/v1/rooms', {}, bearer());
    expect(callsOf('CreateRoom').at(-1)?.get('authorization')).toEqual([`Bearer ${guest}`]);
  });

  test('only a stream takes its token from the address, and nobody behind the gateway sees that address', async () => {
    expect((await get(`/v1/orders/${id}?access_token=${guest}`)).status).toBe(400);
    expect((await get(`/v1/orders/${id}:watch?access_token=no.such.token`)).status).toBe(401);
    expect((await get(`/v1/orders/${id}:watch`)).status).toBe(401);
    expect((await get(`/v1/orders/${id}:watch?access_token=${guest}`)).status).toBe(200);
    const sent = callsOf('WatchOrder').at(-1);
    expect(sent?.get('authorization')).toEqual([`Bearer ${guest}`]);
    expect(sent?.get('x-envoy-original-path')).toEqual([`/v1/orders/${id}:watch`]);
    expect(readFileSync(logFile(dir, 'envoy'), 'utf8')).not.toContain(guest);
  });
});

test('a stream comes as server-sent events', async () => {
  const stream = await get(`/v1/orders/${id}:watch`, bearer());
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const events = (await stream.text()).trim().split('\n\n');
  expect(events.map((event) => Object.keys(JSON.parse(event.replace('data: ', ''))))).toEqual([
    ['snapshot'],
    ['heartbeat'],
  ]);
});

describe('Every error of the gateway has the one shape', () => {
  test.each([
    ['an unknown path', () => get('/v1/zzz'), 404, 5, 'NOT_FOUND'],
    [
      'a path without that verb',
      () => fetch(`${rest}/v1/rooms`, { method: 'PUT', body: '{}' }),
      405,
      12,
      'METHOD_NOT_ALLOWED',
    ],
    ['an unknown query parameter', () => get(`/v1/rooms/${id}?nope=1`), 400, 3, 'MALFORMED'],
    ['a body that is no object', () => post('/v1/rooms', 'x', bearer()), 400, 3, 'MALFORMED'],
    ['a slash that hides in a segment', () => get('/v1/rooms/a%2Fb'), 400, 3, 'MALFORMED'],
    ['a body over 64 KiB', () => post('/v1/rooms', { name: 'x'.repeat(70_000) }, bearer()), 413, 3, 'BODY_TOO_LARGE'],
    ['headers over 32 KiB', () => get('/v1/rooms', { filler: 'x'.repeat(40_000) }), 431, 3, 'HEADERS_TOO_LARGE'],
    [
      'a service without a living replica',
      () => get('/v1/lodging/reservations', bearer(another)),
      503,
      14,
      'UNAVAILABLE',
    ],
  ])('%s', async (_, call, http, code, reason) => {
    const answer = await call();
    expect([answer.status, await answer.json()]).toEqual([http, refusal(code, reason)]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('a gRPC caller gets a gRPC error: UNIMPLEMENTED for what is not there', async () => {
    const nowhere = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
    const call = (path: string): Promise<unknown> =>
      new Promise((done, failed) =>
        nowhere.makeUnaryRequest(
          path,
          () => Buffer.alloc(0),
          (bytes) => bytes,
          null,
          metadata(bearer(another)),
          (error, bytes) => (error ? failed(error) : done(bytes)),
        ),
      );
    expect((await errorOf(call('/jari.property.v1.PropertyService/Nonsense'))).code).toBe(status.UNIMPLEMENTED);
    const down = await errorOf(call('/jari.lodging.v1.LodgingService/ListReservations'));
    expect([down.code, reasonOf(down), down.metadata.get('retry-after')]).toEqual([
      status.UNAVAILABLE,
      'UNAVAILABLE',
      ['1'],
    ]);
    nowhere.close();
  });

  test('a caller that waits no longer is told so', async () => {
    endings.push('never');
    const late = await get(`/v1/rooms/${id}`, { 'grpc-timeout': '200m' });
    // Envoy's own refusal, or the service's when that one noticed first.
    expect([late.status, await late.json()]).toEqual([504, expect.objectContaining({ code: 4 })]);
  });

  test('what a service says passes as it is, with its Retry-After', async () => {
    endings.push({
      code: status.RESOURCE_EXHAUSTED,
      details: 'too many holds',
      metadata: metadata({ 'retry-after': '7' }),
    });
    const busy = await get(`/v1/rooms/${id}`);
    expect([busy.status, busy.headers.get('retry-after'), await busy.json()]).toEqual([
      429,
      '7',
      { code: 8, message: 'too many holds', details: [] },
    ]);
  });
});

describe('Trying again, where it is safe (K14)', () => {
  test('a read goes to another replica when one is unavailable', async () => {
    const before = replicas.map(({ calls }) => calls.length);
    endings.push(unavailable);
    expect((await get(`/v1/rooms/${id}`)).status).toBe(200);
    expect(replicas.map(({ calls }, nth) => calls.length - (before[nth] ?? 0))).toEqual([1, 1]);
  });

  test('a stream that has said nothing yet goes to another replica when the connection breaks (K9)', async () => {
    const before = replicas.map(({ calls }) => calls.length);
    endings.push('broken');
    expect((await get(`/v1/orders/${id}:watch`, bearer())).status).toBe(200);
    expect(replicas.map(({ calls }, nth) => calls.length - (before[nth] ?? 0))).toEqual([1, 1]);
  });

  test('a command does not, unless its key makes sure that it is done once', async () => {
    const block = (key: Record<string, string>): Promise<Response> =>
      post(`/v1/rooms/${id}:block`, {}, { ...bearer(another), ...key });
    endings.push(unavailable);
    expect((await block({})).status).toBe(503);
    expect(callsOf('BlockNights')).toHaveLength(1);
    endings.push(unavailable);
    expect((await block({ 'idempotency-key': 'k' })).status).toBe(200);
    expect(callsOf('BlockNights').map((sent) => sent.get('idempotency-key'))).toEqual(
      expect.arrayContaining([['k'], ['k']]),
    );
    expect(callsOf('BlockNights')).toHaveLength(3);
  });

  test('nothing does before the time that a service has said', async () => {
    const before = replicas.flatMap(({ calls }) => calls).length;
    endings.push(toTrailers(new RpcError('UNAVAILABLE', 'OVERLOADED', 'too much', { retryAfterMs: 2_000 })));
    const refused = await get(`/v1/rooms/${id}`);
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-envoy-ratelimited')]).toEqual([
      503,
      '2',
      null,
    ]);
    expect(replicas.flatMap(({ calls }) => calls)).toHaveLength(before + 1);
  });
});

test('what every service answers for itself goes to the one that the path names', async () => {
  const status = async (service: string, headers = {}): Promise<number> =>
    (await get(`/v1/ops/${service}/status`, { ...bearer(another), ...headers })).status;
  // The stand-ins do not know the method, lodging has no replica at all, and nobody else is there.
  expect([await status('property'), await status('lodging'), await status('nonsense')]).toEqual([501, 503, 404]);
  expect(await status('lodging', { 'jari-service': 'property' })).toBe(503);
});

test('a subject that asks too often is told to wait, and only that one (K14)', async () => {
  const many = await Promise.all(Array.from({ length: 60 }, () => get(`/v1/rooms/${id}`, bearer())));
  const refused = many.filter((answer) => answer.status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect([refused[0]?.headers.get('retry-after'), await refused[0]?.json()]).toEqual(['1', refusal(8, 'RATE_LIMITED')]);
  expect((await get(`/v1/rooms/${id}`, bearer(another))).status).toBe(200);
});

test('a page of an allowed origin may call, another may not', async () => {
  const preflight = (origin: string): Promise<string | undefined> =>
    new Promise((done, failed) =>
      request(
        `${rest}/v1/rooms`,
        { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } },
        (answer) => {
          answer.resume();
          done(answer.headers['access-control-allow-origin']);
        },
      )
        .on('error', failed)
        .end(),
    );
  expect(await preflight('http://localhost:5173')).toBe('http://localhost:5173');
  expect(await preflight('http://elsewhere.example')).toBeUndefined();
});

test('whoever lives tells of its health', async () => {
  const anyone = new Client(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  const answer = await new Promise<Buffer | undefined>((done, failed) =>
    anyone.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      () => Buffer.alloc(0),
      (bytes) => bytes,
      null,
      (error, bytes) => (error ? failed(error) : done(bytes)),
    ),
  );
  expect([...(answer ?? [])]).toEqual([0x08, 0x01]); // SERVING
  anyone.close();
});

test('ready while there is anyone behind it (K13)', async () => {
  expect([(await get('/livez')).status, (await get('/readyz')).status]).toEqual([200, 200]);
  for (const replica of replicas) replica.setHealthy(false);
  await until('not ready', async () => (await get('/readyz')).status === 503, 10_000);
  expect((await get('/livez')).status).toBe(200);
  for (const replica of replicas) replica.setHealthy(true);
  await until('ready again', async () => (await get('/readyz')).status === 200, 10_000);
});

test('the public keys are told', async () => {
  const { keys } = (await (await get('/.well-known/jwks.json')).json()) as { keys: object[] };
  expect(keys).toEqual([expect.not.objectContaining({ d: expect.anything() })]);
});
