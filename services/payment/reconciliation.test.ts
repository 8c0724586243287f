import { beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { fakeProvider, type FakeProvider } from './testing/fake-provider.ts';
import type { Alarm, ComparedBooks } from './ports.ts';
import { compareBooks, reconcile } from './reconciliation.ts';
import { declinesUnlimited, fakeBooks, fakePayments, type FakePayments } from './testing/fake-payments.ts';
import { attempt, settle } from './usecases.ts';

const amount = krw(100_000);
let clock: number;
let payments: FakePayments;
let provider: FakeProvider;
beforeEach(() => {
  clock = 1_000_000;
  payments = fakePayments(() => clock);
  provider = fakeProvider(() => clock);
});

const ports = () => ({
  payments,
  provider,
  declines: declinesUnlimited,
  turn: async () => {},
  now: () => clock,
  random: () => 0,
  raise: () => {},
});
const request = async (id = newId()) => {
  const order = { kind: 'lodging.reservation', id };
  await payments.hear(id, { type: 'RequestPayment', order, intent: { payerId: 'guest', payeeId: 'host', amount } });
  return id;
};
const cancel = (id: string, keep = 0) =>
  payments.hear(id, {
    type: 'CancelPayment',
    order: { kind: 'lodging.reservation', id },
    keep: krw(keep),
    askedAt: clock + 1,
  });
const paid = async () => {
  const id = await request();
  await attempt(ports(), id);
  return id;
};

describe("our books and the provider's", () => {
  test('agree after payments of every kind, and say nothing of those under way', async () => {
    await paid();
    const cancelled = await paid();
    await cancel(cancelled, 30_000);
    await settle(ports(), cancelled);
    const raised = await paid();
    for (const keep of [30_000, 0]) {
      await cancel(raised, keep);
      await settle(ports(), raised);
    }
    const tombstone = newId();
    await cancel(tombstone);
    const inDoubt = await request();
    await provider.charge({ key: inDoubt, amount });
    await request();
    await cancel(await paid());
    provider.mode = 'DECLINING';
    await paid();
    expect(await reconcile({ payments, provider }, 0)).toEqual([]);
  });

  test('differ when the provider charged what nobody asked for', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    expect(await reconcile({ payments, provider }, 0)).toEqual([
      {
        id,
        status: 'none',
        ours: { charged: 0, refunded: 0 },
        theirs: { charged: 100_000, refunded: 0 },
        unknown: amount,
      },
    ]);
  });
  test('differ when we take for paid what was never charged', async () => {
    const id = await request();
    await payments.hear(id, { type: 'Charged', at: clock });
    expect(await reconcile({ payments, provider }, 0)).toMatchObject([
      { id, status: 'completed', theirs: { charged: 0 } },
    ]);
  });
  test('differ when money went back that we know nothing of', async () => {
    const id = await paid();
    await provider.refund({ key: id, refundKey: 'by hand', amount: krw(1) });
    expect(await reconcile({ payments, provider }, 0)).toMatchObject([
      { id, theirs: { charged: 100_000, refunded: 1 } },
    ]);
  });
  test('differ when a refund is missing or a declined payment was charged', async () => {
    const [unpaid, declined] = [await paid(), await request()];
    await cancel(unpaid);
    await payments.hear(unpaid, { type: 'Refunded', refundKey: `${unpaid}-refund`, charged: true });
    await payments.hear(declined, { type: 'Declined', reason: 'NO', reasonText: '' });
    await provider.charge({ key: declined, amount });
    expect((await reconcile({ payments, provider }, 0)).map(({ id }) => id).sort()).toEqual([unpaid, declined].sort());
  });

  test('are compared as far back as is asked, with the whole of each order', async () => {
    const old = newId();
    await provider.charge({ key: old, amount });
    const refundedLater = await paid();
    clock += 10_000;
    await cancel(refundedLater);
    await settle(ports(), refundedLater);
    expect(await reconcile({ payments, provider }, clock - 5_000)).toEqual([]);
    expect(await reconcile({ payments, provider }, 0)).toMatchObject([{ id: old }]);
  });
  test('are not said to differ on a payment that moves while they are compared', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    const { ledger } = provider;
    provider.ledger = async function* (of) {
      if ('key' in of) await request(id);
      yield* ledger(of);
    };
    expect(await reconcile({ payments, provider }, 0)).toEqual([]);
  });
});

describe('a charge that no payment of ours stands for, as after a restore', () => {
  const alarms: Alarm[] = [];
  let books: ComparedBooks;
  beforeEach(() => {
    books = fakeBooks();
    alarms.length = 0;
  });
  const compare = (patienceMs = 1_000) =>
    compareBooks({ ...ports(), books, raise: (alarm) => void alarms.push(alarm) }, { lookBackMs: 500, patienceMs });
  const types = () => alarms.splice(0).map(({ type }) => type);
  const net = (id: string) =>
    provider.entries.filter(({ key }) => key === id).map(({ type, amount: { amount: sum } }) => `${type} ${sum}`);

  test('is shown at each turn, and given back once it has been known for so long', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    await compare();
    expect(types()).toEqual(['BooksDiffer']);
    clock += 999;
    await compare();
    expect([types(), net(id)]).toEqual([['BooksDiffer'], ['CHARGE 100000']]);
    clock += 1;
    await compare();
    expect([types(), net(id)]).toEqual([
      ['BooksDiffer', 'UnknownChargeGivenBack'],
      ['CHARGE 100000', 'REFUND 100000'],
    ]);
    clock += 1;
    await compare();
    expect([types(), net(id)]).toEqual([[], ['CHARGE 100000', 'REFUND 100000']]);
    expect(await payments.get(id)).toMatchObject({ state: { status: 'cancelled', intent: null, refunded: amount } });
  });
  test('belongs to an order that asks for it in time, and is not charged again', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    await compare();
    await request(id);
    await attempt(ports(), id);
    clock += 5_000;
    types();
    await compare();
    expect([types(), net(id), (await payments.get(id))?.state.status]).toEqual([[], ['CHARGE 100000'], 'completed']);
  });
  test('is called off for an order that asks too late, and that order is told', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    await compare();
    clock += 1_000;
    await compare();
    await request(id);
    expect(payments.sent.at(-1)).toMatchObject({
      type: 'PaymentCancelled',
      order: { kind: 'lodging.reservation', id },
      refunded: amount,
    });
    await cancel(id);
    expect([payments.sent.length, net(id)]).toEqual([2, ['CHARGE 100000', 'REFUND 100000']]);
  });
  test('is given back too where the order had only been called off, and what is back already is not given twice', async () => {
    const [calledOff, partly] = [newId(), newId()];
    await cancel(calledOff);
    for (const key of [calledOff, partly]) await provider.charge({ key, amount });
    await provider.refund({ key: partly, refundKey: `${partly}-refund`, amount: krw(30_000) });
    await compare();
    clock += 1_000;
    await compare();
    expect([net(calledOff), net(partly)]).toEqual([
      ['CHARGE 100000', 'REFUND 100000'],
      ['CHARGE 100000', 'REFUND 30000', 'REFUND 70000'],
    ]);
  });
  test('is found however long ago the books were compared, and a refund that fails is tried again', async () => {
    await compare();
    const id = newId();
    clock += 10;
    await provider.charge({ key: id, amount });
    clock += 1_000_000;
    await compare();
    expect(types()).toEqual(['BooksDiffer']);
    clock += 1_000;
    const { refund } = provider;
    provider.refund = () => Promise.reject(new Error('not now'));
    await expect(compare()).rejects.toThrow('not now');
    provider.refund = refund;
    await compare();
    expect(net(id)).toEqual(['CHARGE 100000', 'REFUND 100000']);
  });
  test('is left to people where it is never given back by itself', async () => {
    const id = newId();
    await provider.charge({ key: id, amount });
    for (let turn = 0; turn < 3; turn++, clock += 1_000_000) await compare(0);
    expect([types(), net(id)]).toEqual([['BooksDiffer', 'BooksDiffer', 'BooksDiffer'], ['CHARGE 100000']]);
  });
});
