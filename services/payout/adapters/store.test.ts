import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import type { RunningSandbox } from '#adapters/sandbox/server.ts';
import { startBank } from '../bank/server.ts';
import { balanceOf } from '../journal.ts';
import { decide, type Input } from '../payout.ts';
import type { Ports, Statements } from '../ports.ts';
import { bankContract } from '../testing/bank-contract.ts';
import { registerAccount, send, settle, wake } from '../usecases.ts';
import { sandboxBank, type Sandbox } from './sandbox.ts';
import type { HttpBody } from '#proto/google/api/httpbody.ts';
import { statementFile, statementPage } from './statement.ts';
import { migrations, mikroOrmAccounts, mikroOrmPayouts, mikroOrmStatements } from './store.ts';

let on: TestStore;
let dir: string;
let running: RunningSandbox;
let bank: Sandbox;
let ports: Ports;
let statements: Statements;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'jari-bank-'));
  [on, running] = await Promise.all([
    testStore({ name: 'payout', migrations }),
    startBank({ port: 0, dir }),
  ]);
  bank = sandboxBank(running.url, { run: (call) => call(new AbortController().signal) });
  ports = { payouts: mikroOrmPayouts(on.store), accounts: mikroOrmAccounts(on.store), bank, now: Date.now, random: Math.random };
  statements = mikroOrmStatements(on.store);
});
afterAll(async () => {
  await Promise.all([on.close(), running.close()]);
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => bank.setMode('NORMAL', 0));

bankContract('the sandbox', () => ({ bank, mode: (mode) => bank.setMode(mode, 0), booked: (orderId) => bank.booked(orderId) }));

const take = (id: string, input: Input) => ports.payouts.update(id, (state) => decide(state, input));
const order = (id: string) => ({ kind: 'tutoring.purchase', id });
async function requested(payeeId: string, gross = 50_000, id: string = newId()): Promise<string> {
  await take(id, { type: 'RequestPayout', order: order(id), payeeId, gross: krw(gross), at: Date.now() });
  return id;
}
const reverse = (id: string) => take(id, { type: 'ReversePayout', order: order(id), at: Date.now() });
const register = (payeeId: string) => registerAccount(ports, payeeId, { bank: '국민', number: '123-456', holder: 'Kim' });
async function withAccount(): Promise<string> {
  const seller = newId();
  await register(seller);
  return seller;
}
/** As the timer does: to decide what is sent, and to send it. */
const sendTwice = async (id: string, by = ports) => {
  await send(by, id);
  await send(by, id);
};
const status = async (id: string) => (await ports.payouts.get(id))?.state.status;
const sent = async (id: string) => (await bank.booked(id)).map(({ amount }) => amount.amount);

describe('payouts on PostgreSQL, with the sandbox bank', () => {
  test('are sent less the commission, once, however often and however parallel it is tried while answers are lost (T3)', async () => {
    const seller = await withAccount();
    const ids = await Promise.all(Array.from({ length: 8 }, () => requested(seller)));
    await bank.setMode('LOSES_ANSWERS', 0);
    await Promise.all(ids.flatMap((id) => [sendTwice(id), sendTwice(id)]));
    for (const id of ids) {
      await send(ports, id);
      expect([await status(id), await sent(id)]).toEqual(['completed', [45_000]]);
    }
  });

  test('wait for an account, all of them, and are sent when there is one (T3)', async () => {
    const seller = newId();
    const ids = await Promise.all(Array.from({ length: 5 }, () => requested(seller)));
    for (const id of ids) await sendTwice(id);
    expect((await ports.payouts.list({ payeeId: seller, shown: 'WAITING_ACCOUNT' }, { size: 10 })).map(({ id }) => id)).toEqual(ids.sort().reverse());
    await register(seller);
    await wake(ports, seller);
    for (const id of ids) {
      await send(ports, id);
      expect([await status(id), await sent(id)]).toEqual(['completed', [45_000]]);
    }
  });

  test('wait for another account when the bank refuses the first', async () => {
    const seller = await withAccount();
    const id = await requested(seller);
    await bank.setMode('DECLINING', 0);
    await sendTwice(id);
    await bank.setMode('NORMAL', 0);
    await sendTwice(id);
    expect([await status(id), await sent(id)]).toEqual(['waiting-account', []]);
    await register(seller);
    await wake(ports, seller);
    await send(ports, id);
    expect([await status(id), await sent(id)]).toEqual(['completed', [45_000]]);
  });

  test('that are reversed after they were sent are owed, and later payouts settle it (T9)', async () => {
    const seller = await withAccount();
    const first = await requested(seller, 50_000);
    await sendTwice(first);
    await reverse(first);
    expect(await statements.balance(seller)).toBe(-45_000);
    const [second, third] = [await requested(seller, 20_000), await requested(seller, 50_000)];
    await Promise.all([sendTwice(second), sendTwice(third)]);
    expect([await status(second), await status(third), await statements.balance(seller)]).toEqual(['completed', 'completed', 0]);
    expect([...(await sent(second)), ...(await sent(third))].reduce((sum, amount) => sum + amount, 0)).toBe(18_000);
  });

  test('of one seller are decided one after the other, also by two replicas: what is owed is kept back once', async () => {
    const seller = await withAccount();
    const first = await requested(seller, 50_000);
    await sendTwice(first);
    await reverse(first);
    const ids = await Promise.all(Array.from({ length: 12 }, () => requested(seller, 10_000)));
    const replica = mikroOrmStore(on.database);
    const other = { ...ports, payouts: mikroOrmPayouts(replica) };
    await Promise.all(ids.map((id, index) => sendTwice(id, index % 2 ? other : ports)));
    await replica.close();
    const amounts = (await Promise.all(ids.map(sent))).flat();
    expect([amounts.reduce((sum, amount) => sum + amount, 0), await statements.balance(seller)]).toEqual([12 * 9_000 - 45_000, 0]);
  });

  test('reversed while they are sent, 30 times, are owed if the bank has sent them, and never otherwise (T9)', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, async () => requested(await withAccount())));
    const outcomes = new Set<number>();
    await bank.setMode('LOSES_ANSWERS', 0);
    for (const [index, id] of ids.entries()) {
      await send(ports, id);
      // The first is reversed before it is sent, the second after it; the others race.
      if (index === 1) await send(ports, id);
      const sending = index === 0 ? undefined : send(ports, id);
      await reverse(id);
      await Promise.all([sending, settle(ports, id)]);
      await settle(ports, id);
      const arrived = (await sent(id)).reduce((sum, amount) => sum + amount, 0);
      const { state } = (await ports.payouts.get(id))!;
      expect([state.status, 'journal' in state && balanceOf(state.journal, 'SELLER') + arrived]).toEqual(['reversed', 0]);
      outcomes.add(arrived);
    }
    expect(outcomes).toContain(0);
    expect(outcomes.size).toBeGreaterThan(1);
  });

  test('that were reversed before they were asked for are nobody’s business', async () => {
    const [id, seller] = [newId(), await withAccount()];
    await reverse(id);
    await requested(seller, 50_000, id);
    await sendTwice(id);
    expect([await status(id), await sent(id)]).toEqual(['tombstone', []]);
    expect(await ports.payouts.list({}, { size: 200 })).not.toContainEqual(expect.objectContaining({ id }));
    expect((await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1))).toEqual(['PayoutReversed', 'PayoutReversed']);
  });

  test('are listed as they are shown, by payee and status', async () => {
    const seller = newId();
    const waiting = await requested(seller);
    await sendTwice(waiting);
    const pending = await requested(seller);
    const ids = async (shown?: 'PENDING' | 'WAITING_ACCOUNT' | 'COMPLETED') => (await ports.payouts.list({ payeeId: seller, shown }, { size: 10 })).map(({ id }) => id);
    expect([await ids(), await ids('PENDING'), await ids('WAITING_ACCOUNT'), await ids('COMPLETED')]).toEqual([[pending, waiting], [pending], [waiting], []]);
  });
});

describe('the books', () => {
  test('balance as a whole, whatever happened', async () => {
    const { rows } = await on.database.pool.query<{ sum: string }>('select sum(amount)::text sum from ledger_entry');
    expect(rows).toEqual([{ sum: '0' }]);
  });

  test('refuse an entry that does not sum to zero: the database itself does', async () => {
    const id = await requested(newId());
    const change = `update payout set state = jsonb_set(state, '{journal,0,postings,0,amount}', '-49999') where id = $1`;
    await expect(on.database.pool.query(change, [id])).rejects.toThrow('entries_sum_to_zero');
  });

  test('give each seller a statement with a running balance, page by page, and as a file', async () => {
    const seller = await withAccount();
    const id = await requested(seller);
    await sendTwice(id);
    await reverse(id);
    const first = await statementPage(statements, seller, { pageSize: 2, pageToken: '' });
    const second = await statementPage(statements, seller, { pageSize: 2, pageToken: first.nextPageToken });
    const shown = [...first.entries, ...second.entries].map(({ amount, balance, orderId }) => [amount?.units, balance?.units, orderId]);
    expect(shown).toEqual([
      [-45_000n, -45_000n, id],
      [-45_000n, 0n, id],
      [45_000n, 45_000n, id],
    ]);
    expect([first.balance?.units, second.nextPageToken]).toEqual([-45_000n, '']);
    await expect(statementPage(statements, seller, { pageSize: 2, pageToken: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });

    const pieces: HttpBody[] = [];
    for await (const each of statementFile(statements, seller)) pieces.push(each);
    expect(new Set(pieces.map(({ contentType }) => contentType))).toEqual(new Set(['text/csv; charset=utf-8']));
    const csv = Buffer.concat(pieces.map(({ data }) => data)).toString();
    const [header, ...lines] = csv.trimEnd().split('\r\n').map((line) => line.split(','));
    expect(header).toEqual(['time', 'type', 'order_id', 'amount', 'balance', 'currency']);
    expect(lines.map((line) => line.slice(1))).toEqual([
      ['EARNED', id, '45000', '45000', 'KRW'],
      ['TRANSFERRED', id, '-45000', '0', 'KRW'],
      ['REVERSED', id, '-45000', '-45000', 'KRW'],
    ]);
  });
});
