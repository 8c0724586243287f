import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { command, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { userId } from '#adapters/auth/token.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { host, type Hosted } from '#adapters/host/host.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import * as messages from '#proto/jari/payment/v1/messages.ts';
import { Payment_Status, type ListPaymentsResponse, type Payment } from '#proto/jari/payment/v1/payment.ts';
import type { ListPaymentMethodsResponse, PaymentMethod } from '#proto/jari/payment/v1/payment_methods.ts';
import {
  LedgerEntry_Type,
  PaymentProvider_Mode,
  type ListLedgerEntriesResponse,
} from '#proto/jari/payment/v1/sandbox.ts';
import { service } from './main.ts';

let database: TestStore;
let data: string;
let hosted: Hosted;
const log = pino({ level: 'silent' });
const bus = inProcessBus({ log });
/** Every event that payment told, by order. */
const told = new Map<string, Envelope[]>();

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'jari-payment-'));
  database = await testStore(service);
  bus.subscribe({
    queue: 'anybody',
    events: ['payment.#'],
    commands: [],
    handle: async (envelope) => void told.set(envelope.subject, [...(told.get(envelope.subject) ?? []), envelope]),
  });
  hosted = await host(service, {
    databaseUrl: database.url,
    connections: 5,
    bus,
    settings: {
      JARI_PAYMENT_PROVIDER: 'sandbox',
      PAYMENT_PROVIDER_URL: '',
      JARI_DATA: data,
      JARI_RECONCILE_SECONDS: 0,
      JARI_PAYMENT_PROVIDER_PER_SECOND: 0,
      JARI_PAYMENT_PROVIDER_RECOVERY: 1_000,
    },
    log,
    development: true,
    clockTolerance: 30,
    signal: new AbortController().signal,
  });
  await hosted.go();
});
afterAll(async () => {
  await hosted.stop();
  await database.close();
  rmSync(data, { recursive: true, force: true });
});

const guest: Caller = { id: newId(), roles: ['customer'] };
const owner: Caller = { id: newId(), roles: ['host'] };
const stranger: Caller = { id: newId(), roles: ['customer', 'agent'] };
const admin: Caller = { id: newId(), roles: ['admin'] };
const rental: Caller = { id: newId(), roles: ['service'] };

async function call<Response>(name: string, request: object, by: Caller): Promise<Response> {
  const method = hosted.rpc.flatMap(({ methods }) => methods).find((each) => each.name === name);
  const implementation = method?.implementation;
  if (implementation?.kind === 'query') return (await implementation.run(request as never, by)) as Response;
  if (implementation?.kind !== 'command') throw new Error(`no method ${name}`);
  const result = await implementation.run(request as never, by);
  if (!result.accepted) throw new RpcError('FAILED_PRECONDITION', result.refusal, result.refusal);
  return implementation.answer(result.after) as Response;
}
const getPayment = (orderId: string, by = guest) => call<Payment>('getPayment', { orderId }, by);
const mode = (wanted: keyof typeof PaymentProvider_Mode, delayMs = 0) =>
  call('setPaymentProviderMode', { mode: PaymentProvider_Mode[wanted], delayMs }, admin);
const ledger = async (orderId: string) =>
  (await call<ListLedgerEntriesResponse>('listLedgerEntries', { orderId }, admin)).entries.map(({ type, amount }) => [
    type,
    Number(amount?.units),
  ]);

const amount = toProto(krw(100_000));
const order = (id: string) => ({ kind: 'lodging.reservation', id });
const send = (outgoing: Outgoing) => bus.publish([envelopeFor(outgoing, 'lodging')]);
async function request(id: string = newId()): Promise<string> {
  const wish = { order: order(id), payerId: guest.id, payeeId: owner.id, amount };
  await send(command('jari.payment.v1.RequestPayment', messages.RequestPayment, id, wish));
  return id;
}
const cancel = (id: string, keep: number) => {
  const wish = { order: order(id), keep: toProto(krw(keep)), askedAt: new Date(Date.now() + 1_000) };
  return send(command('jari.payment.v1.CancelPayment', messages.CancelPayment, id, wish));
};
const words = (id: string) => (told.get(id) ?? []).map(({ type }) => type.split('.').at(-1));
async function eventually(check: () => unknown): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await check();
      return;
    } catch (error) {
      if (tries === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
const becomes = (id: string, status: keyof typeof Payment_Status) =>
  eventually(async () => expect((await getPayment(id, admin)).status).toBe(Payment_Status[status]));

describe("a customer's cards (B5)", () => {
  const anyone = (): Caller => ({ id: newId(), roles: ['customer'] });
  const list = async (by: Caller) =>
    (await call<ListPaymentMethodsResponse>('listPaymentMethods', {}, by)).paymentMethods;
  const add = (token: string, by: Caller) => call<PaymentMethod>('createPaymentMethod', { token }, by);
  const change = (name: 'setDefaultPaymentMethod' | 'deletePaymentMethod', { id }: PaymentMethod, by: Caller) =>
    call<PaymentMethod>(name, { paymentMethodId: id }, by);

  test('are what the provider says of their tokens; the first is the default, the newest comes first', async () => {
    const mina = anyone();
    expect(await list(mina)).toEqual([]);
    const visa = await add('tok_visa', mina);
    const other = await add('tok_mastercard', mina);
    expect(visa).toEqual({
      id: expect.any(String),
      brand: 'VISA',
      last4: '4242',
      expires: expect.stringMatching(/^20\d\d-(0[1-9]|1[0-2])$/),
      default: true,
    });
    expect(other).toMatchObject({ brand: 'MASTERCARD', last4: '4444', default: false });
    expect(await list(mina)).toEqual([other, visa]);
    expect(await change('setDefaultPaymentMethod', other, mina)).toEqual({ ...other, default: true });
    await change('deletePaymentMethod', other, mina);
    expect(await list(mina)).toEqual([visa]);
  });

  test('of others, unknown tokens and an eleventh are refused', async () => {
    const [mina, other] = [anyone(), anyone()];
    const card = await add('tok_visa', mina);
    for (const name of ['setDefaultPaymentMethod', 'deletePaymentMethod'] as const)
      await expect(change(name, card, other)).rejects.toThrow('no-such-card');
    await expect(add('tok_gold', mina)).rejects.toThrow('unknown-token');
    for (let more = 1; more < 10; more++) await add('tok_expires_soon', mina);
    await expect(add('tok_visa', mina)).rejects.toThrow('too-many-cards');
    expect(await list(mina)).toHaveLength(10);
  });

  test('are not added while the provider does not answer', async () => {
    const mina = anyone();
    await mode('DOWN');
    await expect(add('tok_visa', mina)).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'PROVIDER_UNREACHABLE' });
    await mode('NORMAL');
    expect(await list(mina)).toEqual([]);
  });
});

describe("a charge to the payer's default card (B5)", () => {
  const payer = (): Caller => ({ id: newId(), roles: ['customer'] });
  const add = (token: string, by: Caller) => call<PaymentMethod>('createPaymentMethod', { token }, by);
  const pay = (by: Caller) =>
    call<Payment>('pay', { order: order(newId()), payerId: by.id, payeeId: '', amount }, rental);

  test('says which card it is, also when it is declined', async () => {
    const mina = payer();
    await add('tok_mastercard', mina);
    expect(await pay(mina)).toMatchObject({ card: { brand: 'MASTERCARD', last4: '4444' } });
    const bad = await add('tok_declined', mina);
    await call('setDefaultPaymentMethod', { paymentMethodId: bad.id }, mina);
    await expect(pay(mina)).rejects.toMatchObject({ reason: 'PAYMENT_DECLINED' });
    const [declined] = (await call<ListPaymentsResponse>('listPayments', { status: Payment_Status.DECLINED }, mina))
      .payments;
    expect(declined).toMatchObject({ reason: 'CARD_DECLINED', card: { last4: '0002' } });
  });

  test('charges the chosen card instead; a card of somebody else is refused by its field', async () => {
    const [mina, other] = [payer(), payer()];
    const [visa, chosen] = [await add('tok_visa', mina), await add('tok_mastercard', mina)];
    const by = (paymentMethodId: string, payerId = mina.id) =>
      call<Payment>('pay', { order: order(newId()), payerId, payeeId: '', amount, paymentMethodId }, rental);
    expect(await by(chosen.id)).toMatchObject({ card: { brand: 'MASTERCARD' } });
    await expect(by(visa.id, other.id)).rejects.toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', reason: 'UNKNOWN_PAYMENT_METHOD' },
      fields: [{ field: 'payment_method_id' }],
    });
    const id = newId<string>();
    const wish = { order: order(id), payerId: mina.id, payeeId: '', amount, paymentMethodId: chosen.id };
    await send(command('jari.payment.v1.RequestPayment', messages.RequestPayment, id, wish));
    await becomes(id, 'COMPLETED');
    expect(await getPayment(id, admin)).toMatchObject({ card: { brand: 'MASTERCARD' } });
  });

  test('is looked for before an order is accepted', async () => {
    const [mina, other] = [payer(), payer()];
    const card = await add('tok_visa', mina);
    const check = (by: Caller, paymentMethodId?: string) =>
      call('checkPaymentMethod', { customerId: by.id, paymentMethodId }, rental);
    expect([await check(mina), await check(mina, card.id)]).toEqual([{}, {}]);
    await expect(check(other, card.id)).rejects.toMatchObject({ reason: 'UNKNOWN_PAYMENT_METHOD' });
    await call('deletePaymentMethod', { paymentMethodId: card.id }, mina);
    await expect(check(mina)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'NO_PAYMENT_METHOD' });
  });

  test('shows the card to the payer and to administrators, and not to whoever is paid', async () => {
    const [mina, seller] = [payer(), payer()];
    const id = newId();
    await call<Payment>('pay', { order: order(id), payerId: mina.id, payeeId: seller.id, amount }, rental);
    const seenBy = async (by: Caller) => [
      (await call<Payment>('getPayment', { orderId: id }, by)).card,
      (await call<ListPaymentsResponse>('listPayments', {}, by)).payments.find((each) => each.id === id)?.card,
    ];
    const shown = { brand: 'VISA', last4: '4242' };
    expect(await seenBy(mina)).toEqual([shown, shown]);
    expect(await seenBy({ id: newId(), roles: ['admin'] })).toEqual([shown, shown]);
    expect(await seenBy(seller)).toEqual([undefined, undefined]);
  });

  test('in development gives who never had a card a sample one, and nobody who removed theirs', async () => {
    const mina = payer();
    const cards = () => call<ListPaymentMethodsResponse>('listPaymentMethods', {}, mina);
    expect(await cards()).toMatchObject({ paymentMethods: [], firstOrderBringsCard: true });
    expect(await pay(mina)).toMatchObject({ card: { brand: 'VISA', last4: '4242' } });
    const {
      paymentMethods: [sample, ...more],
      firstOrderBringsCard,
    } = await cards();
    expect([sample, more, firstOrderBringsCard]).toMatchObject([{ last4: '4242', default: true }, [], false]);
    await call('deletePaymentMethod', { paymentMethodId: sample!.id }, mina);
    await expect(pay(mina)).rejects.toMatchObject({ reason: 'NO_PAYMENT_METHOD' });
    expect(await cards()).toMatchObject({ paymentMethods: [], firstOrderBringsCard: false });
  });

  test('is made to the sample customers from the start', async () => {
    const sample: Caller = { id: userId('guest'), roles: ['customer'] };
    expect(await call<ListPaymentMethodsResponse>('listPaymentMethods', {}, sample)).toMatchObject({
      paymentMethods: [{ brand: 'VISA', default: true }],
    });
  });
});

describe('payment, from the command to the provider and back', () => {
  test('charges and tells so; a repeated command is answered and charges nothing (L3)', async () => {
    const id = await request();
    await becomes(id, 'COMPLETED');
    await request(id);
    await eventually(() => expect(words(id)).toEqual(['PaymentCompleted', 'PaymentCompleted']));
    expect(await ledger(id)).toEqual([[LedgerEntry_Type.CHARGE, 100_000]]);
    const [{ payload }] = told.get(id) as [Envelope];
    expect(messages.PaymentCompleted.decode(payload)).toEqual({ order: order(id), version: 2n, amount });
    expect(await getPayment(id)).toMatchObject({
      id,
      order: order(id),
      payerId: guest.id,
      payeeId: owner.id,
      amount,
      refunded: toProto(krw(0)),
      reason: '',
    });
  });

  test('gives back what the policy does not keep (L5)', async () => {
    const id = await request();
    await becomes(id, 'COMPLETED');
    await cancel(id, 30_000);
    await becomes(id, 'CANCELLED');
    expect(await ledger(id)).toEqual([
      [LedgerEntry_Type.CHARGE, 100_000],
      [LedgerEntry_Type.REFUND, 70_000],
    ]);
    await eventually(() => expect(words(id)).toEqual(['PaymentCompleted', 'PaymentCancelled']));
    const [, { payload }] = told.get(id) as [Envelope, Envelope];
    expect(messages.PaymentCancelled.decode(payload).refunded).toEqual(toProto(krw(70_000)));
  });

  test('gives back the rest when it turns out that nothing is to be kept, in a refund of its own', async () => {
    const id = await request();
    await becomes(id, 'COMPLETED');
    await cancel(id, 30_000);
    await becomes(id, 'CANCELLED');
    for (let time = 0; time < 2; time++) await cancel(id, 0);
    await eventually(() =>
      expect(words(id)).toEqual(['PaymentCompleted', 'PaymentCancelled', 'PaymentCancelled', 'PaymentCancelled']),
    );
    await becomes(id, 'CANCELLED');
    expect(await ledger(id)).toEqual([
      [LedgerEntry_Type.CHARGE, 100_000],
      [LedgerEntry_Type.REFUND, 70_000],
      [LedgerEntry_Type.REFUND, 30_000],
    ]);
    const last = told.get(id)?.at(-1) as Envelope;
    expect(messages.PaymentCancelled.decode(last.payload).refunded).toEqual(toProto(krw(100_000)));
    expect((await getPayment(id)).refunded).toEqual(toProto(krw(100_000)));
  });

  test('charges nothing when the cancellation overtook the request', async () => {
    const id = newId();
    await cancel(id, 0);
    await request(id);
    await eventually(() => expect(words(id)).toEqual(['PaymentCancelled', 'PaymentCancelled']));
    expect([await ledger(id), (await getPayment(id, admin)).status]).toEqual([[], Payment_Status.CANCELLED]);
  });

  test("ends with the provider's reason when it is declined (L13)", async () => {
    await mode('DECLINING');
    const id = await request();
    await becomes(id, 'DECLINED');
    await mode('NORMAL');
    expect(await getPayment(id)).toMatchObject({ reason: 'CARD_DECLINED', reasonText: 'The card was declined.' });
    expect([words(id), await ledger(id)]).toEqual([['PaymentDeclined'], []]);
  });

  test.each(['DOWN', 'LOSES_ANSWERS', 'SLOW'] as const)(
    'many at once while the provider is %s all complete after it, charged once each (L9)',
    async (bad) => {
      await mode(bad, 4_000); // slow beyond patience
      const ids = await Promise.all(Array.from({ length: 30 }, () => request()));
      // Until each has been to the provider, who has charged it and not said so.
      const charge = [LedgerEntry_Type.CHARGE, 100_000];
      if (bad === 'DOWN')
        await eventually(() => expect(ids.every((id) => words(id).includes('PaymentDeferred'))).toBe(true));
      else await eventually(async () => expect(await Promise.all(ids.map(ledger))).toEqual(ids.map(() => [charge])));
      await mode('NORMAL');
      for (const id of ids) await becomes(id, 'COMPLETED');
      for (const id of ids) expect(await ledger(id)).toEqual([charge]);
    },
    60_000,
  );

  test('a waiting payment is tried again when its payee says so (L9)', async () => {
    await mode('DOWN');
    const id = await request();
    await eventually(() => expect(words(id)).toEqual(['PaymentDeferred']));
    await mode('NORMAL');
    expect(await call<Payment>('retryPayment', { orderId: id }, owner)).toMatchObject({
      id,
      status: Payment_Status.PENDING,
    });
    await becomes(id, 'COMPLETED');
    await expect(call('retryPayment', { orderId: id }, owner)).rejects.toThrow('not-pending');
  });

  test('a service has the payer that it names charged at once, and once; the order is nobody else’s to pay (R2)', async () => {
    const id = newId();
    const pay = (payerId: string) => call<Payment>('pay', { order: order(id), payerId, payeeId: '', amount }, rental);
    const paid = await pay(guest.id);
    expect(paid).toMatchObject({ id, payerId: guest.id, amount, status: Payment_Status.COMPLETED });
    expect(await pay(guest.id)).toEqual(paid);
    await expect(pay(owner.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect([await ledger(id), (await getPayment(id)).payerId]).toEqual([
      [[LedgerEntry_Type.CHARGE, 100_000]],
      guest.id,
    ]);
  });

  test('whoever waits at the counter is not behind those whose payments are made later, however slow the provider (R9)', async () => {
    await mode('SLOW', 2_000);
    const later = await Promise.all(Array.from({ length: 150 }, () => request()));
    await pause(200); // until as many of them are under way as there is room for
    const id = newId();
    const began = performance.now();
    await call('pay', { order: order(id), payerId: guest.id, payeeId: '', amount }, rental);
    expect(performance.now() - began).toBeLessThan(3_000); // rental waits no longer, and behind the others it would take two turns
    await mode('NORMAL');
    for (const each of later) await becomes(each, 'COMPLETED');
  }, 60_000);

  test("somebody else's payment is not there, and not in the list", async () => {
    const id = await request();
    await expect(getPayment(id, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(call('retryPayment', { orderId: id }, stranger)).rejects.toThrow('no-such-payment');
    const listed = async (by: Caller) =>
      (
        await call<ListPaymentsResponse>(
          'listPayments',
          { status: Payment_Status.STATUS_UNSPECIFIED, pageSize: 200, pageToken: '' },
          by,
        )
      ).payments.map((payment) => payment.id);
    for (const by of [guest, owner, admin]) expect(await listed(by)).toContain(id);
    expect(await listed(stranger)).toEqual([]);
  });

  test('lists page by page', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await call<ListPaymentsResponse>(
        'listPayments',
        { status: Payment_Status.COMPLETED, pageSize: 20, pageToken },
        owner,
      );
      seen.push(...page.payments.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(seen.length).toBeGreaterThan(90);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });
});
