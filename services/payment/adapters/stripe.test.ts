import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw, type Money } from '#kernel/money.ts';
import { seconds } from '#kernel/time.ts';
import type { Provider } from '../ports.ts';
import { reconcile } from '../reconciliation.ts';
import { declinesUnlimited, fakePayments } from '../testing/fake-payments.ts';
import { collected, providerContract } from '../testing/provider-contract.ts';
import { startStripeStandIn, type StandInMode } from '../testing/stripe-stand-in.ts';
import { attempt, settle } from '../usecases.ts';
import { stripeProvider } from './stripe.ts';

const dayMs = seconds(86_400);
const settings = { apiKey: 'sk_test_123', paymentMethod: 'pm_card_visa' };

describe('with a memory', () => {
  let standIn: Awaited<ReturnType<typeof startStripeStandIn>>;
  let stripe: Provider;
  let later = 0;
  const now = (): number => Date.now() + later;
  beforeAll(async () => {
    standIn = await startStripeStandIn(now);
    stripe = stripeProvider({ ...settings, apiUrl: standIn.url });
  });
  afterAll(() => standIn.close());
  providerContract('Stripe', {
    provider: () => stripe,
    mode: async (mode) => standIn.setMode(mode),
    tooMany: async () => standIn.setMode('LIMITED'),
  });

  const booked = async (key: string): Promise<string[]> =>
    (await collected(stripe.ledger({ key }))).map(({ type, amount }) => `${type} ${amount.amount}`);

  test('charges once what the bank takes days for, when Stripe has forgotten the key', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    standIn.setMode('PROCESSING');
    await expect(stripe.charge(charge)).rejects.toThrow(/processing/);
    standIn.setMode('NORMAL');
    standIn.forgetKeys();
    for (const ask of [stripe.charge, stripe.void, () => stripe.find(charge.key)])
      await expect(ask(charge)).rejects.toThrow(/processing/);
    standIn.finish();
    expect(await stripe.charge(charge)).toEqual({ outcome: 'charged' });
    expect(await booked(charge.key)).toEqual(['CHARGE 50000']);
  });
  test('charges once what was made a moment ago and is not found yet', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    standIn.index(false);
    for (let time = 0; time < 2; time++) expect(await stripe.charge(charge)).toEqual({ outcome: 'charged' });
    standIn.index(true);
    expect(await booked(charge.key)).toEqual(['CHARGE 50000']);
  });
  /** As it was possible once: asked again when the key was forgotten, each time for another intent. */
  const chargeAnew = async (charge: { key: string; amount: Money }, modes: readonly StandInMode[]): Promise<void> => {
    standIn.index(false);
    for (const mode of modes) {
      standIn.forgetKeys();
      standIn.setMode(mode);
      await stripe.charge(charge);
    }
    standIn.setMode('NORMAL');
    standIn.index(true);
  };
  test('sees every charge of an order', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    await chargeAnew(charge, ['DECLINING', 'NORMAL', 'NORMAL']);
    expect(await booked(charge.key)).toEqual(['CHARGE 50000', 'CHARGE 50000']);
    expect(await stripe.charge(charge)).toEqual({ outcome: 'charged' });
    expect(await stripe.find(charge.key)).toEqual({ outcome: 'charged' });
    expect(await stripe.void(charge)).toBe('charged');
  });
  test('confirms nothing more while a bank is at it', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    await expect(chargeAnew(charge, ['REFUSES_CONFIRM', 'PROCESSING'])).rejects.toThrow(/processing/);
    standIn.setMode('NORMAL');
    standIn.index(true);
    await expect(stripe.charge(charge)).rejects.toThrow(/processing/);
    standIn.finish();
    expect(await stripe.charge(charge)).toEqual({ outcome: 'charged' });
    expect(await booked(charge.key)).toEqual(['CHARGE 50000']);
  });
  test('shuts whatever was made for an order', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    await chargeAnew(charge, ['DECLINING', 'DECLINING']);
    expect(await stripe.void(charge)).toBe('voided');
    expect(standIn.statusesOf(charge.key)).toEqual(['canceled', 'canceled']);
  });
  test('does not let a bank that has not decided count against Stripe', async () => {
    standIn.setMode('PROCESSING');
    const answer = stripe.charge({ key: newId(), amount: krw(50_000) });
    await expect(answer).rejects.toMatchObject({ name: 'RpcError', code: 'FAILED_PRECONDITION' });
    standIn.setMode('NORMAL');
  });

  test('takes for a no what Stripe refuses for good, with its reason, and has nothing to call off', async () => {
    const charge = { key: newId(), amount: krw(10) };
    standIn.setMode('REFUSES_INTENT');
    const no = { outcome: 'declined', reason: 'AMOUNT_TOO_SMALL', reasonText: 'amount_too_small' };
    for (let time = 0; time < 2; time++) expect(await stripe.charge(charge)).toEqual(no);
    expect(await stripe.void(charge)).toBe('voided');
    standIn.setMode('NORMAL');
    expect(standIn.statusesOf(charge.key)).toEqual([]);
  });
  test('takes for a no what Stripe refuses to confirm, and calls it off', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    standIn.setMode('REFUSES_CONFIRM');
    expect(await stripe.charge(charge)).toMatchObject({ outcome: 'declined', reason: 'PAYMENT_METHOD_UNACTIVATED' });
    standIn.setMode('NORMAL');
    expect(await stripe.void(charge)).toBe('voided');
    expect(await booked(charge.key)).toEqual([]);
  });
  test('does not take for a no what Stripe refuses for the moment, or what was asked otherwise before', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    standIn.setMode('LIMITED');
    await expect(stripe.charge(charge)).rejects.toThrow();
    await expect(stripe.void(charge)).rejects.toThrow();
    standIn.setMode('NORMAL');
    await stripe.charge(charge);
    standIn.index(false);
    for (const ask of [stripe.charge, stripe.void])
      await expect(ask({ ...charge, amount: krw(1) })).rejects.toThrow('idempotency_error');
    standIn.index(true);
  });

  describe('a refund', () => {
    const amount = krw(50_000);
    const paid = async (): Promise<{ key: string; refundKey: string; amount: Money }> => {
      const key = newId();
      await stripe.charge({ key, amount });
      return { key, refundKey: `${key}-refund`, amount };
    };
    afterEach(() => standIn.setRefunds('succeeded'));

    test('is made anew that came to nothing at the bank, once', async () => {
      const refund = await paid();
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      standIn.endRefunds('failed');
      for (let time = 0; time < 2; time++) expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 50000']);
    });
    test('that the bank takes days for is not given back before it is, and made once', async () => {
      const refund = await paid();
      standIn.setRefunds('pending');
      for (let time = 0; time < 2; time++) expect(await stripe.refund(refund)).toEqual({ outcome: 'pending' });
      standIn.endRefunds('succeeded');
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 50000']);
    });
    test('that came to nothing after days is told of once, and under way again', async () => {
      const refund = await paid();
      standIn.setRefunds('pending');
      await stripe.refund(refund);
      standIn.endRefunds('failed');
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refused', reason: 'FAILED' });
      expect(await stripe.refund(refund)).toEqual({ outcome: 'pending' });
    });
    test('that waits for money in the account is for people to see', async () => {
      standIn.setRefunds('pending', 'insufficient_funds');
      const refund = await paid();
      for (let time = 0; time < 2; time++)
        expect(await stripe.refund(refund)).toEqual({ outcome: 'refused', reason: 'INSUFFICIENT_FUNDS' });
      standIn.endRefunds('succeeded');
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
    });
    test('that the bank sends back days later differs from our books, long after it was settled', async () => {
      const payments = fakePayments(now);
      const ports = {
        payments,
        provider: stripe,
        declines: declinesUnlimited,
        turn: async () => {},
        now,
        random: () => 0,
        raise: () => {},
      };
      const order = { kind: 'lodging.reservation', id: newId() };
      await payments.hear(order.id, {
        type: 'RequestPayment',
        order,
        intent: { payerId: 'guest', payeeId: 'host', amount },
      });
      await attempt(ports, order.id);
      await payments.hear(order.id, { type: 'CancelPayment', order, keep: krw(0), askedAt: now() + 1 });
      await settle(ports, order.id);
      later += 5 * dayMs;
      const differences = async () => (await reconcile(ports, now() - dayMs)).filter(({ id }) => id === order.id);
      expect(await differences()).toEqual([]);
      standIn.endRefunds('failed');
      const [ours, theirs] = [
        { charged: 50_000, refunded: 50_000 },
        { charged: 50_000, refunded: 0 },
      ];
      expect(await differences()).toEqual([{ id: order.id, status: 'cancelled', ours, theirs }]);
      standIn.refundByHand(order.id, 50_000);
      expect(await differences()).toEqual([]);
    });
    test('that somebody made by hand is not made again, and counts for one key alone', async () => {
      const refund = await paid();
      const half = { ...refund, amount: krw(25_000) };
      standIn.refundByHand(refund.key, 25_000);
      for (let time = 0; time < 2; time++) expect(await stripe.refund(half)).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 25000']);
      expect(await stripe.refund({ ...half, refundKey: `${refund.key}-refund-2` })).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 25000', 'REFUND 25000']);
    });
    test('that somebody made all of by hand leaves nothing to do, and of a part the rest', async () => {
      const [all, part] = [await paid(), await paid()];
      standIn.refundByHand(all.key, 50_000);
      standIn.refundByHand(part.key, 20_000);
      for (const refund of [all, part]) expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await booked(all.key)).toEqual(['CHARGE 50000', 'REFUND 50000']);
      expect(await booked(part.key)).toEqual(['CHARGE 50000', 'REFUND 20000', 'REFUND 30000']);
    });
    test('made by hand is waited for like our own, and made anew if it came to nothing', async () => {
      const refund = await paid();
      standIn.setRefunds('pending');
      standIn.refundByHand(refund.key, 50_000);
      expect(await stripe.refund(refund)).toEqual({ outcome: 'pending' });
      standIn.endRefunds('failed');
      standIn.setRefunds('succeeded');
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 50000']);
    });
    test('that was given back leaves what is given by hand after it alone', async () => {
      const refund = { ...(await paid()), amount: krw(10_000) };
      await stripe.refund(refund);
      standIn.refundByHand(refund.key, 10_000);
      expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
      expect(await stripe.refund({ ...refund, refundKey: `${refund.key}-refund-2` })).toEqual({ outcome: 'refunded' });
      expect(await booked(refund.key)).toEqual(['CHARGE 50000', 'REFUND 10000', 'REFUND 10000']);
    });
    test('by hand is seen among all that was booked, though nothing on it says whose it is', async () => {
      const { key } = await paid();
      standIn.refundByHand(key, 1_000);
      const since = await collected(stripe.ledger({ since: now() - 5_000 }));
      expect(since.filter((entry) => entry.key === key).map(({ type }) => type)).toEqual(['CHARGE', 'REFUND']);
    });
  });
});

const folders = [...(process.env.PATH ?? '').split(delimiter), '.jari/tools/bin'];
const mock = folders.map((folder) => join(folder, 'stripe-mock')).find(existsSync);
if (!mock)
  test.skip('stripe-mock accepts what is sent to Stripe (it is not installed)', () => expect(mock).toBeTruthy());
else
  describe('stripe-mock', () => {
    let running: ChildProcess;
    let stripe: Provider;
    let finding: Server;
    let fresh: Provider;
    beforeAll(async () => {
      const [http, https] = [await freePort(), await freePort()];
      running = spawn(mock, ['-http-addr', `127.0.0.1:${http}`, '-https-addr', `127.0.0.1:${https}`], {
        stdio: 'ignore',
      });
      const apiUrl = `http://127.0.0.1:${http}`;
      for (let tries = 0; tries < 100; tries++) {
        const up = await fetch(apiUrl).catch(() => undefined);
        if (up) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      stripe = stripeProvider({ ...settings, apiUrl });
      finding = await findingNothing(apiUrl);
      fresh = stripeProvider({ ...settings, apiUrl: `http://127.0.0.1:${(finding.address() as AddressInfo).port}` });
    });
    afterAll(() => {
      running.kill();
      finding.closeAllConnections();
      finding.close();
    });

    // It checks every request against Stripe's own description of its API, and answers with the same examples whatever is asked.
    const charge = { key: newId(), amount: krw(50_000) };
    const asIfDeclined = { outcome: 'declined', reason: 'DECLINED' };
    test('accepts a charge', async () => expect(await fresh.charge(charge)).toMatchObject(asIfDeclined));
    test('accepts a question after a charge', async () =>
      expect(await stripe.find(charge.key)).toMatchObject(asIfDeclined));
    test('accepts a void', async () => {
      for (const provider of [stripe, fresh]) expect(await provider.void(charge)).toBe('voided');
    });
    test('accepts a refund', async () =>
      expect(await stripe.refund({ ...charge, refundKey: newId() })).toEqual({ outcome: 'refunded' }));
    test('accepts questions after the ledger, and what is none of ours in it is left out', async () => {
      for (const which of [{ since: Date.now() }, { key: charge.key }])
        for await (const entry of stripe.ledger(which)) expect(entry).toBeUndefined();
    });
    test('refuses a charge that is not one', async () => {
      const answer = await fresh.charge({ key: newId(), amount: { amount: Number.NaN, currency: 'KRW' } });
      expect(answer).toMatchObject({ outcome: 'declined', reasonText: expect.stringMatching(/amount/) });
    });
  });

/** Before stripe-mock, which finds something whatever is searched for: as Stripe is with a new order. */
async function findingNothing(apiUrl: string): Promise<Server> {
  const server = createHttpServer((request, response) => {
    void (async () => {
      if (request.url?.includes('/search'))
        return response.end('{"object":"search_result","data":[],"has_more":false}');
      const { authorization = '', 'content-type': type = 'application/x-www-form-urlencoded' } = request.headers;
      const body = request.method === 'POST' ? { body: await text(request) } : {};
      const answer = await fetch(`${apiUrl}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { authorization, 'content-type': type },
        ...body,
      });
      return response.writeHead(answer.status).end(await answer.text());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
