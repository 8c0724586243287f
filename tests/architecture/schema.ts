import type { Pool } from 'pg';
import pg from 'pg';
import { platformMigrations } from '#adapters/mikro-orm/platform.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { openDatabase, type Database } from '#adapters/mikro-orm/database.ts';
import type { Service } from '#adapters/service/service.ts';

type Tables = Pick<Service, 'name' | 'migrations' | 'entities'>;

/** The service's database as its migrations leave it. */
export async function migrated(adminUrl: string, { name, migrations, entities }: Tables): Promise<Database> {
  return openDatabase({ service: name, url: await provision(adminUrl, name, 'schema'), migrations, entities });
}

/** One line for each thing that the migrations make otherwise than the entities say. */
export async function differences(
  adminUrl: string,
  { name, migrations }: Tables,
  database: Database,
): Promise<string[]> {
  const schema = `${name}_entities`;
  const made = new pg.Client(await provision(adminUrl, schema, 'schema'));
  await made.connect();
  try {
    for (const statement of [...platformMigrations, ...migrations].flatMap(({ up }) => [...up]))
      if (statement.startsWith('create function')) await made.query(statement);
    const create = await database.orm.schema.getCreateSchemaSQL({ wrap: false });
    await made.query(create.replace(/^create schema .*;$/m, '').replaceAll(`"${name}".`, ''));
    const [byMigrations, byEntities] = [await thingsIn(database.pool), await thingsIn(made)];
    return [
      ...[...byMigrations].filter((thing) => !byEntities.has(thing)).map((thing) => `only the migrations: ${thing}`),
      ...[...byEntities].filter((thing) => !byMigrations.has(thing)).map((thing) => `only the entities: ${thing}`),
    ];
  } finally {
    await made.end();
  }
}

/** Columns, indexes, constraints, triggers and views, each as PostgreSQL itself writes it. */
async function thingsIn(client: Pick<Pool, 'query'>): Promise<Set<string>> {
  const { rows } = await client.query<{ thing: string }>(things);
  // The index of a partitioned table says ONLY; PostgreSQL puts more parentheses around BETWEEN than around the two comparisons that it is.
  return new Set(
    rows.map(({ thing }) =>
      thing.startsWith('constraint') ? thing.replaceAll(/[()]/g, '') : thing.replace(' ON ONLY ', ' ON '),
    ),
  );
}

const things = `
  with tables as (
    select oid, relname, relkind from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v') and relname not in ('migration', 'disk_probe')
  )
  select 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
      || case when attnotnull then ' not null' else '' end
      || case when attcollation in (0, 'pg_catalog."default"'::regcollation) then '' else ' collate ' || attcollation::regcollation end
      || case when attgenerated <> '' then ' generated ' else ' default ' end || coalesce(pg_get_expr(adbin, adrelid), 'nothing') thing
    from tables join pg_attribute on attrelid = tables.oid left join pg_attrdef on adrelid = tables.oid and adnum = attnum
    where attnum > 0 and not attisdropped and relkind <> 'v'
  union all select pg_get_indexdef(indexrelid, 0, true) from tables join pg_index on indrelid = tables.oid
  union all select 'constraint ' || relname || '.' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
    from tables join pg_constraint on conrelid = tables.oid where contype <> 'n'
  union all select pg_get_triggerdef(pg_trigger.oid, true) from tables join pg_trigger on tgrelid = tables.oid where not tgisinternal
  union all select 'view ' || relname || ' ' || pg_get_viewdef(oid) from tables where relkind = 'v'`;
