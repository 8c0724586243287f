import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { startEnvoy, validate } from '../native/envoy.ts';
import { pathOf } from '../native/install.ts';
import { freePort, isFree } from '../native/ports.ts';
import { end, launch, running, until } from '../native/process.ts';
import { services } from '../../services/registry.ts';
import { descriptorFile, envoyConfig } from './config.ts';
import { standIn, type Ending, type StandIn } from './stand-in.ts';
import { systemAuthorities } from './tls.ts';
import { ownTokens } from './tokens.ts';

// The real Envoy, stopped while requests are in hand.
const dir = mkdtempSync(join(tmpdir(), 'jari-envoy-'));
const endings: Ending[] = [];
const [httpPort, grpcPort, adminPort] = [await freePort(), await freePort(), await freePort()];
const key = await newKey();
const authorization = `Bearer ${await issueToken('guest', key)}`;
let replica: StandIn;
beforeAll(async () => {
  replica = await standIn(endings);
});
afterAll(() => {
  replica.stop();
  rmSync(dir, { recursive: true });
});

const config = () =>
  envoyConfig({
    ...{
      where: 'local',
      httpPort,
      grpcPort,
      adminPort,
      descriptorPath: descriptorFile,
      descriptorSet: readFileSync(descriptorFile),
    },
    services: services.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: replica.port }] })),
    ...{ tokens: ownTokens(publicJwks(key)), encryption: { authorities: systemAuthorities } },
    rates: { perSubject: 0, perAddress: 0 },
    ...{ trustedHops: 0, publicUrl: 'https://jari.example', hosts: [], corsOrigins: [] },
  });

const room = '/v1/rooms/0192d3c4-0000-7000-8000-000000000001';
const slow = 15;

/**
 * The status, or the error's code where there is none. A new connection that the kernel had queued when the gateway stopped listening is
 * reset, one that comes a moment later is refused: nobody has taken the request of either.
 */
const get = (path: string, agent: Agent): Promise<number | string> =>
  new Promise((answered) => {
    const id = v7();
    const headers = { authorization, 'x-request-id': id };
    const wasTaken = () => replica.calls.some(({ metadata }) => metadata.get('x-request-id')[0] === id);
    const request = ask({ host: '127.0.0.1', port: httpPort, path, agent, headers }, (response) => {
      response.on('error', (error: NodeJS.ErrnoException) => answered(error.code ?? error.message));
      response.resume().on('end', () => answered(response.statusCode ?? 0));
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const isUntaken = error.code === 'ECONNRESET' && !request.reusedSocket && !wasTaken();
      answered(isUntaken ? 'ECONNREFUSED' : (error.code ?? error.message));
    });
  });

/** Clients that ask one request after the other on a connection that they keep, until they are not let in any more. */
async function client(statuses: Map<number | string, number>): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let answer: number | string = 0; answer !== 'ECONNREFUSED';) {
    answer = await get(room, agent);
    statuses.set(answer, (statuses.get(answer) ?? 0) + 1);
    await pause(5);
  }
  agent.destroy();
}

const ready = (): Promise<boolean> => get('/readyz', new Agent()).then((status) => status === 200);

async function underLoad(
  stop: () => Promise<void>,
): Promise<{ inHand: (number | string)[]; others: Record<string, number> }> {
  await until('the gateway', ready, 10_000);
  const before = replica.calls.length;
  endings.push(...Array<Ending>(slow).fill({ afterMs: 2_000 }));
  const inHand = Array.from({ length: slow }, () => get(room, new Agent()));
  await until('all in hand', () => Promise.resolve(replica.calls.length === before + slow), 5_000);
  const statuses = new Map<number | string, number>();
  const clients = Array.from({ length: 20 }, () => client(statuses));
  await pause(300);
  await stop();
  await Promise.all(clients);
  statuses.delete('ECONNREFUSED');
  return { inHand: await Promise.all(inHand), others: Object.fromEntries(statuses) };
}

const allWell = { inHand: Array(slow).fill(200), others: { 200: expect.any(Number) } };

test('who stops the gateway cuts no request that it has taken, however slow it is', async () => {
  const envoy = await startEnvoy({ dir, config: config(), adminPort });
  expect(await underLoad(() => envoy.stop())).toEqual(allWell);
  expect(await isFree(httpPort)).toBe(true);
}, 60_000);

test('the same in a container, which is told to end by a signal alone', async () => {
  const script = join(import.meta.dirname, 'run.sh');
  launch(dir, 'contained', {
    command: 'bash',
    args: [
      script,
      String(adminPort),
      pathOf('envoy'),
      '-c',
      validate(dir, config()),
      '-l',
      'warning',
      '--disable-hot-restart',
      '--concurrency',
      '2',
    ],
  });
  expect(await underLoad(() => end(dir, 'contained', 'SIGTERM', 25_000))).toEqual(allWell);
  expect([running(dir, 'contained'), await isFree(httpPort)]).toEqual([undefined, true]);
}, 60_000);

test('a gateway whose Envoy dies ends as well, so that it is started again', async () => {
  const script = join(import.meta.dirname, 'run.sh');
  launch(dir, 'broken', {
    command: 'bash',
    args: [script, String(adminPort), pathOf('envoy'), '-c', join(dir, 'no-such.json')],
  });
  await until('its end', () => Promise.resolve(running(dir, 'broken') === undefined), 10_000);
}, 60_000);

test('what never ends holds the gateway up no longer than it may', async () => {
  const envoy = await startEnvoy({ dir, config: config(), adminPort });
  await until('the gateway', ready, 10_000);
  endings.push('never');
  const answer = get(room, new Agent());
  await pause(100);
  const began = performance.now();
  await envoy.stop(1);
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(await answer).not.toBe(200);
}, 60_000);
