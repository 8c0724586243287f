import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentKey } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { beginningOf } from '#adapters/embedded-postgres/folder.ts';
import { stackIn, type Stack } from './native-stack.ts';
import { isFree } from './ports.ts';

// The whole stack, beside whatever else runs on this machine, with two replicas of one service.
const dir = mkdtempSync(join(tmpdir(), 'jari-stack-'));
let stack: Stack;
let admin: string;

beforeAll(async () => {
  stack = await stackIn({ dir, keys: join(dir, 'keys'), replicas: { property: 2 } });
  await stack.up();
  admin = await issueToken('admin', await developmentKey(join(dir, 'keys')));
}, 180_000);
afterAll(async () => {
  await stack?.down();
  rmSync(dir, { recursive: true });
}, 60_000);

const get = async (path: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${stack.ports.http}${path}`, { headers: { authorization: `Bearer ${admin}` } }))
    .status;
const pids = (): (number | undefined)[] => stack.parts.map((part) => part.running()?.pid);
const command = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'stack.ts'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, JARI_DATA: dir },
  });

test('every service answers through the gateway', async () => {
  for (const path of ['/v1/rooms', '/v1/lodging/reservations', '/v1/payments', '/v1/orders', '/readyz'])
    expect([path, await get(path)]).toEqual([path, 200]);
});

test('up a second time changes nothing', async () => {
  const before = pids();
  await stack.up();
  expect(pids()).toEqual(before);
}, 60_000);

test('a service that is killed takes no other along, and stays dead until it is started (K5, L9)', async () => {
  await stack.kill('payment');
  expect(stack.part('payment').running()).toBeUndefined();
  expect([await get('/v1/payments'), await get('/v1/rooms'), await get('/v1/lodging/reservations')]).toEqual([
    503, 200, 200,
  ]);
  await stack.start('payment');
  expect(await get('/v1/payments')).toBe(200);
}, 60_000);

test('with one of two replicas killed while both are in use, nobody notices (K9)', async () => {
  const everybody = (): Promise<number[]> => Promise.all(Array.from({ length: 100 }, () => get('/v1/rooms')));
  for (let round = 0; round < 3; round++) {
    await stack.start('property-2');
    await everybody();
    await stack.kill('property-2');
    expect(await everybody()).toEqual(Array(100).fill(200));
  }
  await stack.start('property-2');
}, 60_000);

test('PostgreSQL killed and started again has lost nothing and is found at the same place', async () => {
  await stack.kill('postgres');
  expect(await isFree(stack.ports.postgres)).toBe(true);
  await stack.start('postgres');
  for (let tries = 0; (await get('/v1/rooms')) !== 200 && tries < 50; tries++)
    await new Promise((done) => setTimeout(done, 100));
  expect(await get('/v1/rooms')).toBe(200);
}, 60_000);

test('the command tells what runs, and what it does not know', () => {
  const { status, stdout } = command('status');
  expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`envoy +up +\\d+ +http ${stack.ports.http}`))]);
  expect(command('kill', 'nonsense')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('there is no nonsense; there are postgres, rabbitmq'),
  });
  expect(command()).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run stack -- COMMAND') });
});

test('down leaves nothing running', async () => {
  const left = pids().filter((pid) => pid !== undefined);
  expect(left.length).toBeGreaterThan(7);
  await stack.down();
  expect(left.map(beginningOf).filter(Boolean)).toEqual([]);
}, 60_000);
