import { once } from 'node:events';
import { connect } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Server, ServerCredentials, type ServerWritableStream } from '@grpc/grpc-js';
import { pino } from 'pino';
import { eventually } from '#adapters/testing/eventually.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { Order, ViewsServiceService, type WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { callRates } from '#adapters/grpc/rates.ts';
import { startGateway, type GatewayOptions } from './gateway.ts';

// What the embedded gateway does beside transcoding; tests/contracts/rest-conformance holds it against Envoy.

const server = new Server();
let grpcAddress = '';
let written = 0;
/** Calls of GetOrder that wait for their answer. */
const held: (() => void)[] = [];

beforeAll(async () => {
  const order = { ...Order.decode(new Uint8Array()), title: 'a'.repeat(10_000) };
  server.addService(ViewsServiceService, {
    getOrder(_call: unknown, reply: (error: null, order: Order) => void) {
      held.push(() => reply(null, order));
    },
    async watchOrder(call: ServerWritableStream<unknown, WatchOrderResponse>) {
      while (!call.cancelled) {
        written += 1;
        if (!call.write({ event: { $case: 'change', value: order } })) await once(call, 'drain');
      }
    },
  });
  grpcAddress = await new Promise((bound, failed) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? failed(error) : bound(`127.0.0.1:${port}`),
    ),
  );
});
afterAll(() => server.forceShutdown());

const everyone: Verifier = { verify: () => ({ id: 'somebody', roles: [] }) };
const open: Awaited<ReturnType<typeof startGateway>>[] = [];
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

async function start(options: Partial<GatewayOptions> = {}): Promise<string> {
  const gateway = await startGateway({
    ...{
      port: 0,
      grpcAddress,
      verifier: everyone,
      jwks: { keys: [] },
      rates: callRates({ perSubject: 0, perAddress: 0 }),
      log: pino({ level: 'silent' }),
    },
    readiness: async () => ({ ready: true, waitsFor: [] }),
    ...options,
  });
  open.push(gateway);
  return gateway.url;
}

test('while it waits for something it is not ready, and says for what', async () => {
  const url = await start({ readiness: async () => ({ ready: false, waitsFor: ['postgres', 'broker'] }) });
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: 14, message: 'waits for postgres, broker' });
  expect((await fetch(`${url}/livez`)).status).toBe(200);
});

test('an address that calls too often is told when to try again', async () => {
  const url = await start({ rates: callRates({ perSubject: 0, perAddress: 5 }) });
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/v1/nope`)));
  const seconds = Math.ceil((performance.now() - began) / 1_000);
  const refused = answers.filter(({ status }) => status === 429);
  // 10 at once, and 5 more in each second that it takes.
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(10);
  expect(answers.length - refused.length).toBeLessThanOrEqual(10 + 5 * seconds);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
});

test('a token that cannot be verified now is UNAVAILABLE, not UNAUTHENTICATED', async () => {
  const verifier: Verifier = { verify: () => Promise.reject(new Unavailable('no keys')) };
  const response = await fetch(`${await start({ verifier })}/v1/orders`, {
    headers: { authorization: 'Bearer a.b.c' },
  });
  expect(response.status).toBe(503);
});

test('what is not even HTTP is answered in the one shape of errors', async () => {
  const { port } = new URL(await start());
  const socket = connect(Number(port), '127.0.0.1');
  socket.end('NONSENSE\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1.1 400 [^]*"reason":"MALFORMED"/);
});

test('the log holds no tokens', async () => {
  const lines: string[] = [];
  const log = pino(
    { level: 'trace' },
    new Writable({ write: (chunk, _, done) => (lines.push(String(chunk)), done()) }),
  );
  const url = await start({ log });
  await fetch(`${url}/v1/orders?access_token=sesame`, { headers: { authorization: 'Bearer sesame' } });
  expect(lines.join()).toContain('/v1/orders');
  expect(lines.join()).not.toContain('sesame');
});

test('a connection has one request in hand, however many it sends at once (issue 23.8)', async () => {
  const url = await start();
  const connections = 10;
  const sockets = Array.from({ length: connections }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  for (const socket of sockets) socket.pause().write('GET /v1/orders/o1 HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(40));
  await eventually(() => held.length >= connections);
  await sleep(300);
  expect(held).toHaveLength(connections);

  const other = fetch(`${url}/v1/orders/o1`);
  await eventually(() => held.length > connections);
  held.pop()!();
  expect((await other).status).toBe(200);

  // Each answer makes room for the next of its connection, until all are answered.
  let text = '';
  sockets[0]!.on('data', (chunk: Buffer) => (text += chunk.toString())).resume();
  for (let answered = 0; answered < 40 * connections;) {
    for (const answer of held.splice(0)) {
      answer();
      answered++;
    }
    await sleep(5);
  }
  await eventually(() => (text.match(/HTTP\/1.1 200/g) ?? []).length >= 40);
  for (const socket of sockets) socket.destroy();
});

test('an address has so many connections; more are closed at once, others get through, and one that ends makes room', async () => {
  const port = Number(new URL(await start({ connectionsPerAddress: 3 })).port);
  const from = async (localAddress: string): Promise<{ isOpen: boolean; end(): Promise<unknown> }> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined).write('GET /livez HTTP/1.1\r\nhost: a\r\n\r\n');
    const isOpen = await Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
    return { isOpen, end: () => once(socket.destroy(), 'close') };
  };
  const opened = [];
  for (let nth = 0; nth < 5; nth++) opened.push(await from('127.0.0.2'));
  expect(opened.map(({ isOpen }) => isOpen)).toEqual([true, true, true, false, false]);
  expect((await from('127.0.0.3')).isOpen).toBe(true);
  await opened[0]!.end();
  while (!(await from('127.0.0.2')).isOpen) await sleep(10);
});

test('a connection with more requests than may wait is closed', async () => {
  const socket = connect(Number(new URL(await start()).port), '127.0.0.1');
  socket.write('GET /v1/orders/o1 HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(500));
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(0);
  held.splice(0);
});

describe('a stream', () => {
  const listen = async (url: string): Promise<ReturnType<typeof connect>> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /v1/orders/o1:watch HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'readable');
    return socket;
  };

  test('that is read slowly is written slowly', async () => {
    const socket = await listen(await start());
    // All that lies between is full when nothing more was written for a while.
    let before = -1;
    for (let still = 0; still < 20; await sleep(100)) {
      still = written === before ? still + 1 : 0;
      before = written;
    }
    await sleep(500);
    expect(written).toBe(before);
    socket.resume();
    await eventually(() => written !== before);
    socket.destroy();
  });

  test('does not hold up the end', async () => {
    const socket = await listen(await start());
    const began = performance.now();
    await open.pop()?.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    socket.destroy();
  });
});

test('a request that names two hosts is refused, whatever it asks for', async () => {
  const url = new URL(await start());
  for (const path of ['/livez', '/v1/orders/o1']) {
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nhost: elsewhere.example\r\nConnection: close\r\n\r\n`);
    const parts = await socket.toArray();
    expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1.1 400 [^]*"reason":"MALFORMED"/);
  }
});

test('a connection on which nothing was ever asked does not hold up the end', async () => {
  const url = new URL(await start());
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  await Promise.all([once(socket, 'close'), open.pop()?.close()]);
  expect(socket.destroyed).toBe(true);
});
