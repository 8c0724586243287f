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
import { isSameAccount } from '../account.ts';
import { balanceOf } from '../journal.ts';
import { decide, type Input } from '../payout.ts';
import type { PaymentRecord } from '../holding.ts';
import type { Alarm, Ports, Statements } from '../ports.ts';
import { bankContract } from '../testing/bank-contract.ts';
import { endHold, registerAccount, send, settle, wake } from '../usecases.ts';
import { entities } from './entities.ts';
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
const day = 86_400_000;
/** What payment says. */
const paid = new Map<string, PaymentRecord>();
const alarms: Alarm[] = [];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'jari-bank-'));
  [on, running] = await Promise.all([testStore({ name: 'payout', migrations, entities }), startBank({ port: 0, dir })]);
  bank = sandboxBank(running.url, { run: (call) => call(new AbortController().signal) });
  ports = {
    ...{
      payouts: mikroOrmPayouts(on.store, day),
      accounts: mikroOrmAccounts(on.store),
      bank,
      turn: async () => {},
      now: Date.now,
      random: Math.random,
    },
    paidOrders: { find: async (id) => paid.get(id) },
    ceilings: { transfer: 100_000, day: 1_000_000, newSeller: 1_000_000, newFor: 30 * day },
    raise: (alarm) => alarms.push(alarm),
  };
  statements = mikroOrmStatements(on.store);
});
afterAll(async () => {
  await Promise.all([on.close(), running.close()]);
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => bank.setMode('NORMAL', 0));

bankContract('the sandbox', () => ({
  bank,
  mode: (mode) => bank.setMode(mode, 0),
  booked: (orderId) => bank.booked(orderId),
}));

const take = (id: string, input: Input) => ports.payouts.update(id, (state) => decide(state, input));
const order = (id: string) => ({ kind: 'tutoring.purchase', id });
async function booked(payeeId: string, gross = 50_000, id: string = newId(), due = Date.now() + day): Promise<string> {
  paid.set(id, { payeeId, paid: krw(gross) });
  await take(id, { type: 'RequestPayout', order: order(id), payeeId, gross: krw(gross), due, at: Date.now() });
  return id;
}
/** Asked for, released, and its hold is over. */
async function requested(payeeId: string, gross?: number, id?: string): Promise<string> {
  const made = await booked(payeeId, gross, id, 0);
  await take(made, { type: 'ReleasePayout', order: order(made), due: 0 });
  await endHold(ports, made, Date.now());
  return made;
}
const reverse = (id: string) =>
  take(id, { type: 'ReversePayout', unlessSent: false, order: order(id), at: Date.now() });
const register = (payeeId: string, number = '123-456') => {
  const account = { bank: '국민', number, holder: 'Kim' };
  return registerAccount(ports, payeeId, account, (stored) => isSameAccount(stored, account));
};
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
    expect(
      (await ports.payouts.list({ payeeId: seller, shown: 'WAITING_ACCOUNT' }, { size: 10 })).map(({ id }) => id),
    ).toEqual(ids.sort().reverse());
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
    expect(await statements.balance(seller)).toEqual({ balance: -45_000, held: 0 });
    const [second, third] = [await requested(seller, 20_000), await requested(seller, 50_000)];
    await Promise.all([sendTwice(second), sendTwice(third)]);
    expect([await status(second), await status(third), (await statements.balance(seller)).balance]).toEqual([
      'completed',
      'completed',
      0,
    ]);
    expect([...(await sent(second)), ...(await sent(third))].reduce((sum, amount) => sum + amount, 0)).toBe(18_000);
  });

  test('of one seller are decided one after the other, also by two replicas: what is owed is kept back once', async () => {
    const seller = await withAccount();
    const first = await requested(seller, 50_000);
    await sendTwice(first);
    await reverse(first);
    const ids = await Promise.all(Array.from({ length: 12 }, () => requested(seller, 10_000)));
    const replica = mikroOrmStore(on.database);
    const other = { ...ports, payouts: mikroOrmPayouts(replica, day) };
    await Promise.all(ids.map((id, index) => sendTwice(id, index % 2 ? other : ports)));
    await replica.close();
    const amounts = (await Promise.all(ids.map(sent))).flat();
    expect([amounts.reduce((sum, amount) => sum + amount, 0), (await statements.balance(seller)).balance]).toEqual([
      12 * 9_000 - 45_000,
      0,
    ]);
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
      expect([state.status, 'journal' in state && balanceOf(state.journal, 'SELLER') + arrived]).toEqual([
        'reversed',
        0,
      ]);
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
    expect((await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1))).toEqual(
      ['PayoutReversed', 'PayoutReversed', 'PayoutReversed'],
    );
  });

  test('are listed as they are shown, by payee and status', async () => {
    const seller = newId();
    const waiting = await requested(seller);
    await sendTwice(waiting);
    const held = await booked(seller);
    const pending = await requested(seller);
    const ids = async (shown?: 'HELD' | 'PENDING' | 'WAITING_ACCOUNT' | 'COMPLETED') =>
      (await ports.payouts.list({ payeeId: seller, shown }, { size: 10 })).map(({ id }) => id);
    expect([
      await ids(),
      await ids('HELD'),
      await ids('PENDING'),
      await ids('WAITING_ACCOUNT'),
      await ids('COMPLETED'),
    ]).toEqual([[pending, held, waiting], [held], [pending], [waiting], []]);
  });

  test('that are held settle nothing that the seller owes: they may yet be reversed', async () => {
    const seller = await withAccount();
    const first = await requested(seller);
    await sendTwice(first);
    await reverse(first);
    await booked(seller);
    const due = await requested(seller);
    await sendTwice(due);
    expect([await status(due), await sent(due), await statements.balance(seller)]).toEqual([
      'completed',
      [],
      { balance: 45_000, held: 45_000 },
    ]);
  });

  test('that payment does not know of are not sent, and an operator hears of it: a forged request moves nothing', async () => {
    const [seller, id] = [await withAccount(), newId()];
    await take(id, {
      type: 'RequestPayout',
      order: order(id),
      payeeId: seller,
      gross: krw(9_000_000_000_000),
      due: 0,
      at: Date.now(),
    });
    await take(id, { type: 'ReleasePayout', order: order(id), due: 0 });
    await endHold(ports, id, Date.now());
    await sendTwice(id);
    expect([await status(id), await sent(id)]).toEqual(['held', []]);
    expect(alarms).toContainEqual({ type: 'PayoutInReview', id, payeeId: seller, reason: 'PAYMENT_MISMATCH' });
  });

  test('wait while payment does not answer', async () => {
    const id = await requested(await withAccount());
    const silent = { ...ports, paidOrders: { find: () => Promise.reject(new Error('payment is down')) } };
    await sendTwice(id, silent);
    expect([await status(id), await sent(id)]).toEqual(['pending', []]);
    await sendTwice(id);
    expect([await status(id), await sent(id)]).toEqual(['completed', [45_000]]);
  });

  test('above a ceiling wait for an operator, what was sent to the seller in 24 hours counted', async () => {
    const seller = await withAccount();
    const ids = [await requested(seller), await requested(seller)];
    const strict = { ...ports, ceilings: { ...ports.ceilings, newSeller: 89_999 } };
    for (const id of ids) await sendTwice(id, strict);
    expect([await status(ids[0]!), await status(ids[1]!)]).toEqual(['completed', 'held']);
    expect(alarms).toContainEqual({
      type: 'PayoutInReview',
      id: ids[1],
      payeeId: seller,
      reason: 'ABOVE_NEW_SELLER_CEILING',
    });
    await take(ids[1]!, { type: 'ApprovePayout', by: newId() });
    await sendTwice(ids[1]!, strict);
    expect([await status(ids[1]!), await sent(ids[1]!)]).toEqual(['completed', [45_000]]);
  });

  test.each([2, 40])(
    'that the bank returned %s days ago count under the ceilings when they are sent at last',
    async (ago) => {
      const seller = await withAccount();
      const ids = [await requested(seller), await requested(seller)];
      const strict = { ...ports, ceilings: { ...ports.ceilings, newSeller: 89_999 } };
      await bank.setMode('DECLINING', 0);
      for (const id of ids) await sendTwice(id, { ...strict, now: () => Date.now() - ago * day });
      expect(await Promise.all(ids.map(status))).toEqual(['waiting-account', 'waiting-account']);
      await bank.setMode('NORMAL', 0);
      await register(seller);
      await wake(strict, seller);
      for (const id of ids) await sendTwice(id, strict);
      expect((await Promise.all(ids.map(status))).sort()).toEqual(['completed', 'held']);
    },
  );

  test('wait after the account was changed, and not after the same one is registered again; the change is told', async () => {
    const seller = await withAccount();
    await register(seller, '123456');
    const [sameAccount, changed] = [await requested(seller), await requested(seller)];
    await sendTwice(sameAccount);
    expect(await status(sameAccount)).toBe('completed');
    await register(seller, '999-456');
    await sendTwice(changed);
    const kept = await ports.payouts.get(changed);
    expect(kept?.state).toMatchObject({ status: 'held', reason: 'ACCOUNT_CHANGED' });
    expect(kept?.state.status === 'held' && kept.state.due - Date.now()).toBeGreaterThan(day - 60_000);
    expect((await on.sent()).filter(({ subject }) => subject === seller).map(({ type }) => type)).toEqual([
      'jari.payout.v1.PayoutAccountChanged',
    ]);
    const later = { ...ports, now: () => Date.now() + 2 * day };
    await endHold(later, changed, Date.now() + 2 * day);
    await sendTwice(changed, later);
    expect(await status(changed)).toBe('completed');
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
    const shown = [...first.entries, ...second.entries].map(({ amount, balance, orderId }) => [
      amount?.units,
      balance?.units,
      orderId,
    ]);
    expect(shown).toEqual([
      [-45_000n, -45_000n, id],
      [-45_000n, 0n, id],
      [45_000n, 45_000n, id],
    ]);
    expect([first.balance?.units, second.nextPageToken]).toEqual([-45_000n, '']);
    await expect(statementPage(statements, seller, { pageSize: 2, pageToken: 'nonsense' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });

    const pieces: HttpBody[] = [];
    for await (const each of statementFile(statements, seller)) pieces.push(each);
    expect(new Set(pieces.map(({ contentType }) => contentType))).toEqual(new Set(['text/csv; charset=utf-8']));
    const csv = Buffer.concat(pieces.map(({ data }) => data)).toString();
    const [header, ...lines] = csv
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(header).toEqual(['time', 'type', 'order_id', 'amount', 'balance', 'currency', 'due_time']);
    expect(lines.map((line) => line.slice(1))).toEqual([
      ['EARNED', id, '45000', '45000', 'KRW', ''],
      ['TRANSFERRED', id, '-45000', '0', 'KRW', ''],
      ['REVERSED', id, '-45000', '-45000', 'KRW', ''],
    ]);
    const heldOne = await booked(seller);
    const {
      entries: [newest],
      held,
    } = await statementPage(statements, seller, { pageSize: 1, pageToken: '' });
    expect([newest?.orderId, newest?.type, held?.units]).toEqual([heldOne, 1, 45_000n]);
    expect(newest?.dueTime?.getTime()).toBeGreaterThan(Date.now());
  });
});
