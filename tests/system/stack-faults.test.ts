import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { leaderOf, type Injector } from './faults/injector.ts';
import { acceptedIds } from './faults/journal.ts';
import { invariants } from './faults/lodging/invariants.ts';
import { reservations } from './faults/lodging/reservations.ts';
import { makeRooms } from './faults/lodging/rooms.ts';
import type { Snapshot } from './faults/lodging/snapshot.ts';
import { native } from './faults/native.ts';
import { startTraffic } from './faults/traffic.ts';
import { underLoad, type Run } from './faults/under-load.ts';
import { eventually } from './kit/eventually.ts';
import { lodging, type ProviderMode } from './kit/lodging.ts';
import { lodgingServices } from './kit/lodging.ts';

// Parts of the real stack fail while reservations come in at a steady rate. A client's journal, every database and the provider's
// own ledger then say whether an accepted order was lost, charged twice, sold twice, or hangs.

const jari = await native(
  { JARI_PAYMENT_ANSWER_SECONDS: '2', JARI_LODGING_PAYMENT_SECONDS: '20' },
  { services: lodgingServices, replicasEach: 2 },
);
beforeAll(() => jari.stack.up(), 180_000);
afterAll(() => jari.remove(), 60_000);

const perSecond = 20;
const minute = 60_000;
const holds = ({ report, surprises }: Run): void =>
  expect({ violations: report.violations, surprises }).toEqual({ violations: {}, surprises: [] });
const statuses = async (...wanted: string[]): Promise<number> =>
  Number(
    (
      await jari.rows<{ count: string }>('lodging', 'select count(*) from reservation where status = any($1)', wanted)
    )[0]?.count,
  );

describe('while a service is away, reservations are accepted all the same, and all come to rest when it is back', () => {
  test(
    'lodging management (L8)',
    async () => {
      const run = await underLoad(jari, reservations, perSecond, async () => {
        await jari.kill('property');
        await pause(5_000);
        expect(await statuses('requested')).toBeGreaterThan(20);
        await jari.start('property');
      });
      expect(run.report).toMatchObject({ atOnce: 1, states: { paid: expect.any(Number) } });
      expect(run.report.accepted).toBeGreaterThan(90);
      holds(run);
    },
    3 * minute,
  );

  test(
    'payment: those that wait for it show as PAYMENT_PENDING (L9)',
    async () => {
      const run = await underLoad(jari, reservations, perSecond, async () => {
        await jari.kill('payment');
        await pause(6_000);
        await eventually(
          () => statuses('payment-pending'),
          (waiting) => waiting > 20,
        );
        await jari.start('payment');
      });
      expect(run.report.atOnce).toBe(1);
      expect(run.report.accepted).toBeGreaterThan(110);
      holds(run);
    },
    3 * minute,
  );

  test(
    'the read models (K5, K8)',
    async () => {
      const run = await underLoad(jari, reservations, perSecond, async () => {
        await jari.kill('views');
        await pause(4_000);
        await jari.start('views');
      });
      expect(run.report.atOnce).toBe(1);
      expect(run.report.accepted).toBeGreaterThan(70);
      holds(run);
    },
    3 * minute,
  );

  test(
    'the broker, for 45 seconds',
    async () => {
      const run = await underLoad(jari, reservations, perSecond, async ({ strike }) => strike('rabbitmq', 45_000));
      expect(run.report.accepted).toBeGreaterThan(850);
      expect(run.report.atOnce).toBe(1);
      holds(run);
    },
    4 * minute,
  );
});

describe('while the payment provider is in trouble, all settle, with one charge each (L9)', () => {
  /** Payments for which the provider was asked in vain, or which it has decided on. */
  const attempted = async (): Promise<number> =>
    Number(
      (
        await jari.rows<{ count: string }>(
          'payment',
          `select count(*) from payment where status <> 'pending' or (state ->> 'attempts')::int > 0`,
        )
      )[0]?.count,
    );

  test.each<[ProviderMode, number, string]>([
    ['DOWN', 0, 'paid'],
    ['SLOW', 4_000, 'paid'],
    ['LOSES_ANSWERS', 0, 'paid'],
    ['DECLINING', 0, 'payment-failed'],
  ])(
    '%s',
    async (mode, delayMs, expected) => {
      const { provider } = lodging(jari);
      const run = await underLoad(jari, reservations, perSecond, async () => {
        const before = await attempted();
        await provider(mode, delayMs);
        await eventually(attempted, (now) => now > before + 60);
        await provider('NORMAL');
      });
      expect(run.report.atOnce).toBe(1);
      expect(run.report.states[expected]).toBeGreaterThan(30);
      holds(run);
    },
    3 * minute,
  );
});

describe('while a part is frozen, reservations are accepted all the same; when it thaws, nothing has happened twice', () => {
  const frozenMs = 6_000; // past every confirm; `npm run soak` freezes for a minute
  test.each<[string, (injector: Injector) => Promise<void>]>([
    ['the broker', ({ freeze }) => freeze('rabbitmq', frozenMs)],
    [
      'the replica of property that leads the relay',
      async ({ freeze }) => freeze(await leaderOf(jari, 'property'), frozenMs),
    ],
    [
      'a replica of payment in the midst of handling a message',
      ({ freezeAtWork }) => freezeAtWork('payment-2', frozenMs),
    ],
  ])(
    '%s',
    async (_, trouble) => {
      const run = await underLoad(jari, reservations, perSecond, async (inject) => {
        await pause(1_000);
        await trouble(inject);
      });
      expect(run.faults).toMatchObject([{ what: 'freeze' }]);
      expect(run.report.accepted).toBeGreaterThan(100);
      expect(run.report.atOnce).toBe(1);
      holds(run);
    },
    3 * minute,
  );
});

test(
  'PostgreSQL is killed and started: what was accepted is there, the rest is asked again with its key and done once',
  async () => {
    const run = await underLoad(jari, reservations, perSecond, async ({ strike }) => {
      await pause(2_000);
      await strike('postgres', 1_000);
      await pause(2_000);
    });
    expect(run.report.accepted).toBeGreaterThan(80);
    expect(run.report.atOnce).toBeLessThan(1);
    holds(run);
  },
  3 * minute,
);

describe('a storm of kills', () => {
  let snapshot: Snapshot;

  test(
    'over all parts for a minute: nothing lost, charged twice, sold twice or hanging (K9)',
    async () => {
      const parts = jari.stack.parts.map(({ name }) => name);
      const run = await underLoad(jari, reservations, perSecond, ({ storm }) =>
        storm({ seconds: 60, parts, lanes: 2, pauseMs: 1_000 }),
      );
      snapshot = run.snapshot;
      console.log(summary(run));
      holds(run);
      expect(run.faults.length).toBeGreaterThanOrEqual(6); // a slow machine takes longer over each
      expect(run.faults.some(({ inTransaction }) => inTransaction)).toBe(true);
      expect(run.report.accepted).toBeGreaterThan(1_000);
      for (const state of ['paid', 'cancelled', 'rejected']) expect(run.report.states[state]).toBeGreaterThan(20);
    },
    5 * minute,
  );

  // The checker itself: what it has just found in order is damaged, one thing at a time.
  test.each<[string, keyof typeof invariants, (all: Snapshot, id: string) => Partial<Snapshot>]>([
    [
      'a reservation that is gone',
      '1 nothing accepted is lost or doubled',
      ({ orders }, id) => ({ orders: without(orders, id) }),
    ],
    [
      'a message that is gone',
      '1 nothing accepted is lost or doubled',
      ({ messages }, id) => ({
        messages: messages.filter(({ subject, type }) => subject !== id || !type.endsWith('.RequestStay')),
      }),
    ],
    [
      'a reservation made twice',
      '1 nothing accepted is lost or doubled',
      ({ orders }, id) => ({ orders: twice(orders, id) }),
    ],
    [
      'a second charge',
      '2 charged once, and kept what is due',
      ({ ledger }, id) => ({ ledger: [...ledger, ...ledger.filter(({ order_id }) => order_id === id)] }),
    ],
    [
      'a charge that is gone',
      '2 charged once, and kept what is due',
      ({ ledger }, id) => ({ ledger: ledger.filter(({ order_id }) => order_id !== id) }),
    ],
    ['a night sold to two', '4 no night sold twice', ({ stays }, id) => ({ stays: twice(stays, id) })],
    [
      'a night that nobody holds',
      '4 no night sold twice',
      ({ claims }, id) => ({ claims: claims.filter(({ holder }) => holder !== id) }),
    ],
    ['a payment that nobody knows', 'services agree', ({ payments }, id) => ({ payments: without(payments, id) })],
    [
      'a read model that missed an event',
      '7 the read model is what the log says',
      ({ views }, id) => ({ views: without(views, id) }),
    ],
  ])('is told from one that leaves %s', (_, name, damage) => {
    const paid = snapshot.journal
      .flatMap(acceptedIds)
      .find((id) => snapshot.payments.get(id)?.state.status === 'completed') as string;
    const look = (all: Snapshot): string[] => invariants[name]?.(all) ?? [];
    expect(look(snapshot)).toEqual([]);
    expect(look({ ...snapshot, ...damage(snapshot, paid) })).not.toEqual([]);
  });
});

test(
  'every service is restarted, one replica after the other, behind Envoy at 60 requests a second: none fails (K16)',
  async () => {
    const traffic = await startTraffic(jari, await makeRooms(jari), 60);
    await pause(1_000);
    for (const nth of [0, 1])
      await Promise.all(
        jari.services.map(async (service) => {
          const name = jari.replicasOf(service)[nth] as string;
          await jari.stack.stop(name);
          await jari.stack.start(name);
        }),
      );
    await pause(1_000);
    const { requests, failures } = await traffic.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(600);
  },
  3 * minute,
);

const without = <Row>(rows: ReadonlyMap<string, Row>, id: string): Map<string, Row> =>
  new Map([...rows].filter(([key]) => key !== id));
const twice = <Row>(rows: ReadonlyMap<string, Row>, id: string): Map<string, Row> =>
  new Map(
    [...rows].flatMap(([key, row]) =>
      key === id
        ? [
            [key, row],
            ['another', row],
          ]
        : [[key, row]],
    ),
  );

const summary = ({ report, faults }: Run): string =>
  `${faults.length} kills (${faults.filter(({ inTransaction }) => inTransaction).length} inside a transaction), ${report.accepted} accepted of ${report.asked}, ${(100 * report.atOnce).toFixed(1)} % at once, ` +
  `p50 ${report.p50} ms, p99 ${report.p99} ms, at rest after ${report.settledSeconds.toFixed(1)} s, ${JSON.stringify(report.states)}`;
