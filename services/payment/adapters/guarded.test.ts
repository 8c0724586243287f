import { expect, test } from '@jest/globals';
import pino from 'pino';
import { krw } from '#kernel/money.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { fakeProvider } from '../fake-provider.ts';
import { fakePayments } from '../testing/fake-payments.ts';
import { attempt } from '../usecases.ts';
import { guarded } from './guarded.ts';

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
  const ports = { payments, provider, now: Date.now, random: Math.random, raise: () => {} };
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
