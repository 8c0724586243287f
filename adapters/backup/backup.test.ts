import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { startPostgres, type Postgres } from '#adapters/embedded-postgres/postgres.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { backUp } from './back-up.ts';
import { manifestFile, manifestOf } from './manifest.ts';
import { restore } from './restore.ts';

const log = pino({ level: 'silent' });
const home = mkdtempSync(join(tmpdir(), 'jari-backup-'));
const [folder, to, elsewhere] = [join(home, 'postgres'), join(home, 'backups/first'), join(home, 'other/postgres')];
const [secretFile, otherSecret] = [join(home, 'secret'), join(home, 'other/secret')];
const servers: Postgres[] = [];
let server: Postgres;

beforeAll(async () => {
  mkdirSync(join(home, 'backups'));
  server = await started(folder);
  await query(
    server,
    'create table retelling (id boolean default true, since timestamptz, requested_at timestamptz, ended_at timestamptz, cursor uuid, sent bigint default 0, unheard bigint default 0)',
  );
  await query(server, 'insert into retelling default values');
  await query(server, 'create table one (n bigint)');
  await query(server, 'create database two');
  await query(server, 'create table two (n bigint)', 'two');
}, 300_000);
afterAll(async () => {
  for (const each of servers.splice(0)) await each.stop();
  rmSync(home, { recursive: true });
}, 60_000);

async function started(dir: string): Promise<Postgres> {
  const server = await startPostgres({ dir, log });
  servers.push(server);
  return server;
}
const stop = (server: Postgres): Promise<void> => servers.splice(servers.indexOf(server), 1)[0]!.stop();

async function query<Row extends object>({ adminUrl }: Postgres, text: string, database = 'postgres'): Promise<Row[]> {
  const client = new pg.Client(Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href);
  await client.connect();
  return (await client.query<Row>(text).finally(() => client.end())).rows;
}
const highest = async (server: Postgres, table: string, database?: string): Promise<number> =>
  Number((await query<{ n: string }>(server, `select coalesce(max(n), 0) n from ${table}`, database))[0]?.n);

test('a backup while orders come in holds all that was committed before it, of all databases at one moment (O5)', async () => {
  writeFileSync(secretFile, 'sealed with this');
  // What is in `two` follows from what is in `one`, as a stay follows from its reservation.
  let [written, isOver] = [0, false];
  const writing = (async () => {
    for (let n = 1; !isOver; n++) {
      await query(server, `insert into one select ${n} from generate_series(1, 100)`);
      await query(server, `insert into two select ${n} from generate_series(1, 100)`, 'two');
      written = n;
      if (n % 7 === 0) await query(server, 'checkpoint');
    }
  })();
  await eventually(() => written >= 5);
  const before = written;
  const manifest = await backUp({ folder, to, secretFile, log });
  const after = written;
  isOver = true;
  await writing;

  expect(await restore({ from: to, folder: elsewhere, secretFile: otherSecret, replace: false, log })).toEqual(
    manifest,
  );
  const restored = await started(elsewhere);
  const [one, two] = [await highest(restored, 'one'), await highest(restored, 'two', 'two')];
  expect(two).toBeGreaterThanOrEqual(before);
  expect(one).toBeLessThanOrEqual(after + 2);
  expect([0, 1]).toContain(one - two);
  expect(await query(restored, `select count(*)::int n from one`)).toEqual([{ n: 100 * one }]);
  // What a broker had in hand is told again.
  expect(
    await query(
      restored,
      `select requested_at is not null and ended_at is null asked, since < '${manifest.at}'::timestamptz - interval '5 hours' early from retelling`,
    ),
  ).toEqual([{ asked: true, early: true }]);
  expect(readFileSync(otherSecret, 'utf8')).toBe('sealed with this');
  await stop(restored);
}, 300_000);

test('what does not run is backed up as well, and can be restored over a database that is moved aside', async () => {
  const second = join(home, 'backups/second');
  const place = { folder: elsewhere, secretFile: otherSecret, log };
  await backUp({ ...place, to: second });
  const changed = await started(elsewhere);
  const before = await highest(changed, 'one');
  await query(changed, `insert into one values (${before + 1})`);
  await stop(changed);
  await expect(restore({ ...place, from: second, replace: false })).rejects.toThrow(
    /holds a database already: with --replace it is moved aside/,
  );
  await restore({ ...place, from: second, replace: true });
  const restored = await started(elsewhere);
  expect(await highest(restored, 'one')).toBe(before);
  await stop(restored);
  const aside = readdirSync(elsewhere).filter((name) => name.startsWith('before-'));
  expect(aside.map((name) => readdirSync(join(elsewhere, name)).sort())).toEqual([['data', 'password', 'secret']]);
}, 300_000);

test('what cannot be backed up or restored is refused with the reason, and leaves everything as it was', async () => {
  const [nowhere, third] = [join(home, 'nowhere/postgres'), join(home, 'backups/third')];
  const refusing = async (from: string, reason: RegExp, into = nowhere): Promise<void> => {
    await expect(restore({ from, folder: into, secretFile, replace: true, log })).rejects.toThrow(reason);
    expect([existsSync(join(nowhere, 'data')), existsSync(join(into, 'restoring'))]).toEqual([false, false]);
  };
  await expect(backUp({ folder: nowhere, to: third, secretFile, log })).rejects.toThrow(/there is no database in/);
  await expect(backUp({ folder, to, secretFile, log })).rejects.toThrow(
    /is not empty: name a folder that does not exist/,
  );
  await refusing(to, /is in use by process/, folder);
  await refusing(join(home, 'backups/none'), /does not exist/);
  await refusing(join(home, 'backups'), /is not a backup: it has no manifest.json/);

  const manifest = manifestOf(to);
  const path = Object.keys(manifest.files).find((name) => name.startsWith('base/'))!;
  appendFileSync(join(to, 'data', path), 'x');
  await refusing(to, /is damaged: restore another backup/);
  rmSync(join(to, 'data', path));
  await refusing(to, /is missing: restore another backup/);
  writeFileSync(manifestFile(to), JSON.stringify({ ...manifest, format: 2 }));
  await refusing(to, /was made by a newer version/);
  writeFileSync(manifestFile(to), '{');
  await refusing(to, /cannot be read/);
}, 300_000);
