import { expect, test } from '@jest/globals';
import pino from 'pino';
import { krw } from '#kernel/money.ts';
import { tooManyCalls } from '#adapters/failures/failures.ts';
import { limited, partyLimit } from '#adapters/resilience/party-limit.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { fakeProvider } from '../testing/fake-provider.ts';
import { declinesUnlimited, fakePayments } from '../testing/fake-payments.ts';
import { attempt } from '../usecases.ts';
import { guarded, guardedKeeper } from './guarded.ts';

test('a provider that fails is left alone for a moment, payments are deferred meanwhile and complete after it (L9)', async () => {
  const fake = fakeProvider(Date.now);
  let calls = 0;
  const counted = { ...fake, charge: (what: Parameters<typeof fake.charge>[0]) => (calls++, fake.charge(what)) };
  const calm = policy({
    name: 'payment-provider',
    timeoutMs: 1_000,
    attempts: 1,
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: 200 },
    bulkhead: { concurrent: 4, queued: 4 },
  });
  const payments = fakePayments(Date.now);
  const provider = guarded(counted, calm, pino({ level: 'silent' }));
  const ports = {
    payments,
    provider,
    declines: declinesUnlimited,
    turn: async () => {},
    now: Date.now,
    random: Math.random,
    raise: () => {},
  };
  const ids = Array.from({ length: 30 }, (_, index) => `order-${index}`);
  for (const id of ids)
    await payments.hear(id, {
      type: 'RequestPayment',
      order: { kind: 'lodging.reservation', id },
      intent: { payerId: 'guest', payeeId: 'host', amount: krw(1_000) },
    });

  fake.mode = 'DOWN';
  for (const id of ids) await attempt(ports, id);
  expect(calls).toBe(5);
  expect(payments.sent.map(({ type }) => type)).toEqual(ids.map(() => 'PaymentDeferred'));

  fake.mode = 'NORMAL';
  await new Promise((resolve) => setTimeout(resolve, 250));
  for (const id of ids) await attempt(ports, id);
  expect(fake.entries).toHaveLength(30);
});

test('a provider that answers 429 is not called before the time that it named, by nobody, and everything is paid after it', async () => {
  const fake = fakeProvider(Date.now);
  let calls = 0;
  let isFull = true;
  const counted = {
    ...fake,
    async charge(what: Parameters<typeof fake.charge>[0]) {
      calls++;
      if (isFull) throw tooManyCalls('the payment provider', '1');
      return fake.charge(what);
    },
  };
  const toProvider = policy({
    ...{ name: 'payment-provider', timeoutMs: 1_000, attempts: 1 },
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: 200 },
    bulkhead: { concurrent: 4, queued: 4 },
  });
  const way = limited(toProvider, partyLimit({ name: 'payment-provider', perSecond: 0, recovery: 100 }));
  const payments = fakePayments(Date.now);
  const ports = {
    ...{ payments, now: Date.now, random: () => 0, raise: () => {} },
    provider: guarded(counted, way, pino({ level: 'silent' })),
    declines: declinesUnlimited,
    turn: (tries: number, count: number) => way.turn(tries ? 'again' : 'first', count),
  };
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  for (const id of ids)
    await payments.hear(id, {
      type: 'RequestPayment',
      order: { kind: 'lodging.reservation', id },
      intent: { payerId: 'guest', payeeId: 'host', amount: krw(1_000) },
    });
  const began = Date.now();
  for (const id of ids) await attempt(ports, id);
  expect(calls).toBe(1);
  expect(toProvider.breakerState()).toBe('closed');
  for (const id of ids) expect(payments.timers.get(`${id}/attempt`)).toBeGreaterThan(began + 900);

  isFull = false;
  const settled = async (): Promise<boolean> =>
    (await Promise.all(ids.map((id) => payments.get(id)))).every((kept) => kept?.state.status === 'completed');
  while (!(await settled())) {
    const due = ids.filter((id) => (payments.timers.get(`${id}/attempt`) ?? Infinity) <= Date.now());
    for (const id of due) await attempt(ports, id);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(fake.entries).toHaveLength(8);
});

test('a card is added within the limit of calls to the provider, and a provider that asked for a pause gets it', async () => {
  const limit = partyLimit({ name: 'payment-provider', perSecond: 0, recovery: 2 });
  const toProvider = policy({
    ...{ name: 'payment-provider for cards', timeoutMs: 1_000, attempts: 1 },
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: 200 },
    bulkhead: { concurrent: 4, queued: 4 },
  });
  let calls = 0;
  const keeper = { testTokens: [], exchange: async () => (calls++, undefined) };
  const { exchange } = guardedKeeper(keeper, limited(toProvider, limit));
  expect([await exchange('tok'), calls]).toEqual([undefined, 1]);
  limit.refused(10_000);
  await expect(exchange('tok')).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'PROVIDER_UNREACHABLE' });
  expect(calls).toBe(1);
});
