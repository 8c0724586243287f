import { beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { fakeProvider, type FakeProvider } from './fake-provider.ts';
import { reconcile } from './reconciliation.ts';
import { fakePayments, type FakePayments } from './testing/fake-payments.ts';
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

const ports = () => ({ payments, provider, turn: async () => {}, now: () => clock, random: () => 0, raise: () => {} });
const request = async (id = newId()) => {
  const order = { kind: 'lodging.reservation', id };
  await payments.hear(id, { type: 'RequestPayment', order, intent: { payerId: 'guest', payeeId: 'host', amount } });
  return id;
};
const cancel = (id: string, keep = 0) =>
  payments.hear(id, { type: 'CancelPayment', order: { kind: 'lodging.reservation', id }, keep: krw(keep), askedAt: clock + 1 });
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
      { id, status: 'none', ours: { charged: 0, refunded: 0 }, theirs: { charged: 100_000, refunded: 0 } },
    ]);
  });
  test('differ when we take for paid what was never charged', async () => {
    const id = await request();
    await payments.hear(id, { type: 'Charged', at: clock });
    expect(await reconcile({ payments, provider }, 0)).toMatchObject([{ id, status: 'completed', theirs: { charged: 0 } }]);
  });
  test('differ when money went back that we know nothing of', async () => {
    const id = await paid();
    await provider.refund({ key: id, refundKey: 'by hand', amount: krw(1) });
    expect(await reconcile({ payments, provider }, 0)).toMatchObject([{ id, theirs: { charged: 100_000, refunded: 1 } }]);
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
