import { createServer, request as forward } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { command } from '#adapters/bus/messages.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { host } from '#adapters/host/host.ts';
import { envelopeFor, testStore } from '#adapters/mikro-orm/testing.ts';
import { limited, partyLimit } from '#adapters/resilience/party-limit.ts';
import { policy } from '#adapters/resilience/policy.ts';
import * as messages from '#proto/jari/payment/v1/messages.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { guarded } from './guarded.ts';
import { fakeProvider } from '../testing/fake-provider.ts';
import { service } from '../main.ts';
import { startProvider } from '../provider/server.ts';
import { declinesUnlimited, fakePayments } from '../testing/fake-payments.ts';
import { attempt } from '../usecases.ts';

const log = pino({ level: 'silent' });
afterEach(() => void jest.useRealTimers());

/** Most of these instants within any `overMs`, for each second. */
const busiest = (times: readonly number[], overMs = 1_000): number => {
  let [most, first] = [0, 0];
  times.forEach((at, index) => {
    while (times[first]! <= at - overMs) first++;
    most = Math.max(most, index - first + 1);
  });
  return (most * 1_000) / overMs;
};

test('after ten minutes without a provider at 5 orders a second, 3,000 payments settle within minutes, by at most twice the steady rate, and new ones at once', async () => {
  jest.useFakeTimers();
  let number = 0;
  const called: number[] = [];
  const fake = fakeProvider(Date.now);
  const counted =
    <Argument, Result>(call: (argument: Argument) => Promise<Result>) =>
    (argument: Argument): Promise<Result> => (called.push(Date.now()), call(argument));
  const limit = partyLimit({ name: 'payment-provider', perSecond: 0, recovery: 2 });
  const way = limited(
    policy({
      name: 'payment-provider',
      timeoutMs: 3_000,
      attempts: 1,
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: 2_000 },
      bulkhead: { concurrent: 64, queued: 64 },
    }),
    limit,
  );
  const payments = fakePayments(Date.now);
  const ports = {
    payments,
    provider: guarded({ ...fake, charge: counted(fake.charge), find: counted(fake.find) }, way, log),
    declines: declinesUnlimited,
    turn: (tries: number, calls: number) => way.turn(tries ? 'again' : 'first', calls),
    ...{ now: Date.now, random: Math.random, raise: () => {} },
  };
  const open = new Map<string, number>();
  const tookMs: { since: number; ms: number }[] = [];
  const running = new Set<string>();
  /** Fires what is due, at most 64 at once, as the timers of a process do. */
  async function fire(id: string): Promise<void> {
    running.add(id);
    payments.timers.delete(`${id}/attempt`);
    await attempt(ports, id);
    running.delete(id);
    if ((await payments.get(id))?.state.status !== 'completed') return;
    tookMs.push({ since: open.get(id)!, ms: Date.now() - open.get(id)! });
    open.delete(id);
  }
  async function pass(forSeconds: number, until = () => false): Promise<void> {
    for (let tick = 0; tick < forSeconds * 10 && !until(); tick++) {
      if (tick % 2 === 0) {
        const id = `order-${number++}`;
        open.set(id, Date.now());
        await payments.hear(id, {
          type: 'RequestPayment',
          order: { kind: 'lodging.reservation', id },
          intent: { payerId: 'guest', payeeId: 'host', amount: krw(1_000) },
        });
        void fire(id);
      }
      // Timers are looked for once a second.
      if (tick % 10 === 0)
        for (const [name, at] of payments.timers) {
          const id = name.split('/')[0]!;
          if (at <= Date.now() && !running.has(id) && running.size < 64) void fire(id);
        }
      await jest.advanceTimersByTimeAsync(100);
    }
  }

  await pass(300);
  expect(open.size).toBe(0);
  fake.mode = 'DOWN';
  await pass(600);
  expect(open.size).toBe(3_000);
  fake.mode = 'NORMAL';
  const back = Date.now();
  called.length = 0;
  await pass(900, () => open.size < 5);
  expect(Date.now() - back).toBeLessThan(13 * 60_000);
  expect(busiest(called)).toBeLessThanOrEqual(12);
  expect(busiest(called, 10_000)).toBeLessThanOrEqual(10.5);
  const fresh = tookMs.filter(({ since }) => since > back + 20_000).map(({ ms }) => ms);
  expect(fresh.length).toBeGreaterThan(1_000);
  expect(Math.max(...fresh)).toBeLessThan(1_000);
  expect(fake.entries).toHaveLength(number - open.size);
}, 240_000);

test('the sandbox provider that was away is called at most twice as often as before, the backlog settles, and a customer who pays meanwhile is answered in time (L9, R9)', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'jari-outage-'));
  const sandbox = await startProvider({ port: 0, dir });
  const called: number[] = [];
  let isAway = false;
  const inBetween = createServer((request, response) => {
    if (isAway) return void request.socket.destroy();
    called.push(performance.now());
    const { method, url, headers } = request;
    request.pipe(
      forward(`${sandbox.url}${url}`, { method, headers }, (answer) =>
        answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)),
      ),
    );
  });
  await once(inBetween.listen(0, '127.0.0.1'), 'listening');
  const database = await testStore(service);
  const bus = inProcessBus({ log });
  const hosted = await host(service, {
    ...{
      databaseUrl: database.url,
      connections: 5,
      bus,
      log,
      development: true,
      clockTolerance: 30,
      signal: new AbortController().signal,
    },
    settings: {
      ...{
        JARI_PAYMENT_PROVIDER: 'sandbox',
        PAYMENT_PROVIDER_URL: `http://127.0.0.1:${(inBetween.address() as AddressInfo).port}`,
        JARI_DATA: dir,
        JARI_RECONCILE_SECONDS: 0,
      },
      ...{ JARI_PAYMENT_PROVIDER_PER_SECOND: 0, JARI_PAYMENT_PROVIDER_RECOVERY: 2 },
    },
  });
  await hosted.go();
  const amount = toProto(krw(1_000));
  const payerId = newId();
  let asked = 0;
  async function come(perSecond: number, forSeconds: number): Promise<void> {
    for (let each = 0; each < perSecond * forSeconds; each++) {
      const id = newId();
      asked++;
      void bus.publish([
        envelopeFor(
          command('jari.payment.v1.RequestPayment', messages.RequestPayment, id, {
            order: { kind: 'lodging.reservation', id },
            payerId,
            payeeId: newId(),
            amount,
          }),
          'lodging',
        ),
      ]);
      await pause(1_000 / perSecond);
    }
  }
  const pending = async (): Promise<number> =>
    Number((await database.database.pool.query(`select count(*) from payment where status = 'pending'`)).rows[0].count);
  const completed = async (): Promise<number> =>
    Number(
      (await database.database.pool.query(`select count(*) from payment where status = 'completed'`)).rows[0].count,
    );
  try {
    await come(10, 6);
    isAway = true;
    await come(10, 8);
    expect(await pending()).toBeGreaterThan(60);
    isAway = false;
    called.length = 0;
    await come(10, 3);
    const id = newId();
    const pay = hosted.rpc.flatMap(({ methods }) => methods).find(({ name }) => name === 'pay')!.implementation;
    if (pay.kind !== 'query') throw new Error('pay is a query');
    const began = performance.now();
    await pay.run({ order: { kind: 'rental.contract', id }, payerId, payeeId: '', amount } as never, {
      id: newId(),
      roles: ['service'],
    });
    expect(performance.now() - began).toBeLessThan(3_000); // rental waits no longer
    expect(await pending()).toBeGreaterThan(0);
    await eventually(completed, (count) => count > asked, 60_000);
    expect(busiest(called, 3_000)).toBeLessThanOrEqual(2 * 10);
  } finally {
    await hosted.stop();
    await database.close();
    inBetween.closeAllConnections();
    inBetween.close();
    await sandbox.close();
    rmSync(dir, { recursive: true, force: true });
  }
}, 90_000);
