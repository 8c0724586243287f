import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { decide, type Input } from '../payment.ts';
import type { Alarm, Payments, Ports } from '../ports.ts';
import type { RunningSandbox } from '#adapters/sandbox/server.ts';
import { startProvider } from '../provider/server.ts';
import { reconcile } from '../reconciliation.ts';
import { paymentsContract } from '../testing/payments-contract.ts';
import { declinesUnlimited } from '../testing/fake-payments.ts';
import { attempt, settle } from '../usecases.ts';
import { entities } from './entities.ts';
import { sandboxProvider, type Sandbox } from './sandbox.ts';
import { mikroOrmPayments, migrations } from './store.ts';

let database: TestStore;
let payments: Payments;
let dir: string;
let running: RunningSandbox;
let sandbox: Sandbox;
let ports: Ports;
const alarms: Alarm[] = [];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'jari-provider-'));
  [database, running] = await Promise.all([
    testStore({ name: 'payment', migrations, entities }),
    startProvider({ port: 0, dir }),
  ]);
  payments = mikroOrmPayments(database.store);
  sandbox = sandboxProvider(running.url);
  ports = {
    payments,
    provider: sandbox,
    declines: declinesUnlimited,
    turn: async () => {},
    now: Date.now,
    random: Math.random,
    raise: (alarm) => alarms.push(alarm),
  };
});
afterAll(async () => {
  sandbox.close();
  await Promise.all([database.close(), running.close()]);
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => sandbox.setMode('NORMAL', 0));

paymentsContract('PostgreSQL', () => payments);

describe('payments on PostgreSQL with the sandbox provider', () => {
  const amount = krw(100_000);
  const take = (id: string, input: Input) => payments.update(id, (state) => decide(state, input));
  const order = (id: string) => ({ kind: 'lodging.reservation', id });
  const cancel = (id: string, keep: number, askedAt = Date.now()) =>
    take(id, { type: 'CancelPayment', order: order(id), keep: krw(keep), askedAt });
  async function requested(): Promise<string> {
    const id = newId();
    await take(id, {
      type: 'RequestPayment',
      order: order(id),
      intent: { payerId: newId(), payeeId: newId(), amount },
    });
    return id;
  }
  const status = async (id: string) => (await payments.get(id))?.state.status;
  const net = async (id: string) =>
    (await sandbox.booked(id)).reduce(
      (sum, { type, amount: { amount } }) => sum + (type === 'CHARGE' ? amount : -amount),
      0,
    );
  const told = async (id: string) =>
    (await database.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1));
  const timers = async (id: string) =>
    (
      await database.database.pool.query<{ name: string }>(
        'select name from timer where aggregate_id = $1 order by name',
        [id],
      )
    ).rows.map(({ name }) => name);

  test('a request leaves the intent and the attempt to make, before the provider hears of it', async () => {
    const id = await requested();
    expect([await status(id), await timers(id), await told(id), await net(id)]).toEqual([
      'pending',
      ['attempt'],
      [],
      0,
    ]);
  });

  test('is charged once however often and however parallel it is attempted while answers are lost (L3, L9)', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, requested));
    await sandbox.setMode('LOSES_ANSWERS', 0);
    await Promise.all(ids.flatMap((id) => [attempt(ports, id), attempt(ports, id), attempt(ports, id)]));
    for (const id of ids) {
      await attempt(ports, id);
      expect([await status(id), (await sandbox.booked(id)).length]).toEqual(['completed', 1]);
      expect((await told(id)).filter((type) => type === 'PaymentCompleted')).toHaveLength(1);
    }
  });

  test.each(['DOWN', 'SLOW', 'LOSES_ANSWERS'] as const)(
    'waits while the provider is %s and completes when it is well again (L9)',
    async (mode) => {
      const id = await requested();
      await sandbox.setMode(mode, 3_500);
      await attempt(ports, id);
      expect([await status(id), await told(id), await timers(id)]).toEqual([
        'pending',
        ['PaymentDeferred'],
        ['attempt'],
      ]);
      await sandbox.setMode('NORMAL', 0);
      await attempt(ports, id);
      expect([await status(id), await told(id), await net(id)]).toEqual([
        'completed',
        ['PaymentDeferred', 'PaymentCompleted'],
        100_000,
      ]);
    },
  );

  test('is declined with the reason, once, and cancelled with nothing to give back (L13)', async () => {
    const id = await requested();
    await sandbox.setMode('DECLINING', 0);
    await attempt(ports, id);
    await cancel(id, 0);
    expect([await status(id), await told(id), await net(id)]).toEqual([
      'cancelled',
      ['PaymentDeclined', 'PaymentCancelled'],
      0,
    ]);
  });

  test('cancelled while it is attempted, 50 times, nets zero, or what is kept of a payment completed before (L5)', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, requested));
    await Promise.all(
      ids.map(async (id, index) => {
        const called = () => cancel(id, 30_000, Date.now() + 60_000);
        if (index === 0) await called();
        const attempted = attempt(ports, id);
        await new Promise((resolve) => setTimeout(resolve, 4 * index));
        if (index === 49) await attempted;
        await Promise.all([attempted, called()]);
        await settle(ports, id);
      }),
    );
    const outcomes = new Set<number>();
    for (const id of ids) {
      const left = await net(id);
      const completed = (await told(id)).includes('PaymentCompleted');
      expect([await status(id), left]).toEqual(['cancelled', completed ? 30_000 : 0]);
      outcomes.add(left);
    }
    expect(outcomes).toEqual(new Set([0, 30_000])); // the race was run from both ends
  });

  test('refunds once although settling is tried by many at once and answers are lost', async () => {
    const id = await requested();
    await attempt(ports, id);
    await cancel(id, 0);
    await sandbox.setMode('LOSES_ANSWERS', 0);
    await Promise.all([settle(ports, id), settle(ports, id), settle(ports, id)]);
    await settle(ports, id);
    expect([await status(id), (await sandbox.booked(id)).length, await net(id)]).toEqual(['cancelled', 2, 0]);
  });

  test('keeps the books that the provider keeps', async () => {
    for await (const { id, state } of payments.changedSince(0))
      if (state.status === 'pending') await attempt(ports, id);
    const differences = await reconcile(ports, 0);
    // Only what the contract above marked as charged without asking the provider.
    expect(differences.every(({ status: mine, theirs }) => mine === 'completed' && theirs.charged === 0)).toBe(true);
    expect(differences).toHaveLength(2);
    expect(alarms).toEqual([]);
  });
});
