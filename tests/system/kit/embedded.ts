import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { developmentKey } from '#adapters/auth/keys.ts';
import { freePort } from '../../../deploy/native/ports.ts';
import { services as everyService } from '../../../services/registry.ts';
import { eventually } from './eventually.ts';
import type { Place } from './place.ts';
import { startProgram, type Program } from './program.ts';
import { unlimited } from './unlimited.ts';

export const checkout = join(import.meta.dirname, '../../..');

export interface Embedded extends Place {
  /** Where all is kept, the tokens' key included. */
  readonly folder: string;
  /** The environment that it runs with. */
  readonly env: Readonly<Record<string, string>>;
  readonly program: Program;
  /** Starts the named services, or all that it has; resolves when it says that it is ready. */
  up(...names: readonly string[]): Promise<void>;
  /** Ctrl-C; resolves with how it ended. */
  down(): Promise<number | string>;
  /** kill -9 of the process; `all`: of PostgreSQL as well, which otherwise lives on as an orphan. */
  die(what?: 'all'): Promise<void>;
  /** Takes everything away. */
  remove(): Promise<void>;
}

const startMs = 40_000;

/** `node services/run.ts` in a temporary folder and on free ports, with `settings` beside its defaults; all services, or the named ones. */
export async function embedded(
  settings: Readonly<Record<string, string>> = {},
  named: readonly string[] = [],
): Promise<Embedded> {
  const folder = mkdtempSync(join(tmpdir(), 'jari-embedded-'));
  const [rest, grpc] = [await freePort(), await freePort()];
  const env = {
    PORT: String(rest),
    GRPC_PORT: String(grpc),
    JARI_DATA: join(folder, 'data'),
    JARI_KEYS: join(folder, 'keys'),
    ...unlimited,
    NODE_ENV: 'development', // Jest says "test"
    ...settings,
  };
  const key = await developmentKey(env.JARI_KEYS);
  let program: Program | undefined;
  let away: string[] = [];

  const current = (): Program => {
    if (!program) throw new Error('Jari was not started');
    return program;
  };
  const services = named.length ? named : everyService.map(({ name }) => name);
  const up = async (...names: readonly string[]): Promise<void> => {
    program = startProgram({
      command: process.execPath,
      args: ['services/run.ts', ...(names.length ? names : named)],
      cwd: checkout,
      env,
    });
    await program.says('is ready after', startMs);
  };
  const down = (): Promise<number | string> => {
    current().signal('SIGINT');
    return current().ended;
  };
  const die = async (what?: 'all'): Promise<void> => {
    current().signal('SIGKILL');
    if (what === 'all') await killPostgres(env.JARI_DATA);
    await current().ended;
  };
  /** In one process no service can be taken away alone: all go, and the others come back. */
  const without = async (gone: string[]): Promise<void> => {
    away = gone;
    await die();
    await up(...(gone.length ? services.filter((name) => !gone.includes(name)) : []));
  };

  return {
    ...{ services, folder, env, key, up, down, die },
    rest: `http://127.0.0.1:${rest}`,
    grpc: `127.0.0.1:${grpc}`,
    grpcOf: () => `127.0.0.1:${grpc}`,
    get program() {
      return current();
    },
    rows: (service, sql, ...values) => ask(env.JARI_DATA, service, sql, values),
    kill: (service) => without([...away, service]),
    start: (service) => without(away.filter((name) => name !== service)),
    crash: () => without(away),
    async remove() {
      if (program?.isRunning()) await Promise.race([down(), program.ended]);
      await killPostgres(env.JARI_DATA);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask<Row extends object>(
  data: string,
  service: string,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const kept = (name: string): string => readFileSync(join(data, 'postgres', name), 'utf8');
  const client = new pg.Client({
    ...{
      host: '127.0.0.1',
      port: Number(kept('port')),
      user: 'postgres',
      password: kept('password'),
      database: 'jari',
    },
    options: `-c search_path=${service}`,
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Process id of the PostgreSQL that works in the data folder; undefined when none does. */
export function postgresOf(data: string): number | undefined {
  const file = join(data, 'postgres/data/postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  const command = pid && existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  return command.includes(join(data, 'postgres')) ? pid : undefined;
}

async function killPostgres(data: string): Promise<void> {
  const pid = postgresOf(data);
  if (pid === undefined) return;
  process.kill(pid, 'SIGKILL');
  await eventually(
    () => Promise.resolve(postgresOf(data)),
    (found) => found === undefined,
  );
}
