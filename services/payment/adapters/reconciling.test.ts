import { expect, test } from '@jest/globals';
import pino from 'pino';
import { krw } from '#kernel/money.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { fakeProvider } from '../testing/fake-provider.ts';
import type { Alarm } from '../ports.ts';
import { declinesUnlimited, fakeBooks, fakePayments } from '../testing/fake-payments.ts';
import { reconciling } from './reconciling.ts';

test("an alarm is raised for each difference from the provider's books, at every turn, and a turn that fails is made up for", async () => {
  const provider = fakeProvider(Date.now);
  const alarms: Alarm[] = [];
  const ports = {
    payments: fakePayments(Date.now),
    books: fakeBooks(),
    provider,
    declines: declinesUnlimited,
    turn: async () => {},
    now: Date.now,
    raise: (alarm: Alarm) => void alarms.push(alarm),
  };
  await provider.charge({ key: 'nobody asked for it', amount: krw(1_000) });
  const { ledger } = provider;
  let turns = 0;
  provider.ledger = (of) => {
    if ('since' in of && turns++ === 0) throw new Error('not now');
    return ledger(of);
  };
  const reconciliation = reconciling(ports, { periodMs: 10, patienceMs: 0 }, pino({ level: 'silent' }));
  reconciliation.start();
  await eventually(() => alarms.length >= 2);
  reconciliation.stop();
  const difference = { status: 'none', ours: { charged: 0, refunded: 0 }, theirs: { charged: 1_000, refunded: 0 } };
  expect(alarms[0]).toEqual({ type: 'BooksDiffer', id: 'nobody asked for it', ...difference });
  const said = alarms.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(alarms.length).toBe(said);
});
