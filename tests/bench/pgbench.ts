import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformMigrations } from '#adapters/mikro-orm/platform.ts';
import { migrations } from '../../services/lodging/adapters/store.ts';
import { tool } from '../../deploy/native/install.ts';
import { query, urlOf, type System } from './system.ts';

/** What PostgreSQL alone can do: the ceiling of everything that must be durable. */
export interface Ceiling {
  /** Transactions a second. */
  run(seconds: number): Promise<number>;
}

export const ceilingText = 'pgbench: BEGIN, the same 4 inserts, COMMIT; 16 clients, on the same PostgreSQL';

const database = 'bench';
const clients = 16;

/**
 * pgbench with the statements of one accepted reservation (kept answer, state, 2 messages) on tables of the same make, with the very
 * rows that the newest reservation left behind. Undefined where pgbench is not to be had.
 */
export async function pgbench(system: System): Promise<Ceiling | undefined> {
  const found = tool('pgbench');
  if ('missing' in found) return undefined;
  const { admin } = system;
  const url = urlOf(admin, database);
  if (!(await query(urlOf(admin, 'postgres'), 'select from pg_database where datname = $1', [database])).length) {
    await query(urlOf(admin, 'postgres'), `create database ${database}`);
    for (const { up } of [...platformMigrations, ...migrations])
      for (const statement of up) await query(url, statement);
  }
  const statements = ['begin', ...(await insertsOf(system.databaseOf('lodging'))), 'commit'];
  return {
    async run(seconds) {
      const folder = mkdtempSync(join(tmpdir(), 'jari-pgbench-'));
      const script = join(folder, 'accept.sql');
      writeFileSync(script, statements.map((statement) => `${statement};\n`).join(''));
      try {
        const args = [
          '--no-vacuum',
          '--protocol',
          'prepared',
          '--client',
          clients,
          '--jobs',
          2,
          '--time',
          Math.max(1, Math.round(seconds)),
          '--file',
          script,
        ];
        const { stdout } = await promisify(execFile)(
          found.path,
          [...args, '-h', admin.host, '-p', admin.port, '-U', admin.user, database].map(String),
          {
            env: { ...process.env, PGPASSWORD: admin.password },
          },
        );
        const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
        if (!tps) throw new Error(`pgbench tells no rate: ${stdout}`);
        return Number(tps);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** What the newest reservation wrote when it was accepted, as statements that write it again under new ids. */
async function insertsOf(lodging: string): Promise<string[]> {
  const [kept] = await query<Record<string, string>>(
    lodging,
    `select caller, method, fingerprint, encode(response, 'hex') response from kept_answer where response is not null order by created_at desc limit 1`,
  );
  const [reservation] = await query<Record<string, string>>(
    lodging,
    'select id, state::text from reservation order by id desc limit 1',
  );
  const messages = await query<Record<string, string>>(
    lodging,
    `select kind, type, routing_key, subject, correlation_id, causation_id, encode(payload, 'hex') payload from outbox where subject = $1 order by id limit 2`,
    [reservation?.id],
  );
  if (!kept || !reservation || messages.length < 2) throw new Error('no reservation was accepted yet');
  return [
    `insert into kept_answer (caller, method, key, fingerprint, response, created_at)
     values (${[kept.caller, kept.method].map(text).join()}, gen_random_uuid()::text, ${text(kept.fingerprint)}, ${bytes(kept.response)}, now())`,
    `insert into reservation (id, version, state, created_at, updated_at) values (uuidv7(), 1, ${text(reservation.state)}, now(), now())`,
    ...messages.map(
      ({ kind, type, routing_key, subject, correlation_id, causation_id, payload }) =>
        `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, payload, created_at)
         values (uuidv7(), ${[kind, type, routing_key, subject, correlation_id, causation_id].map(text).join()}, ${bytes(payload)}, now())`,
    ),
  ];
}

/** pgbench takes `:name` for a variable, also within text; what we quote is JSON or has no colon. */
const text = (value: string | undefined): string =>
  `'${(value ?? '').replaceAll("'", "''").replaceAll(/:(?=\w)/g, '\\u003a')}'`;
const bytes = (hex: string | undefined): string => `'\\x${hex}'`;
