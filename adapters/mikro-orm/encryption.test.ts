import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  copyFileSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { startPostgres, type Postgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { jarService } from '#adapters/host/jar-service.fixture.ts';
import { authorityIn } from '#adapters/tls/certificates.fixture.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { openDatabase, type Database } from './database.ts';

// A real PostgreSQL that takes encrypted connections only.
const dir = mkdtempSync(join(tmpdir(), 'jari-encrypted-'));
const authority = authorityIn(join(dir, 'certificates'), 'authority');
const stranger = authorityIn(join(dir, 'certificates'), 'stranger');
let postgres: Postgres;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres({ dir: join(dir, 'postgres'), log: pino({ level: 'silent' }) });
  url = await provision(postgres.adminUrl, 'jars', 'schema');
  const data = join(dir, 'postgres/data');
  const { uid, gid } = statSync(data);
  const own = authority.issue('postgres', ['IP:127.0.0.1']);
  for (const [from, name] of [
    [own.cert, 'server.crt'],
    [own.key, 'server.key'],
  ] as const) {
    copyFileSync(from, join(data, name));
    chmodSync(join(data, name), 0o600);
    if (process.getuid?.() === 0) chownSync(join(data, name), uid, gid);
  }
  const rules = join(data, 'pg_hba.conf');
  writeFileSync(rules, readFileSync(rules, 'utf8').replace(/^host /gm, 'hostssl '));
  const admin = new pg.Client(postgres.adminUrl);
  await admin.connect();
  await admin.query('alter system set ssl = on');
  await admin.query('select pg_reload_conf()');
  await admin.end();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(dir, { recursive: true });
});

const trusting = (file: string): Tls => ({ authorities: readFileSync(file), own: undefined, isMutual: false });
const opened = (query: string, tls?: Tls): Promise<Database> =>
  openDatabase({
    service: 'jars',
    url: `${url}${query}`,
    migrations: jarService().migrations,
    entities: jarService().entities,
    connections: 3,
    ...(tls && { tls }),
  });
const using = async (database: Promise<Database>): Promise<boolean[]> => {
  const { pool, prepared, close } = await database;
  const clients = await Promise.all([pool.connect(), prepared.connect(), prepared.connect()]);
  const sessions = await Promise.all(
    clients.map((client) => client.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')),
  );
  for (const client of clients) client.release();
  await close();
  return sessions.map(({ rows }) => rows[0]!.ssl);
};

describe('a database that is reached by TLS (9)', () => {
  test('is spoken to in cipher on every connection, with the authorities of the settings', async () =>
    expect(await using(opened('?sslmode=verify-full', trusting(authority.file)))).toEqual([true, true, true]));
  test('or with the file that its address names', async () =>
    expect(await using(opened(`?sslmode=verify-full&sslrootcert=${authority.file}`))).toEqual([true, true, true]));

  test('is not spoken to when another authority signed its certificate, and the error says so', async () => {
    for (const tls of [trusting(stranger.file), undefined])
      await expect(opened('?sslmode=verify-full', tls)).rejects.toThrow(
        /cannot be reached: its certificate is not trusted: .*JARI_TLS_CA/,
      );
  });
  test('is not spoken to under a name that its certificate does not have', async () => {
    url = url.replace('127.0.0.1', 'localhost');
    await expect(opened('?sslmode=verify-full', trusting(authority.file))).rejects.toThrow(
      /its certificate is not trusted: .*altnames/,
    );
    url = url.replace('localhost', '127.0.0.1');
  });
  test('refuses plain text by itself', () => expect(opened('')).rejects.toThrow('no encryption'));
});
