import type { Pool, PoolClient, PoolConfig, QueryResult, QueryResultRow } from 'pg';

/** A prepared statement: each text has a name of its own. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

/** Connections whose sessions plan each statement once; so they take prepared statements only (ADR 56). */
export interface PreparedPool {
  query<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>>;
  connect(): Promise<PoolClient>;
  readonly totalCount: Pool['totalCount'];
  readonly idleCount: Pool['idleCount'];
}

/**
 * Prepared statements are by key, and prepared while the tables are still small: they are planned once, and as for tables that have grown.
 * An array of one element would else be planned for at each call, and a plan of the first day, which reads a whole table, kept.
 */
const planning = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
];

/** A session of a machine that vanished without a word ends, and its locks with it, within half a minute. */
const keepAlive = ['tcp_keepalives_idle=10', 'tcp_keepalives_interval=5', 'tcp_keepalives_count=4'];

/**
 * A lock is not waited for longer, nor a statement: a process has one transaction at a time under way, and all others stand behind it.
 * A statement that PostgreSQL ends itself leaves nothing behind, unlike one whose connection was given up (`queryTimeoutMs`).
 */
const timeouts = ['lock_timeout=500', 'statement_timeout=5000'];

const session = (service: string, settings: readonly string[]) => ({
  // How long a caller stands in line for a connection: less than a call may take, more than a burst does.
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  application_name: service,
  pipeline: true,
  options: settings.map((setting) => `-c ${setting}`).join(' '),
});

/** How both kinds of sessions are opened. Only those of prepared statements change how PostgreSQL plans. */
export const ordinarySession = (service: string): PoolConfig => session(service, [...keepAlive, ...timeouts]);
export const preparedSession = (service: string): PoolConfig =>
  session(service, [...planning, ...keepAlive, ...timeouts]);

/** Of a service's connections, a third is for statements that are not prepared: reports, operations, deletions, migrations. */
export function shared(connections: number): { ordinary: number; prepared: number } {
  const ordinary = Math.ceil(connections / 3);
  return { ordinary, prepared: connections - ordinary };
}
