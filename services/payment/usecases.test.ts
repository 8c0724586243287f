import { beforeEach, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { rateCount } from '#adapters/rpc/rate.ts';
import { backOff } from '#kernel/unanswered.ts';
import { fakeProvider, type FakeProvider } from './testing/fake-provider.ts';
import type { Input } from './payment.ts';
import type { Card } from './wallet.ts';
import type { Alarm, Ports } from './ports.ts';
import { fakePayments, type FakePayments } from './testing/fake-payments.ts';
import { paymentsContract } from './testing/payments-contract.ts';
import { attempt, listPayments, pay, readPayment, retryPayment, settle } from './usecases.ts';

paymentsContract('memory', () => kept);
const kept = fakePayments(() => Date.now());

let clock: number;
let payments: FakePayments;
let provider: FakeProvider;
let alarms: Alarm[];
let ports: Ports;
let id: string;
beforeEach(() => {
  clock = 1_000_000;
  payments = fakePayments(() => clock);
  provider = fakeProvider(() => clock);
  alarms = [];
  ports = {
    payments,
    provider,
    declines: rateCount({ times: 3, withinMs: minutes(3) }, () => clock),
    turn: async () => {},
    now: () => clock,
    random: () => 0.5,
    raise: (alarm) => alarms.push(alarm),
  };
  id = newId();
});

const amount = krw(100_000);
const order = () => ({ kind: 'lodging.reservation', id });
const request = (): Input => ({
  type: 'RequestPayment',
  order: order(),
  intent: { payerId: 'guest', payeeId: 'host', amount },
});
const cancel = (keep = 0): Input => ({ type: 'CancelPayment', order: order(), keep: krw(keep), askedAt: clock + 1 });
const status = async () => (await payments.get(id))?.state.status;
const told = () => payments.sent.map(({ type }) => type);
const net = () =>
  provider.entries.reduce((sum, { type, amount: { amount } }) => sum + (type === 'CHARGE' ? amount : -amount), 0);
/** Counts the calls to the provider from here on. */
function calls(): string[] {
  const made: string[] = [];
  const { charge, find } = provider;
  provider.charge = (what) => (made.push('charge'), charge(what));
  provider.find = (key) => (made.push('find'), find(key));
  return made;
}

describe('a payer whose charges are declined again and again, as when stolen cards are tried out', () => {
  const tried = async (payerId = 'guest', isAwaited = true) => {
    id = newId();
    if (isAwaited) await pay(ports, order(), { payerId, payeeId: '', amount });
    else {
      await payments.hear(id, { type: 'RequestPayment', order: order(), intent: { payerId, payeeId: '', amount } });
      await attempt(ports, id);
    }
    const state = (await payments.get(id))?.state;
    return state?.status === 'declined' ? state.reason : state?.status;
  };
  beforeEach(async () => {
    provider.mode = 'DECLINING';
    expect([await tried(), await tried('guest', false), await tried()]).toEqual(Array(3).fill('CARD_DECLINED'));
    provider.mode = 'NORMAL';
  });

  test.each([
    ['while the payer waits', true],
    ['later', false],
  ])('is not charged %s, and the provider is not asked', async (_, isAwaited) => {
    const made = calls();
    expect(await tried('guest', isAwaited)).toBe('TOO_MANY_DECLINES');
    expect([made, net()]).toEqual([[], 0]);
  });
  test('pays again after a while', async () => {
    clock += minutes(1);
    expect(await tried()).toBe('completed');
  });
  test('hinders nobody else', async () => expect(await tried('other')).toBe('completed'));
  test('hears what became of a charge that may have been sent', async () => {
    id = newId();
    await payments.hear(id, request());
    await provider.charge({ key: id, amount });
    clock += 10_000;
    await attempt(ports, id);
    expect(await status()).toBe('completed');
  });
});

describe("the payer's card (B5)", () => {
  const card = { id: 'c1', reference: 'at-provider', brand: 'VISA', last4: '4242', expires: '2029-12' };
  const requestBy = (by: Card | null, more: { isCardChosen?: true } = {}): Input => ({
    type: 'RequestPayment',
    order: order(),
    intent: { payerId: 'guest', payeeId: 'host', amount, card: by, ...more },
  });

  test('is charged, and no other one after it, however often the payment is requested', async () => {
    const asked: (string | undefined)[] = [];
    const { charge } = provider;
    provider.charge = (what) => (asked.push(what.card), charge(what));
    await payments.hear(id, requestBy(card));
    provider.mode = 'DOWN';
    await attempt(ports, id);
    await payments.hear(id, requestBy({ ...card, reference: 'another' }));
    provider.mode = 'NORMAL';
    await attempt(ports, id);
    expect([await status(), asked]).toEqual(['completed', ['at-provider', 'at-provider']]);
  });
  test.each([
    ['there is none of', {}, 'NO_PAYMENT_METHOD'],
    ['was chosen and is not the payer’s', { isCardChosen: true }, 'UNKNOWN_PAYMENT_METHOD'],
  ] as const)('that %s is a decline, and the provider is not asked', async (_, chosen, reason) => {
    const made = calls();
    await payments.hear(id, requestBy(null, chosen));
    await attempt(ports, id);
    const state = (await payments.get(id))?.state;
    expect([state, made]).toMatchObject([{ status: 'declined', reason }, []]);
  });
});

describe('findCard while one waits (R2, R7)', () => {
  const payNow = () => pay(ports, order(), { payerId: 'guest', payeeId: '', amount });

  test('charges at once, and once however often it is asked', async () => {
    expect(await payNow()).toMatchObject({ accepted: true, after: { state: { status: 'completed' } } });
    expect(await payNow()).toMatchObject({ accepted: true, after: { state: { status: 'completed' } } });
    expect(net()).toBe(100_000);
  });
  test("says the provider's no", async () => {
    provider.mode = 'DECLINING';
    expect(await payNow()).toMatchObject({ after: { state: { status: 'declined', reason: 'CARD_DECLINED' } } });
  });
  test('asks about an answer that was lost, and knows of the charge after all', async () => {
    provider.mode = 'LOSES_ANSWERS';
    expect(await payNow()).toMatchObject({ after: { state: { status: 'completed' } } });
    expect(net()).toBe(100_000);
  });
  test('does not know when the provider says nothing, and goes on by itself until it is called off', async () => {
    provider.mode = 'DOWN';
    expect(await payNow()).toMatchObject({ after: { state: { status: 'pending' } } });
    expect(payments.timers.get(`${id}/attempt`)).toBeGreaterThan(clock);
    await payments.hear(id, cancel());
    provider.mode = 'NORMAL';
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
  });
  test('leaves it to the timer if we die before the provider is asked', async () => {
    await payments.hear(id, {
      type: 'Pay',
      order: order(),
      intent: { payerId: 'guest', payeeId: '', amount },
      attendedUntil: clock + 10_000,
    });
    expect(payments.timers.get(`${id}/attempt`)).toBe(clock + 10_000);
  });
  test('charges nothing that was called off before, and nobody for what is not theirs', async () => {
    await payments.hear(id, cancel());
    expect(await payNow()).toMatchObject({ after: { state: { status: 'cancelled' } } });
    expect(net()).toBe(0);
    id = newId();
    await payNow();
    expect(await pay(ports, order(), { payerId: 'stranger', payeeId: '', amount })).toEqual({
      accepted: false,
      refusal: 'no-such-payment',
    });
  });
});

describe('an attempt', () => {
  test('charges a new payment without asking first (L3)', async () => {
    await payments.hear(id, request());
    const made = calls();
    await attempt(ports, id);
    expect(made).toEqual(['charge']);
    expect([await status(), told(), net()]).toEqual(['completed', ['PaymentCompleted'], 100_000]);
  });
  test("passes on the provider's no with its reason (L13)", async () => {
    provider.mode = 'DECLINING';
    await payments.hear(id, request());
    await attempt(ports, id);
    expect(payments.sent).toEqual([
      {
        ...{ type: 'PaymentDeclined', order: order(), reason: 'CARD_DECLINED', reasonText: 'The card was declined.' },
        ...{ isRetryable: false, cards: 1 },
      },
    ]);
    expect(net()).toBe(0);
  });
  test('is put off while the provider is down, and completes when it is back (L9)', async () => {
    provider.mode = 'DOWN';
    await payments.hear(id, request());
    for (let time = 0; time < 3; time++) await attempt(ports, id);
    expect([await status(), told()]).toEqual(['pending', ['PaymentDeferred']]);
    expect(payments.timers.get(`${id}/attempt`)).toBe(clock + 2_000 * 0.75);
    provider.mode = 'NORMAL';
    await attempt(ports, id);
    expect([await status(), told(), net()]).toEqual(['completed', ['PaymentDeferred', 'PaymentCompleted'], 100_000]);
  });
  test('whose answer was lost is asked about, not made again', async () => {
    provider.mode = 'LOSES_ANSWERS';
    await payments.hear(id, request());
    const made = calls();
    await attempt(ports, id);
    await attempt(ports, id);
    expect(made).toEqual(['charge', 'find']);
    expect([await status(), net()]).toEqual(['completed', 100_000]);
  });
  test('after a crash asks before it sends again', async () => {
    await payments.hear(id, request());
    await provider.charge({ key: id, amount }); // and died before the outcome was kept
    clock += 30_000;
    const made = calls();
    await attempt(ports, id);
    expect(made).toEqual(['find']);
    expect([await status(), net()]).toEqual(['completed', 100_000]);
  });
  test('that never reached the provider is made without asking first', async () => {
    await payments.hear(id, request());
    ports.turn = () => Promise.reject(Object.assign(new Error('not now'), { notCalled: true, comeBackMs: 40_000 }));
    const made = calls();
    for (let time = 0; time < 3; time++) await attempt(ports, id);
    expect([made, await status(), told(), payments.timers.get(`${id}/attempt`)]).toEqual([
      [],
      'pending',
      ['PaymentDeferred'],
      clock + 40_000,
    ]);
    const asked: number[][] = [];
    ports.turn = async (...of) => void asked.push(of);
    clock += 40_000;
    await attempt(ports, id);
    expect([made, asked, await status(), net()]).toEqual([['charge'], [[3, 1]], 'completed', 100_000]);
  });
  test.each(['before it was put off', 'after it was put off'])(
    'that may have reached the provider %s is asked about, and takes turns for both calls',
    async (when) => {
      const putOff = async () => {
        ports.turn = () => Promise.reject(Object.assign(new Error('not now'), { notCalled: true, comeBackMs: 1_000 }));
        await attempt(ports, id);
        ports.turn = async (...of) => void asked.push(of);
      };
      const loseAnswer = async () => {
        provider.mode = 'LOSES_ANSWERS';
        await attempt(ports, id);
        provider.mode = 'NORMAL';
      };
      const asked: number[][] = [];
      await payments.hear(id, request());
      for (const step of when.startsWith('before') ? [loseAnswer, putOff] : [putOff, loseAnswer]) await step();
      const made = calls();
      await attempt(ports, id);
      expect([made, asked.at(-1), await status(), net()]).toEqual([['find'], [2, 2], 'completed', 100_000]);
    },
  );
  test.each([0, 1])('that a crash may have made is asked about, long after it was put off %i times', async (times) => {
    await payments.hear(id, request());
    ports.turn = () => Promise.reject(Object.assign(new Error('not now'), { notCalled: true, comeBackMs: 1_000 }));
    for (let time = 0; time < times; time++) await attempt(ports, id);
    await provider.charge({ key: id, amount }); // and died before the outcome was kept
    clock += 150_000;
    await attempt(ports, id); // put off again, and that says nothing of what happened before
    ports.turn = async () => {};
    const made = calls();
    await attempt(ports, id);
    expect([made, await status(), net()]).toEqual([['find'], 'completed', 100_000]);
  });
  test('of a payment that is decided or called off does nothing', async () => {
    await payments.hear(id, cancel());
    const made = calls();
    await attempt(ports, id);
    await attempt(ports, newId());
    expect([made, net()]).toEqual([[], 0]);
  });
});

describe('settling a cancellation', () => {
  test('gives back what the policy does not keep (L5)', async () => {
    await payments.hear(id, request());
    await attempt(ports, id);
    await payments.hear(id, cancel(30_000));
    expect(payments.sent.at(-1)).toEqual({
      type: 'PaymentCancelled',
      order: order(),
      refunded: krw(70_000),
      kept: krw(30_000),
    });
    await settle(ports, id);
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 30_000]);
  });
  test('nets zero wherever the attempt stood when the cancellation came', async () => {
    for (const charged of ['before', 'never', 'meanwhile', 'after'] as const) {
      id = newId();
      await payments.hear(id, request());
      if (charged === 'before') await provider.charge({ key: id, amount });
      await payments.hear(id, cancel(30_000));
      if (charged === 'meanwhile') await provider.charge({ key: id, amount });
      await settle(ports, id);
      if (charged === 'after') expect(await provider.charge({ key: id, amount })).toMatchObject({ reason: 'VOIDED' });
      await payments.hear(id, { type: 'Charged', at: clock });
      expect([charged, await status(), net()]).toEqual([charged, 'cancelled', 0]);
    }
  });
  test('waits for a provider that is down and finishes when it is back', async () => {
    await payments.hear(id, request());
    await attempt(ports, id);
    await payments.hear(id, cancel());
    provider.mode = 'DOWN';
    await settle(ports, id);
    expect(await status()).toBe('refunding');
    expect(payments.timers.get(`${id}/settle`)).toBe(clock + 500 * 0.75);
    provider.mode = 'NORMAL';
    await settle(ports, id);
    expect([await status(), net(), told()]).toEqual(['cancelled', 0, ['PaymentCompleted', 'PaymentCancelled']]);
  });
  test('refunds once although the answers are lost', async () => {
    await payments.hear(id, request());
    provider.mode = 'LOSES_ANSWERS';
    await attempt(ports, id);
    await payments.hear(id, cancel());
    for (let time = 0; time < 4; time++) await settle(ports, id);
    expect([await status(), net(), provider.entries.length]).toEqual(['cancelled', 0, 2]);
  });
  test('gives back in parts what was raised meanwhile or later, each once though its answers are lost', async () => {
    for (const raisedBefore of [0, 1, 2, 3]) {
      id = newId();
      provider.mode = 'NORMAL';
      await payments.hear(id, request());
      await attempt(ports, id);
      await payments.hear(id, cancel(30_000));
      provider.mode = 'LOSES_ANSWERS';
      for (let time = 0; time < 6; time++) {
        if (time === raisedBefore) await payments.hear(id, cancel());
        await settle(ports, id);
      }
      const booked = provider.entries.filter(({ key }) => key === id).map(({ type, amount }) => [type, amount.amount]);
      expect([raisedBefore, await status(), booked]).toEqual([
        raisedBefore,
        'cancelled',
        [
          ['CHARGE', 100_000],
          ['REFUND', 70_000],
          ['REFUND', 30_000],
        ],
      ]);
      expect(payments.sent.at(-1)).toEqual({
        type: 'PaymentCancelled',
        order: order(),
        refunded: krw(100_000),
        kept: krw(0),
      });
    }
  });
  test('by two at once settles what each of them asked for, also when the refund was raised between them', async () => {
    await payments.hear(id, request());
    await attempt(ports, id);
    await payments.hear(id, cancel(30_000));
    const { refund } = provider;
    provider.refund = async (asked) => {
      provider.refund = refund;
      const answer = await refund(asked);
      await payments.hear(id, cancel());
      await settle(ports, id); // the other one, which is faster
      return answer;
    };
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['refunding', 30_000]);
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
  });
  test('raises an alarm when the provider refuses for good, and goes on trying', async () => {
    await payments.hear(id, request());
    await payments.hear(id, { type: 'Charged', at: clock }); // our books say so, the provider's do not
    await payments.hear(id, cancel());
    await settle(ports, id);
    expect(alarms).toEqual([{ type: 'RefundRefused', id, reason: 'NOT_CHARGED' }]);
    expect([await status(), payments.timers.get(`${id}/settle`)]).toEqual(['refunding', clock + 300_000]);
    await provider.charge({ key: id, amount }); // mended by hand
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
  });
  test('asks about a refund that takes days every five minutes, without an alarm', async () => {
    await payments.hear(id, request());
    await attempt(ports, id);
    await payments.hear(id, cancel());
    const { refund } = provider;
    provider.refund = async () => ({ outcome: 'pending' });
    for (let time = 0; time < 3; time++) await settle(ports, id);
    expect([await status(), payments.timers.get(`${id}/settle`), alarms]).toEqual(['refunding', clock + 300_000, []]);
    provider.refund = refund;
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
  });
});

test('attempts that fail together do not come back together, and wait 15 s at most (L9)', () => {
  expect([backOff(0, 0), backOff(0, 0.999) < 251, backOff(3, 0), backOff(50, 0)]).toEqual([500, true, 4_000, 15_000]);
});

describe('another card after a decline (B5)', () => {
  const card = (name: string): Card => ({
    ...{ id: name, reference: `ref-${name}`, brand: 'VISA', last4: '4242', expires: '2029-12' },
  });
  const guest = { id: 'guest', admin: false };
  const retry = (name: string) =>
    retryPayment(
      { ...ports, findCard: async (_, cardId) => ({ card: cardId === 'stolen' ? null : card(cardId ?? '') }) },
      ...([id, guest, name] as const),
    );
  beforeEach(async () => {
    provider.mode = 'DECLINING';
    const intent = { payerId: 'guest', payeeId: 'host', amount, card: card('visa'), isRetryable: true } as const;
    await payments.hear(id, { type: 'RequestPayment', order: order(), intent });
    await attempt(ports, id);
    expect(await status()).toBe('declined');
    provider.mode = 'NORMAL';
  });
  test('is charged once, however often it is asked for, and given back in full', async () => {
    for (let times = 0; times < 2; times++) expect(await retry('mastercard')).toMatchObject({ accepted: true });
    await Promise.all([attempt(ports, id), attempt(ports, id)]);
    expect(await retry('mastercard')).toMatchObject({ accepted: true });
    await attempt(ports, id);
    expect([await status(), net(), told()]).toEqual(['completed', 100_000, ['PaymentDeclined', 'PaymentCompleted']]);
    await payments.hear(id, cancel());
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
  });
  test('is charged once where the answer is lost', async () => {
    await retry('mastercard');
    provider.mode = 'LOSES_ANSWERS';
    await attempt(ports, id);
    expect([await status(), net()]).toEqual(['pending', 100_000]);
    provider.mode = 'NORMAL';
    clock += minutes(1);
    await attempt(ports, id);
    expect([await status(), net()]).toEqual(['completed', 100_000]);
  });
  test('is not charged after the order is called off, and given back where it just was', async () => {
    await retry('mastercard');
    await payments.hear(id, cancel());
    await attempt(ports, id);
    await settle(ports, id);
    expect([await status(), net()]).toEqual(['cancelled', 0]);
    expect(await retry('mastercard')).toEqual({ accepted: false, refusal: 'not-pending' });

    const late = provider.charge({ key: `${id}-card-2`, amount, card: 'ref-mastercard' });
    expect(await late).toMatchObject({ outcome: 'declined', reason: 'VOIDED' });
  });
  test('that is charged while the order is called off is given back', async () => {
    await retry('mastercard');
    provider.mode = 'LOSES_ANSWERS';
    await attempt(ports, id);
    provider.mode = 'NORMAL';
    await payments.hear(id, cancel());
    await settle(ports, id);
    expect([await status(), net(), provider.entries.length]).toEqual(['cancelled', 0, 2]);
  });
  test('counts as any other: after too many declines the provider is not asked, however long the order has waited', async () => {
    const made = calls();
    provider.mode = 'DECLINING';
    const reasons: unknown[] = [];
    for (const name of ['second', 'third', 'fourth', 'fifth']) {
      clock += 5_000;
      expect(await retry(name)).toMatchObject({ accepted: true });
      await attempt(ports, id);
      reasons.push((await payments.get(id))?.state);
    }
    expect(reasons).toMatchObject(
      ['CARD_DECLINED', 'CARD_DECLINED', 'TOO_MANY_DECLINES', 'TOO_MANY_DECLINES'].map((reason) => ({ reason })),
    );
    expect(made).toEqual(['charge', 'charge']);
    expect(await retry('sixth')).toEqual({ accepted: false, refusal: 'too-many-cards-tried' });
    expect(payments.sent.at(-1)).toMatchObject({ type: 'PaymentDeclined', isRetryable: false, cards: 5 });
  });
  test('is charged once where a process died after it was sent', async () => {
    await retry('mastercard');
    await provider.charge({ key: `${id}-card-2`, amount, card: 'ref-mastercard' });
    clock += 10_000;
    provider.mode = 'DECLINING';
    await attempt(ports, id);
    expect([await status(), net()]).toEqual(['completed', 100_000]);
  });
  test('is one of the payer’s', async () =>
    expect(await retry('stolen')).toEqual({ accepted: false, refusal: 'unknown-payment-method' }));
});

describe('who sees a payment', () => {
  const person = (name: string, admin = false) => ({ id: name, admin });
  test('its payer, its payee and administrators, nobody else', async () => {
    await payments.hear(id, request());
    for (const by of [person('guest'), person('host'), person('boss', true)])
      expect(await readPayment(payments, id, by)).toMatchObject({ id });
    expect(await readPayment(payments, id, person('stranger'))).toBeUndefined();
    expect(await readPayment(payments, newId(), person('boss', true))).toBeUndefined();
    expect(await retryPayment({ ...ports, findCard: async () => ({}) }, id, person('stranger'), undefined)).toEqual({
      accepted: false,
      refusal: 'no-such-payment',
    });
    expect(await retryPayment({ ...ports, findCard: async () => ({}) }, id, person('host'), undefined)).toMatchObject({
      accepted: true,
    });
  });
  test('what one pays and what one is paid is one list, newest first', async () => {
    const made: string[] = [];
    const between = async (payerId: string, payeeId: string) => {
      const orderId = newId();
      made.unshift(orderId);
      await payments.hear(orderId, {
        type: 'RequestPayment',
        order: { kind: 'k', id: orderId },
        intent: { payerId, payeeId, amount },
      });
    };
    await between('kim', 'lee');
    await between('lee', 'kim');
    await between('lee', 'park');
    await between('kim', 'kim');
    const listed = async (by: string, admin = false, page: { size: number; after?: string } = { size: 10 }) =>
      (await listPayments(payments, person(by, admin), undefined, page)).map((found) => found.id);
    expect(await listed('kim')).toEqual([made[0], made[2], made[3]]);
    expect(await listed('kim', false, { size: 2 })).toEqual([made[0], made[2]]);
    expect(await listed('kim', false, { size: 2, after: made[2] as string })).toEqual([made[3]]);
    expect(await listed('boss', true)).toEqual(made);
    expect(await listPayments(payments, person('kim'), 'completed', { size: 10 })).toEqual([]);
  });
});
