import { types } from 'node:util';
import { defineEntity, p } from '@mikro-orm/core';
import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg, { type Pool, type PoolClient, type QueryConfig } from 'pg';
import { Unavailable } from '#adapters/resilience/errors.ts';
import { platformMigrations } from './platform.ts';

/** A message that waits for somebody to look at it. */
export const DeadLetter = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letter',
  properties: {
    messageId: p.string().primary(),
    envelope: p.json<Record<string, unknown>>(),
    error: p.text(),
    diedAt: p.datetime(),
    redrivenAt: p.datetime().nullable(),
  },
});

export interface Database {
  service: string;
  orm: MikroORM;
  /** MikroORM's own pool, for prepared statements on the hot paths. */
  pool: Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Owner of the schema and name of the advisory locks. */
  service: string;
  url: string;
  migrations: readonly { name: string; up: readonly string[] }[];
  /** Connections at most. Default 10. */
  connections?: number;
}

/**
 * Statements are by key, and prepared while the tables are still small: they are planned once, and as for tables that have grown. An
 * array of one element would else be planned for at each call, and a plan of the first day, which reads a whole table, kept.
 */
const planning = ['plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off'];

/** A session of a machine that vanished without a word ends, and its locks with it, within half a minute. */
const vanished = ['tcp_keepalives_idle=10', 'tcp_keepalives_interval=5', 'tcp_keepalives_count=4'];

const options = [...planning, ...vanished].map((set) => `-c ${set}`).join(' ');

/**
 * So long a statement by key may take. Past that the connection is given up: PostgreSQL, or the way there, is gone without a word, and who
 * waits behind it would wait until the network notices, which may be a quarter of an hour. What became of a transaction is not known
 * then, as when a connection breaks; its proofs know.
 */
export const answerMs = 10_000;
export const inTime = <Query extends QueryConfig>(query: Query): Query => ({ ...query, query_timeout: answerMs });

/** Whether the session has the lock of this name now, which another may hold; it goes with the session. */
export async function holds(session: Pick<PoolClient, 'query'>, lock: string): Promise<boolean> {
  const { rows } = await session.query<{ won: boolean }>(inTime({ text: 'select pg_try_advisory_lock(hashtext($1)) won', values: [lock] }));
  return rows[0]?.won ?? false;
}

/** Lets go of a lock that the session holds. */
export async function letsGo(session: Pick<PoolClient, 'query'>, lock: string): Promise<void> {
  await session.query(inTime({ text: 'select pg_advisory_unlock(hashtext($1))', values: [lock] }));
}

/** Connects, and brings the schema up to date under a lock, so that replicas may start together. */
export async function openDatabase({ service, url, migrations, connections = 10 }: DatabaseOptions): Promise<Database> {
  const schema = await schemaOf(url, service);
  const orm = await MikroORM.init({
    clientUrl: url,
    schema,
    entities: [DeadLetter],
    extensions: [Migrator],
    pool: { min: 0, max: connections },
    // How long a caller stands in line for a connection: less than a call may take, more than a burst does.
    driverOptions: { connectionTimeoutMillis: 5_000, keepAlive: true, application_name: service, pipeline: true, options },
    migrations: { migrationsList: [...platformMigrations, ...migrations].map(migrationClass), snapshot: false, tableName: 'migration' },
    discovery: { checkDuplicateFieldNames: false },
    logger: () => undefined,
  });
  try {
    const pool = (await orm.em.getConnection().getNativeClient()) as Pool;
    await migrate(orm, pool, service);
    return {
      service,
      orm,
      pool,
      close: () => orm.close(true),
    };
  } catch (error) {
    await orm.close(true);
    throw isConnectionTrouble(error) ? new Unavailable(`the database of ${service} cannot be reached`, { cause: error }) : error;
  }
}

/** The schema in which the service's role lands: `public` of a database of its own, or its own of a shared one. */
async function schemaOf(url: string, service: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // the query that is under way tells of it
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select current_schema() name');
    return rows[0]?.name ?? 'public';
  } catch (error) {
    throw isConnectionTrouble(error) ? new Unavailable(`the database of ${service} cannot be reached`, { cause: error }) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function migrate(orm: MikroORM, pool: Pool, service: string): Promise<void> {
  const lock = await pool.connect();
  try {
    await lock.query('select pg_advisory_lock(hashtext($1))', [`${service}/migrations`]);
    await orm.migrator.up();
  } finally {
    await lock.query('select pg_advisory_unlock(hashtext($1))', [`${service}/migrations`]).catch(() => undefined);
    lock.release();
  }
}

const migrationClass = ({ name, up }: { name: string; up: readonly string[] }) => ({
  name,
  class: class extends Migration {
    override up(): void {
      for (const statement of up) this.addSql(statement);
    }
  },
});

/** The sockets' own errors: nobody listens, the way is broken, the name is not known just now. */
const away: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);

/** Class 08 (connection), 57 (operator intervention, shutting down), 53 (out of connections), 25006 (read only: another leads now). */
export function isConnectionTrouble(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code } = error as { code?: string };
  if (code && /^(08|57|53|25006)/.test(code)) return true;
  if (code && away.has(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/.test(error.message);
}
