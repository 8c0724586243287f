import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { sandboxProvider, type Sandbox } from '../adapters/sandbox.ts';
import { providerContract } from '../testing/provider-contract.ts';
import type { RunningSandbox } from '#adapters/sandbox/server.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { startProvider } from './server.ts';

let dir: string;
let running: RunningSandbox;
let sandbox: Sandbox;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'jari-provider-'));
  running = await startProvider({ port: 0, dir });
  sandbox = sandboxProvider(running.url);
});
afterAll(async () => {
  sandbox.close();
  await running.close();
  rmSync(dir, { recursive: true, force: true });
});

providerContract('the sandbox', {
  provider: () => sandbox,
  mode: async (mode) => void (await sandbox.setMode(mode, 0)),
  async tooMany() {
    const perSecond = { mode: 'NORMAL', per_second: 0.5 };
    await fetch(`${running.url}/mode`, { method: 'PUT', body: JSON.stringify(perSecond) });
  },
});

describe('the sandbox provider', () => {
  const amount = krw(50_000);
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${running.url}${path}`, { method: 'POST', body, headers });

  test('when slow, has charged long before it answers, also for a caller who has left', async () => {
    const key = newId();
    const booked = async (by: string): Promise<void> => {
      await eventually(async () => (await sandbox.booked(by)).length);
    };
    await sandbox.setMode('SLOW', 2_000);
    const before = Date.now();
    const first = post('/charges', JSON.stringify(amount), { 'idempotency-key': key });
    expect(await Promise.race([booked(key).then(() => 'booked'), first])).toBe('booked');
    expect((await first).status).toBe(200);
    expect(Date.now() - before).toBeGreaterThanOrEqual(1_999);

    const left = newId();
    const gone = new AbortController();
    const call = fetch(`${running.url}/charges`, {
      method: 'POST',
      body: JSON.stringify(amount),
      headers: { 'idempotency-key': left },
      signal: gone.signal,
    });
    await booked(left);
    gone.abort();
    await expect(call).rejects.toThrow();
    await sandbox.setMode('NORMAL', 0);
    expect(await sandbox.find(left)).toEqual({ outcome: 'charged' });
  });

  test('charges a card as its token says, and knows no other tokens', async () => {
    const charged = async (token: string) => {
      const card = await sandbox.exchange(token);
      return sandbox.charge({ key: newId(), amount, ...(card && { card: card.reference }) });
    };
    for (const token of ['tok_visa', 'tok_mastercard', 'tok_expires_soon'])
      expect(await charged(token)).toEqual({ outcome: 'charged' });
    expect(await charged('tok_declined')).toMatchObject({ outcome: 'declined', reason: 'CARD_DECLINED' });
    expect(await charged('tok_needs_confirmation')).toMatchObject({ reason: 'AUTHENTICATION_REQUIRED' });
    for (const token of ['tok_', 'visa', 'tok_constructor']) expect(await sandbox.exchange(token)).toBeUndefined();
  });

  test('shows its books and takes a new mode while it is down', async () => {
    await sandbox.setMode('DOWN', 0);
    expect(Array.isArray(await sandbox.booked(''))).toBe(true);
    expect(await sandbox.setMode('NORMAL', 0)).toEqual({ mode: 'NORMAL', delayMs: 2_000 });
  });

  test('refuses what is malformed and books nothing of it', async () => {
    const key = newId();
    const headers = { 'idempotency-key': key };
    for (const body of [
      '{',
      '[]',
      'null',
      '{}',
      '{"amount":0,"currency":"KRW"}',
      '{"amount":1.5,"currency":"KRW"}',
      '{"amount":"1","currency":"KRW"}',
      '{"amount":1,"currency":"won"}',
      'x'.repeat(20_000),
    ])
      expect((await post('/charges', body, headers)).status).toBe(400);
    expect((await post('/charges', '{"amount":1,"currency":"KRW"}')).status).toBe(400);
    expect((await post('/nowhere', '{}')).status).toBe(404);
    expect((await fetch(`${running.url}/mode`, { method: 'PUT', body: '{"mode":"WILD"}' })).status).toBe(400);
    expect(await sandbox.find(key)).toBeUndefined();
  });

  test('charges 500 times a second on one core, its caller included', async () => {
    const before = process.cpuUsage();
    for (let round = 0; round < 15; round++)
      await Promise.all(Array.from({ length: 50 }, () => sandbox.charge({ key: newId(), amount })));
    const { user, system } = process.cpuUsage(before); // not the clock, which others on this machine hold up
    expect((user + system) / 1_000 / 750).toBeLessThan(2);
  });

  test('lists more than one page of its ledger', async () => {
    const keys = new Set<string>();
    for (let round = 0; round < 6; round++)
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const key = newId();
          keys.add(key);
          await sandbox.charge({ key, amount });
        }),
      );
    let entries = 0;
    for await (const entry of sandbox.ledger({ since: 1 })) {
      keys.delete(entry.key);
      entries++;
    }
    expect(entries).toBeGreaterThan(1_000);
    expect(keys.size).toBe(0);
  });
});

describe('a provider process that is killed', () => {
  async function start(data: string): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, PROVIDER_PORT: '0', JARI_DATA: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout as NonNullable<typeof child.stdout>)) {
      const [url] = /http:\S+/.exec(line) ?? [];
      if (url) return { child, url };
    }
    throw new Error('the provider did not start');
  }
  const gone = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));

  test('has all that it answered after it is started again, and charges none of it again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'jari-provider-'));
    const first = await start(data);
    const client = sandboxProvider(first.url);
    const answered: string[] = [];
    let killed = false;
    const callers = Array.from({ length: 8 }, async () => {
      while (!killed) {
        const key = newId();
        try {
          await client.charge({ key, amount: krw(1_000) });
          answered.push(key);
        } catch {
          return;
        }
      }
    });
    await eventually(() => answered.length >= 200);
    killed = true;
    first.child.kill('SIGKILL');
    await Promise.all([gone(first.child), ...callers]);
    client.close();

    const second = await start(data);
    const again = sandboxProvider(second.url);
    try {
      for (const key of answered)
        expect(await again.charge({ key, amount: krw(1_000) })).toEqual({ outcome: 'charged' });
      const charges = new Map<string, number>();
      for await (const entry of again.ledger({ since: 1 })) charges.set(entry.key, (charges.get(entry.key) ?? 0) + 1);
      expect(answered.filter((key) => charges.get(key) !== 1)).toEqual([]);
    } finally {
      again.close();
      second.child.kill('SIGTERM');
      await gone(second.child);
      rmSync(data, { recursive: true, force: true });
    }
  });
});
