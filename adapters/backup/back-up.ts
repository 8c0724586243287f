import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { read } from '#adapters/embedded-postgres/folder.ts';
import { serverIn } from '#adapters/embedded-postgres/server-in.ts';
import { copyFile, flush } from './copy.ts';
import { BackupError, format, manifestFile, type Manifest } from './manifest.ts';

/**
 * Copies the whole PostgreSQL in `folder`, the databases of all services at one moment, to `to`; it may run meanwhile. The embedded
 * PostgreSQL comes without `pg_basebackup`, so this is the same by hand: `pg_backup_start`, the files, `pg_backup_stop`, and the log
 * between the two, from which PostgreSQL makes the copy whole at its first start. A secret that was made for development goes along; one
 * from the settings does not, since it opens what is sealed in the copy.
 */
export async function backUp({
  folder,
  to,
  secretFile,
  log,
}: {
  folder: string;
  to: string;
  secretFile: string;
  log: Logger;
}): Promise<Manifest> {
  const data = join(resolve(folder), 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) throw new BackupError(`there is no database in ${folder}`);
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new BackupError(`${to} is not empty: name a folder that does not exist`);
  const draft = `${resolve(to)}.partial`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(join(draft, 'data'), { recursive: true, mode: 0o700 });
  const server = await serverIn(folder, log);
  try {
    const manifest = await baseBackup(server.adminUrl, data, draft);
    writeFileSync(join(draft, 'password'), readFileSync(join(folder, 'password')), { mode: 0o600 });
    const secret = read(secretFile);
    if (secret) writeFileSync(join(draft, 'secret'), secret, { mode: 0o600 });
    writeFileSync(manifestFile(draft), JSON.stringify(manifest, null, 1), { mode: 0o600 });
    flush(draft);
    renameSync(draft, to);
    return manifest;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await server.stop();
  }
}

async function baseBackup(adminUrl: string, data: string, draft: string): Promise<Manifest> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'backup' });
  await client.connect();
  const one = async <Row extends object>(text: string, ...values: unknown[]): Promise<Row> =>
    (await client.query<Row>(text, values)).rows[0] as Row;
  try {
    const { level, version } = await one<{ level: string; version: string }>(
      `select current_setting('wal_level') level, current_setting('server_version_num') version`,
    );
    if (level === 'minimal')
      throw new BackupError('PostgreSQL was started by an earlier version: restart it once, then take the backup');
    // While this session lasts, the log since the last checkpoint is kept.
    await client.query('select pg_create_physical_replication_slot($1, true, true)', [`backup_${process.pid}`]);
    await client.query(`select pg_backup_start('jari', fast => true)`);
    const files: Manifest['files'] = {};
    const copy = async (path: string): Promise<void> => {
      const copied = await copyFile(join(data, path), join(draft, 'data', path));
      if (copied) files[path] = copied;
    };
    const { folders, paths } = contentOf(data);
    for (const path of paths) await copy(path);
    await copy(control); // last: it says how far the others are at most
    const { at } = await one<{ at: string }>(
      `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') at`,
    );
    const { label, last } = await one<{ label: string; last: string }>(
      'select labelfile label, pg_walfile_name(lsn) last from pg_backup_stop(wait_for_archive => false)',
    );
    const first = /^START WAL LOCATION: \S+ \(file (\w+)\)/.exec(label)?.[1];
    if (!first) throw new Error(`PostgreSQL's backup label cannot be read: ${label}`);
    mkdirSync(join(draft, 'data/pg_wal'), { mode: 0o700 });
    for (const segment of readdirSync(join(data, 'pg_wal')).filter(
      (name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last,
    ))
      await copy(join('pg_wal', segment));
    writeFileSync(join(draft, 'label'), label, { mode: 0o600 });
    const copied = await copyFile(join(draft, 'label'), join(draft, 'data/backup_label'));
    if (copied) files['backup_label'] = copied;
    rmSync(join(draft, 'label'));
    if (!files[join('pg_wal', first)] || !files[join('pg_wal', last)])
      throw new Error(`the log from ${first} to ${last} is not there`);
    return { format, postgres: version.slice(0, -4), at, folders, files };
  } finally {
    await client.end();
  }
}

const control = join('global', 'pg_control');
/** What is of this run of the server alone. */
const runtimeFolders = new Set([
  'pg_wal',
  'pg_dynshmem',
  'pg_notify',
  'pg_replslot',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const runtimeFile =
  /^(postmaster\.(pid|opts)|pg_internal\.init.*|backup_label.*|tablespace_map.*|pgsql_tmp.*|.*\.tmp)$/;

function contentOf(data: string): { folders: string[]; paths: string[] } {
  const entries = readdirSync(data, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => !runtimeFile.test(name),
  );
  const pathsOf = (chosen: typeof entries): string[] =>
    chosen.map((entry) => relative(data, join(entry.parentPath, entry.name)));
  const isOfThisRun = (path: string): boolean =>
    path
      .split(/[\\/]/)
      .some((name, depth) => (depth === 0 && runtimeFolders.has(name)) || name.startsWith('pgsql_tmp'));
  return {
    folders: pathsOf(entries.filter((entry) => entry.isDirectory())).filter(
      (path) => runtimeFolders.has(path) || !isOfThisRun(path),
    ),
    paths: pathsOf(entries.filter((entry) => entry.isFile())).filter((path) => path !== control && !isOfThisRun(path)),
  };
}
