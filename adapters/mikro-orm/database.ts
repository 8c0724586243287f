import { types } from 'node:util';
import type { EntitySchema } from '@mikro-orm/core';
import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg, { type Pool, type PoolClient, type QueryConfig } from 'pg';
import { clockOf, type Clock } from '#adapters/clock/clock.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { certificateProblem, type Tls } from '#adapters/tls/tls.ts';
import { encryption, type Encryption } from './encryption.ts';
import { platformEntities } from './entities.ts';
import { platformMigrations } from './platform.ts';
import { ordinarySession, preparedSession, shared, type PreparedPool } from './sessions.ts';

export interface Database {
  service: string;
  orm: MikroORM;
  /** MikroORM's own connections: PostgreSQL plans each statement for its values. */
  pool: Pool;
  /** Connections for prepared statements, which are planned once (ADR 56). */
  prepared: PreparedPool;
  /** Whether the last transaction failed because the disk of PostgreSQL is full. */
  disk: { full: boolean };
  /** The time by which timers fall due: PostgreSQL's own, measured as the database was opened. */
  clock: Clock;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Owner of the schema and name of the advisory locks. */
  service: string;
  url: string;
  migrations: readonly { name: string; up: readonly string[] }[];
  /** The tables that the migrations make, beside the platform's. */
  entities: readonly EntitySchema[];
  /** Connections at most, at least two. Default 10. */
  connections?: number;
  tls?: Tls;
}

/**
 * So long a statement by key may take. Past that the connection is given up: PostgreSQL, or the way there, is gone without a word, and who
 * waits behind it would wait until the network notices, which may be a quarter of an hour. What became of a transaction is not known
 * then, as when a connection breaks; its proofs know.
 */
export const queryTimeoutMs = 10_000;
export const withTimeout = <Query extends QueryConfig>(query: Query): Query => ({
  ...query,
  query_timeout: queryTimeoutMs,
});

/** Whether the session has the lock of this name now, which another may hold; it goes with the session. */
export async function tryLock(session: Pick<PoolClient, 'query'>, lock: string): Promise<boolean> {
  const { rows } = await session.query<{ won: boolean }>(
    withTimeout({ text: 'select pg_try_advisory_lock(hashtext($1)) won', values: [lock] }),
  );
  return rows[0]?.won ?? false;
}

/** Lets go of a lock that the session holds. */
export async function unlock(session: Pick<PoolClient, 'query'>, lock: string): Promise<void> {
  await session.query(withTimeout({ text: 'select pg_advisory_unlock(hashtext($1))', values: [lock] }));
}

/** Connects, and brings the schema up to date under a lock, so that replicas may start together. */
export async function openDatabase({
  service,
  url,
  migrations,
  entities,
  connections = 10,
  tls,
}: DatabaseOptions): Promise<Database> {
  const { address, ssl } = encryption(url, tls);
  const schema = await schemaOf(address, ssl, service);
  const most = shared(connections);
  const orm = await MikroORM.init({
    clientUrl: address,
    schema,
    entities: [...platformEntities, ...entities],
    extensions: [Migrator],
    pool: { min: 0, max: most.ordinary },
    driverOptions: { ...ordinarySession(service), ...(ssl && { ssl }) },
    migrations: {
      migrationsList: [...platformMigrations, ...migrations].map(migrationClass),
      snapshot: false,
      tableName: 'migration',
    },
    // For the comparison with the entities (ADR 40): functions have no columns, and this table has no key.
    schemaGenerator: { ignoreRoutines: true, skipTables: ['disk_probe'] },
    logger: () => undefined,
  });
  const pool = (await orm.em.getConnection().getNativeClient()) as Pool;
  const prepared = new pg.Pool({
    ...{ connectionString: address, max: most.prepared, types: pool.options.types },
    ...preparedSession(service),
    ...(ssl && { ssl }),
  });
  // Whoever uses a connection hears from its query that it broke; the pool has dropped it already.
  prepared.on('connect', (client) => client.on('error', () => undefined)).on('error', () => undefined);
  const close = async (): Promise<void> => void (await Promise.all([prepared.end(), orm.close(true)]));
  try {
    await migrate(orm, prepared, service);
    const clock = clockOf(() => timeOf(prepared));
    await clock.measure();
    return { service, orm, pool, prepared, disk: { full: false }, clock, close };
  } catch (error) {
    await close();
    if (isConnectionTrouble(error)) throw unreachable(service, error);
    if (isLocked(error))
      throw new Unavailable(`the tables of ${service} are in use and cannot be changed now`, { cause: error });
    throw error;
  }
}

/** The schema in which the service's role lands: `public` of a database of its own, or its own of a shared one. */
async function schemaOf(address: string, ssl: Encryption['ssl'], service: string): Promise<string> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 2_000, ...(ssl && { ssl }) });
  client.on('error', () => undefined); // the query that is under way tells of it
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select current_schema() name');
    return rows[0]?.name ?? 'public';
  } catch (error) {
    throw isConnectionTrouble(error) ? unreachable(service, error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unreachable(service: string, error: unknown): Unavailable {
  const why = certificateProblem(error);
  return new Unavailable(`the database of ${service} cannot be reached${why ? `: ${why}` : ''}`, { cause: error });
}

/** MikroORM migrates on a connection of its own, so the lock is on one of the others. */
async function migrate(orm: MikroORM, pool: Pick<Pool, 'connect'>, service: string): Promise<void> {
  await withoutTimeout(pool, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [`${service}/migrations`]);
    await orm.migrator.up();
  });
}

/** In milliseconds, with its fractions. */
async function timeOf(pool: PreparedPool): Promise<number> {
  const text = 'select (extract(epoch from clock_timestamp()) * 1000)::text ms';
  const { rows } = await pool.query<{ ms: string }>(withTimeout({ name: 'clock', text, values: [] }));
  return Number(rows[0]?.ms);
}

/** For work that may take long, on a connection that nobody uses after it. */
const unlimited = 'set statement_timeout = 0; set lock_timeout = 0';

/** Does work that may take long: its statements are not ended after a while. */
export async function withoutTimeout<Result>(
  pool: Pick<Pool, 'connect'>,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(unlimited);
    return await work(client);
  } finally {
    client.release(true); // its settings and its locks go with the session
  }
}

const migrationClass = ({ name, up }: { name: string; up: readonly string[] }) => ({
  name,
  class: class extends Migration {
    override up(): void {
      // A lock on a table is waited for no longer than usual: replicas of the version before stand behind whoever waits for it.
      this.addSql('set local statement_timeout = 0');
      for (const statement of up) this.addSql(statement);
    }
  },
});

/** The sockets' own errors: nobody listens, the way is broken, the name is not known just now. */
const away: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** A write failed because the disk is full. */
export const isDiskFull = (error: unknown): boolean => codeOf(error) === '53100';

/** The lock that a statement needs was not to be had in time. */
export const isLocked = (error: unknown): boolean => codeOf(error) === '55P03';

/** A statement took too long, and PostgreSQL ended it. */
export const isSlow = (error: unknown): boolean => codeOf(error) === '57014';

const codeOf = (error: unknown): string | undefined =>
  types.isNativeError(error) ? (error as { code?: string }).code : undefined;

/** What the caller of a statement may try again later, and why it failed now; undefined where it is a fault. */
export function unavailableFrom(error: unknown): Unavailable | undefined {
  if (isConnectionTrouble(error)) return new Unavailable('the database cannot be reached', { cause: error });
  if (isLocked(error)) return new Unavailable('another session has locked what is asked for', { cause: error });
  if (isSlow(error)) return new Unavailable('the database takes too long', { cause: error });
  return undefined;
}

/** Class 08 (connection), 57 (operator intervention, shutting down), 53 (out of connections, of disk), 25006 (read only: another leads now). */
export function isConnectionTrouble(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code } = error as { code?: string };
  if (isSlow(error)) return false;
  if (code && /^(08|57|53|25006)/.test(code)) return true;
  if ((code && away.has(code)) || certificateProblem(error)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/.test(
    error.message,
  );
}
