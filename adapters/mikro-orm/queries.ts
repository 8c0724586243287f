import type { InferKyselyDB } from '@mikro-orm/postgresql';
import { sql, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import { withTimeout, type Database } from './database.ts';
import type { platformEntities } from './entities.ts';
import { mapDatabaseErrors, type Store } from './store.ts';

/** The tables of these entities as Kysely knows them: with the names that they and their columns have in PostgreSQL. */
export type TablesOf<Entities extends readonly { name: string }[]> = InferKyselyDB<Entities[number]>;

/** Builds queries of a service's tables; `execute()` runs them. */
export const tablesIn = <Entities extends readonly { name: string }[]>(
  store: Pick<Store, 'read'>,
): Kysely<TablesOf<Entities>> => store.read().getKysely() as unknown as Kysely<TablesOf<Entities>>;

/** All ids that a query finds. */
export const idsOf = (query: { execute(): Promise<{ id: string }[]> }): Promise<string[]> =>
  mapDatabaseErrors(async () => (await query.execute()).map(({ id }) => id));

/** Builds queries of the platform's tables. */
export const platformTables = ({ orm }: Pick<Database, 'orm'>): Kysely<TablesOf<typeof platformEntities>> =>
  orm.em.getKysely<TablesOf<typeof platformEntities>>();

/** Runs a query that Kysely has built, within the time that a statement may take. */
export const run = <Row extends object>({ pool }: Pick<Database, 'pool'>, query: Compilable<Row>): Promise<Row[]> =>
  mapDatabaseErrors(async () => {
    const { sql: text, parameters } = query.compile();
    return (await pool.query<Row>(withTimeout({ text, values: [...parameters] }))).rows;
  });

/** A time as text, in milliseconds: the driver's own parsing depends on who else uses the pool. */
export const milliseconds = <Text extends string | null = string>(column: string): RawBuilder<Text> =>
  sql<Text>`(extract(epoch from ${sql.ref(column)}) * 1000)::bigint::text`;
