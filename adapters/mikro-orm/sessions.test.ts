import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { jarService } from '#adapters/host/jar-service.fixture.ts';
import { platformTables, run } from './queries.ts';
import { shared } from './sessions.ts';
import { testStore, type TestStore } from './testing.ts';

let kit: TestStore;
beforeAll(async () => {
  kit = await testStore(jarService());
}, 60_000);
afterAll(() => kit?.close());

const names = ['plan_cache_mode', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'lock_timeout'] as const;
const columns = names.map((name) => `current_setting('${name}') ${name}`).join(', ');
const ordinary = {
  plan_cache_mode: 'auto',
  enable_seqscan: 'on',
  enable_hashjoin: 'on',
  enable_mergejoin: 'on',
  lock_timeout: '500ms',
};

test('prepared statements are planned once, and as for tables that have grown', async () => {
  expect(await kit.store.rows('settings', `select ${columns}`, [])).toEqual([
    {
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      lock_timeout: '500ms',
    },
  ]);
});

describe('PostgreSQL plans as usual', () => {
  test('what MikroORM runs', async () =>
    expect(await kit.store.read().execute(`select ${columns}`)).toEqual([ordinary]));
  test('what is built with Kysely', async () => {
    const query = platformTables(kit.database).selectNoFrom(
      names.map((name) => sql<string>`current_setting(${name})`.as(name)),
    );
    expect(await run(kit.database, query)).toEqual([ordinary]);
  });
  test('what operations ask, and what deletes old rows', async () =>
    expect((await kit.database.pool.query(`select ${columns}`)).rows).toEqual([ordinary]));
});

test('both kinds of sessions share the connections of a service', () => {
  for (let connections = 2; connections <= 20; connections++) {
    const { ordinary: some, prepared: others } = shared(connections);
    expect(some + others).toBe(connections);
    expect(Math.min(some, others)).toBeGreaterThan(0);
  }
});
