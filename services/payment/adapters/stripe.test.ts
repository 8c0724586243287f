import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import type { Provider } from '../ports.ts';
import { providerContract } from '../testing/provider-contract.ts';
import { startStripeStandIn } from '../testing/stripe-stand-in.ts';
import { stripeProvider } from './stripe.ts';

const settings = { apiKey: 'sk_test_123', paymentMethod: 'pm_card_visa' };

describe('with a memory', () => {
  let standIn: Awaited<ReturnType<typeof startStripeStandIn>>;
  let stripe: Provider;
  beforeAll(async () => {
    standIn = await startStripeStandIn();
    stripe = stripeProvider({ ...settings, apiUrl: standIn.url });
  });
  afterAll(() => standIn.close());
  providerContract('Stripe', { provider: () => stripe, mode: async (mode) => standIn.setMode(mode) });

  test('makes a refund anew that came to nothing at the bank, once', async () => {
    const charge = { key: newId(), amount: krw(50_000) };
    await stripe.charge(charge);
    const refund = { ...charge, refundKey: `${charge.key}-refund` };
    expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
    standIn.failRefunds();
    for (let time = 0; time < 2; time++) expect(await stripe.refund(refund)).toEqual({ outcome: 'refunded' });
    const moved = [];
    for await (const { type } of stripe.ledger({ key: charge.key })) moved.push(type);
    expect(moved).toEqual(['CHARGE', 'REFUND']);
  });
});

const folders = [...(process.env.PATH ?? '').split(delimiter), '.jari/tools/bin'];
const mock = folders.map((folder) => join(folder, 'stripe-mock')).find(existsSync);
if (!mock) test.skip('stripe-mock accepts what is sent to Stripe (it is not installed)', () => {});
else
  describe('stripe-mock', () => {
    let running: ChildProcess;
    let stripe: Provider;
    beforeAll(async () => {
      const [http, https] = [await freePort(), await freePort()];
      running = spawn(mock, ['-http-addr', `127.0.0.1:${http}`, '-https-addr', `127.0.0.1:${https}`], { stdio: 'ignore' });
      const apiUrl = `http://127.0.0.1:${http}`;
      for (let tries = 0; tries < 100; tries++) {
        const up = await fetch(apiUrl).catch(() => undefined);
        if (up) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      stripe = stripeProvider({ ...settings, apiUrl });
    });
    afterAll(() => void running.kill());

    // It checks every request against Stripe's own description of its API, and answers with the same examples whatever is asked.
    const charge = { key: newId(), amount: krw(50_000) };
    const asIfDeclined = { outcome: 'declined', reason: 'DECLINED' };
    test('accepts a charge', async () => expect(await stripe.charge(charge)).toMatchObject(asIfDeclined));
    test('accepts a question after a charge', async () => expect(await stripe.find(charge.key)).toMatchObject(asIfDeclined));
    test('accepts a void', async () => expect(await stripe.void(charge)).toBe('voided'));
    test('accepts a refund', async () => expect(await stripe.refund({ ...charge, refundKey: newId() })).toEqual({ outcome: 'refunded' }));
    test('accepts questions after the ledger, and what is none of ours in it is left out', async () => {
      for (const which of [{ since: Date.now() }, { key: charge.key }])
        for await (const entry of stripe.ledger(which)) expect(entry).toBeUndefined();
    });
    test('refuses a charge that is not one', async () => {
      await expect(stripe.charge({ key: newId(), amount: { amount: Number.NaN, currency: 'KRW' } })).rejects.toThrow(/amount/);
    });
  });

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
