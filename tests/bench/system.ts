import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { cpuOf, memoryOf, processes, type Processes } from './machine.ts';

export type SystemName = 'embedded' | 'stack';

/** A part of a system, as processor time and memory are counted. */
export interface Part {
  name: string;
  /** Parts of one group are summed up in a figure: `node`, `PostgreSQL`, `RabbitMQ`, `Envoy`, `provider`. */
  group: string;
  /** Its processes among all that there are. */
  pids(all: Processes): number[];
}

/** Lodging and what it needs, as the goals are set; the other businesses' services would only stand by. */
export const services = ['lodging', 'property', 'payment', 'views'] as const;

/** A whole Jari that a figure can be measured on. */
export interface System {
  name: SystemName;
  /** The gateway. */
  rest: string;
  grpc: string;
  /** Lodging's own gRPC address, without a gateway. */
  lodging: string;
  /** Address of the broker, where there is one. */
  broker?: string;
  parts: readonly Part[];
  admin: Admin;
  /** Where the service's tables are, with the administrator's rights. */
  databaseOf(service: string): string;
  /** Lets the named services stand still, while messages for them wait; only where each is a process. */
  freeze?(names: readonly string[]): void;
  thaw?(names: readonly string[]): void;
  stop(): Promise<void>;
}

/** How the administrator reaches a PostgreSQL. */
export interface Admin {
  host: string;
  port: string;
  user: string;
  password: string;
}

/** Of the PostgreSQL that runs in `folder`. */
export const adminOf = (folder: string): Admin => ({
  host: '127.0.0.1',
  port: readFileSync(join(folder, 'port'), 'utf8'),
  user: 'postgres',
  password: readFileSync(join(folder, 'password'), 'utf8'),
});

export const urlOf = ({ host, port, user, password }: Admin, database: string): string =>
  `postgres://${user}:${password}@${host}:${port}/${database}`;

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

export type Cpu = Readonly<Record<string, number>>;

/** Milliseconds of processor time so far, by group. */
export function cpuByGroup({ parts }: System): Cpu {
  const all = processes();
  const sums: Record<string, number> = {};
  for (const { group, pids } of parts) sums[group] = (sums[group] ?? 0) + cpuOf(all, pids(all));
  return sums;
}

/** Megabytes by part. */
export function memoryByPart({ parts }: System): Record<string, number> {
  const all = processes();
  return Object.fromEntries(parts.map(({ name, pids }) => [name, memoryOf(pids(all))]));
}

/** Processor time that `work` cost, with all that follows from it. */
export async function costing<Result>(
  system: System,
  work: () => Promise<Result>,
): Promise<{ result: Result; cpu: Cpu }> {
  await quiet(system);
  const before = cpuByGroup(system);
  const result = await work();
  await quiet(system);
  const after = cpuByGroup(system);
  return {
    result,
    cpu: Object.fromEntries(Object.entries(after).map(([group, ms]) => [group, ms - (before[group] ?? 0)])),
  };
}

const lookEveryMs = 300;
const longestMs = 90_000;

/** Resolves when nothing waits in an outbox and nothing has been written for a moment: all that follows from the load is done. */
export async function quiet({ name, admin, databaseOf }: System): Promise<void> {
  const deadline = Date.now() + longestMs;
  const written = async (): Promise<string> =>
    (await query<{ at: string }>(urlOf(admin, 'postgres'), 'select pg_current_wal_insert_lsn()::text at'))[0]?.at ?? '';
  const allSent = async (): Promise<boolean> =>
    (
      await Promise.all(
        services.map((service) => query(databaseOf(service), 'select from outbox where published_at is null limit 1')),
      )
    ).every((rows) => rows.length === 0);
  for (let last = await written(), looks = 0; looks < 2;) {
    if (Date.now() > deadline) throw new Error(`${name} is still at work ${longestMs / 1_000} s after the load`);
    await pause(lookEveryMs);
    const now = await written();
    looks = now === last && (await allSent()) ? looks + 1 : 0;
    last = now;
  }
}
