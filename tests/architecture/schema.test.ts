import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import pino from 'pino';
import { startPostgres, type Postgres } from '#adapters/embedded-postgres/postgres.ts';
import { aggregateColumns, generated, newestFirst } from '#adapters/mikro-orm/columns.ts';
import { boundedSearchFunctions, searchFunctions } from '#adapters/mikro-orm/search.ts';
import type { Service } from '#adapters/service/service.ts';
import { services } from '../../services/registry.ts';
import { differences, migrated } from './schema.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-schema-'));
let postgres: Postgres;

jest.setTimeout(120_000);

beforeAll(async () => {
  postgres = await startPostgres({ dir, log: pino({ level: 'silent' }) });
});

afterAll(async () => {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** What MikroORM would change for the tables to be as the entities say; and what only a comparison of catalogues finds. */
async function compared(
  service: Pick<Service, 'name' | 'migrations' | 'entities'>,
): Promise<{ update: string; differences: string[] }> {
  const database = await migrated(postgres.adminUrl, service);
  try {
    return {
      update: await database.orm.schema.getUpdateSchemaSQL({ wrap: false }),
      differences: await differences(postgres.adminUrl, service, database),
    };
  } finally {
    await database.close();
  }
}

test.each(services.map(({ name }) => name))(
  'entities and migrations of %s say the same of every table',
  async (name) => {
    const { service } = (await import(`../../services/${name}/main.ts`)) as { service: Service };
    expect(await compared(service)).toEqual({ update: '', differences: [] });
  },
);

test('every service that searches has the functions that take any text', async () => {
  const searching = new Map<string, boolean>();
  for (const { name } of services) {
    const { service } = (await import(`../../services/${name}/main.ts`)) as { service: Service };
    const statements = new Set(service.migrations.flatMap(({ up }) => up));
    if (searchFunctions.some((sql) => statements.has(sql)))
      searching.set(
        name,
        boundedSearchFunctions.every((sql) => statements.has(sql)),
      );
  }
  expect(searching.size).toBeGreaterThan(4);
  expect([...searching].filter(([, bounded]) => !bounded)).toEqual([]);
});

describe('a difference is found:', () => {
  const createJar = `create table jar (id uuid primary key, version integer not null, state jsonb not null, created_at timestamptz not null, updated_at timestamptz not null`;
  const jar = (columns: object, indexes: ReturnType<typeof newestFirst>[] = []) =>
    defineEntity({
      name: 'Jar',
      tableName: 'jar',
      properties: { ...aggregateColumns<unknown>(), ...columns },
      indexes,
    });
  const found = async (name: string, up: string[], entities: Service['entities']) =>
    compared({ name, migrations: [{ name: `${name}-1`, up }], entities });

  test('a table that no entity describes', async () => {
    expect((await found('no_entity', [`${createJar})`], [])).update).toContain(
      'drop table if exists "no_entity"."jar"',
    );
  });

  test('an entity that no migration makes a table for', async () => {
    expect((await found('no_table', [], [jar({})])).update).toContain('create table "no_table"."jar"');
  });

  test('a column that the entity lacks', async () => {
    expect((await found('no_column', [`${createJar}, owner text)`], [jar({})])).update).toContain(
      'drop column "owner"',
    );
  });

  test('a column that is computed in another way', async () => {
    const columns = { owner: generated.text(`state ->> 'holder'`) };
    const up = [`${createJar}, owner text generated always as (state ->> 'owner') stored)`];
    expect((await found('other_value', up, [jar(columns)])).update).toContain(`state ->> 'holder'`);
  });

  // These two MikroORM does not compare.
  test('a computed column of another type', async () => {
    const columns = { coins: generated.bigint(`(state -> 'coins')::bigint`) };
    const up = [`${createJar}, coins integer generated always as ((state -> 'coins')::bigint) stored)`];
    expect((await found('other_type', up, [jar(columns)])).differences).toEqual([
      expect.stringContaining('only the migrations: column jar.coins integer'),
      expect.stringContaining('only the entities: column jar.coins bigint'),
    ]);
  });

  test('an index in another order', async () => {
    const columns = { ownerId: p.text().nullable() };
    const up = [`${createJar}, owner_id text)`, 'create index jar_of_owner on jar (owner_id, id)'];
    const { differences: lines } = await found('other_order', up, [
      jar(columns, [newestFirst('jar_of_owner', 'owner_id')]),
    ]);
    expect(lines).toEqual([
      'only the migrations: CREATE INDEX jar_of_owner ON jar USING btree (owner_id, id)',
      'only the entities: CREATE INDEX jar_of_owner ON jar USING btree (owner_id, id DESC)',
    ]);
  });
});
