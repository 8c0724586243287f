import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { fakeBank } from '../testing/fake-bank.ts';
import { decide } from '../payout.ts';
import { registerAccount, send } from '../usecases.ts';
import { entities } from './entities.ts';
import { openedAccount, sealAccounts, sealedAccount, toBank } from './sealed-account.ts';
import { migrations, mikroOrmAccounts, mikroOrmPayouts } from './store.ts';

const account = { bank: '국민', number: '110-222-987654', holder: 'Kim Minseo' };
const secret = (name: string): string => `${name}, a secret that is long enough`;
const sealing = sealingFor('payout', { current: secret('first'), old: [] });

let on: TestStore;
beforeAll(async () => {
  on = await testStore({ name: 'payout', migrations, entities });
}, 60_000);
afterAll(() => on.close());

/** All that a dump of the database shows of accounts. */
async function dumped(): Promise<string> {
  const tables = await Promise.all(
    ['payout', 'payout_account', 'outbox', 'timer', 'claim'].map((table) =>
      on.database.pool.query(`select t::text from ${table} t`),
    ),
  );
  return JSON.stringify(tables.map(({ rows }) => rows));
}

describe('a bank account', () => {
  test('is read by the bank alone: no table shows number or holder, whether it is registered or being transferred to', async () => {
    const [seller, id] = [newId(), newId()];
    const ports = {
      ...{
        payouts: mikroOrmPayouts(on.store, 0),
        accounts: mikroOrmAccounts(on.store),
        now: Date.now,
        random: Math.random,
        raise: () => undefined,
      },
      paidOrders: { find: async () => ({ payeeId: seller, paid: krw(50_000) }) },
      ceilings: { transfer: 50_000, day: 50_000, newSeller: 50_000, newFor: 0 },
    };
    const told: string[] = [];
    const bank = {
      ...fakeBank(Date.now),
      transfer: async (_: string, { to }: { to: typeof account }) => (
        told.push(JSON.stringify(to)),
        { outcome: 'transferred' as const }
      ),
    };
    await registerAccount(ports, seller, sealedAccount(account, sealing), () => false);
    const order = { kind: 'tutoring.purchase', id };
    for (const input of [
      { type: 'RequestPayout', order, payeeId: seller, gross: krw(50_000), due: 0, at: Date.now() },
      { type: 'ReleasePayout', order, due: 0 },
      { type: 'HoldElapsed', at: Date.now() },
    ] as const)
      await ports.payouts.update(id, (state) => decide(state, input));
    await send({ ...ports, bank: toBank(bank, sealing), turn: async () => {} }, id);
    expect(await dumped()).not.toMatch(/987654|Minseo/);
    await send({ ...ports, bank: toBank(bank, sealing), turn: async () => {} }, id);
    expect(told).toEqual([JSON.stringify(account)]);
    expect(await dumped()).not.toMatch(/987654|Minseo/);
  });

  test('of an earlier version, in plain text, is sealed at the next start; after a change of the secret it is sealed anew', async () => {
    const seller = newId();
    const accounts = mikroOrmAccounts(on.store);
    await registerAccount({ accounts, now: Date.now }, seller, account, () => false);
    expect(await dumped()).toMatch('987654');
    expect(await sealAccounts(on.store, sealing)).toBe(0);
    expect(await dumped()).not.toMatch(/987654|Minseo/);
    const rotated = sealingFor('payout', { current: secret('second'), old: [secret('first')] });
    expect(await sealAccounts(on.store, rotated)).toBe(0);
    const kept = (await accounts.get(seller))?.state;
    const alone = sealingFor('payout', { current: secret('second'), old: [] });
    expect(kept?.status === 'registered' && openedAccount(kept.account, alone)).toEqual(account);
    expect(await sealAccounts(on.store, sealing)).toBeGreaterThan(0); // the first secret alone opens none of them
  });
});
