import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { service } from '../main.ts';
import type { TakeCode } from '../ports.ts';
import { limitAlarms, mikroOrmTakeCode } from './quotas.ts';

// Limits that hold for all accounts together, on PostgreSQL.

let on: TestStore;
let logged: string[];
let takeCode: TakeCode;
beforeAll(async () => {
  on = await testStore(service);
}, 60_000);
afterAll(() => on.close());
beforeEach(async () => {
  await on.database.pool.query('delete from day_total');
  logged = [];
  takeCode = mikroOrmTakeCode({
    ...{ store: on.store, sealing: { digest: (text) => text }, limits: { perAddress: 0, textsPerDay: 3 } },
    onLimit: limitAlarms(logger('notification', { write: (line) => void logged.push(line) })),
  });
});

let phones = 10_000_000;
const text = (at = Date.now()) => takeCode('phone', `+8210${++phones}`, newId(), at);

test('codes by text are few within a day, for all accounts and numbers together, and an alarm is raised once an hour (10)', async () => {
  for (let nth = 0; nth < 3; nth++) expect(await text()).toBeUndefined();
  expect(await Promise.all([text(), text()])).toEqual(['codes-used-up', 'codes-used-up']);
  expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'error', limit: 'day', msg: expect.stringContaining('JARI_CODE_TEXTS_PER_DAY is reached') },
  ]);
  expect(await takeCode('email', `mina-${newId()}@example.com`, newId(), Date.now())).toBeUndefined();
  expect(await text(Date.now() + 24 * 3_600_000)).toBeUndefined();
});

test('quotas are deleted an hour after their last code, and no sooner', async () => {
  await on.database.pool.query('delete from code_quota');
  for (let nth = 0; nth < 2; nth++) await text();
  await on.database.pool.query(
    `update code_quota set updated_at = now() - interval '61 minutes' where id = (select id from code_quota limit 1)`,
  );
  for (const statement of service.cleaning ?? []) await on.database.pool.query(statement);
  expect((await on.database.pool.query('select id from code_quota')).rows).toHaveLength(1);
});
