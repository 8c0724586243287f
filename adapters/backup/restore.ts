import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import { minutes, type Instant } from '#kernel/time.ts';
import { beginningOf, FolderInUse, keep, lockFolder, read } from '#adapters/embedded-postgres/folder.ts';
import { runsAs, startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { tellAgain } from '#adapters/mikro-orm/retell.ts';
import { copyFile, flush } from './copy.ts';
import { BackupError, manifestOf, type Manifest } from './manifest.ts';

/** What was under way in the broker when the backup was taken was published at most so long before; older is told again by command. */
const underWayMs = minutes(6 * 60);

export interface Restoring {
  from: string;
  /** PostgreSQL's. */
  folder: string;
  /** Where the development secret belongs, if the backup has it. */
  secretFile: string;
  replace: boolean;
  log: Logger;
}

/**
 * Puts a backup into the folder of a PostgreSQL that does not run. Its first start makes the copy whole; then every service is told to
 * send again what it had published in the hours before the backup, since no broker has it any more. What was in the folder before is
 * moved aside with `replace`, else it is an error. In the end all of it is in its place, or nothing is.
 */
export async function restore({ from, folder, secretFile, replace, log }: Restoring): Promise<Manifest> {
  const manifest = manifestOf(from);
  const home = resolve(folder);
  const data = join(home, 'data');
  const unlock = lockFolder(home);
  const draft = join(home, 'restoring');
  try {
    refuseLiving(home, data);
    if (existsSync(data) && !replace)
      throw new BackupError(`${home} holds a database already: with --replace it is moved aside`);
    rmSync(draft, { recursive: true, force: true });
    await unpack(from, manifest, join(draft, 'data'), runsAs(data));
    writeFileSync(join(draft, 'password'), readFileSync(join(from, 'password')), { mode: 0o600 });
    const postgres = await startPostgres({ dir: draft, log });
    try {
      await tellAgainAll(postgres.adminUrl, Date.parse(manifest.at) - underWayMs);
    } finally {
      await postgres.stop();
    }
    const secret = read(join(from, 'secret'));
    if (existsSync(data)) {
      const aside = join(home, `before-${new Date().toISOString().replace(/[:.]/g, '-')}`);
      mkdirSync(aside, { mode: 0o700 });
      for (const name of ['data', 'password']) renameSync(join(home, name), join(aside, name));
      if (secret && existsSync(secretFile)) renameSync(secretFile, join(aside, 'secret'));
      log.info({ aside }, 'the database that was there is moved aside');
    }
    if (secret) keep(secretFile, secret);
    for (const name of ['password', 'data']) renameSync(join(draft, name), join(home, name));
    return manifest;
  } finally {
    rmSync(draft, { recursive: true, force: true });
    unlock();
  }
}

/** A PostgreSQL may have outlived the process that started it. */
function refuseLiving(home: string, data: string): void {
  const pid = Number(read(join(data, 'postmaster.pid'))?.split('\n')[0]);
  if (pid && beginningOf(pid) !== undefined) throw new FolderInUse(home, pid);
}

async function unpack(
  from: string,
  { folders, files, postgres }: Manifest,
  data: string,
  as: ReturnType<typeof runsAs>,
): Promise<void> {
  for (const name of ['', ...folders]) mkdirSync(join(data, name), { recursive: true, mode: 0o700 });
  for (const [path, { size, sha256 }] of Object.entries(files)) {
    const copied = await copyFile(join(from, 'data', path), join(data, path));
    if (!copied || copied.size !== size || copied.sha256 !== sha256)
      throw new BackupError(`${join(from, 'data', path)} is ${copied ? 'damaged' : 'missing'}: restore another backup`);
  }
  const version = read(join(data, 'PG_VERSION'))?.trim();
  if (version !== postgres)
    throw new BackupError(`${from} is of PostgreSQL ${version}, and its manifest says ${postgres}`);
  for (const path of [
    data,
    ...readdirSync(data, { recursive: true, encoding: 'utf8' }).map((name) => join(data, name)),
  ])
    if ('uid' in as) chownSync(path, as.uid, as.gid);
  chmodSync(data, 0o700);
  flush(data);
}

/** Each service keeps its request to tell again in its own database or schema. */
async function tellAgainAll(adminUrl: string, since: Instant): Promise<void> {
  const databases = await connected(
    adminUrl,
    'postgres',
    async (client) =>
      (
        await client.query<{ datname: string }>(
          'select datname from pg_database where datallowconn and not datistemplate',
        )
      ).rows,
  );
  for (const { datname } of databases)
    await connected(adminUrl, datname, async (client) => {
      const { rows } = await client.query<{ schema: string }>(
        `select quote_ident(table_schema) schema from information_schema.tables where table_name = 'retelling'`,
      );
      for (const { schema } of rows) {
        await client.query(`set search_path to ${schema}`);
        await tellAgain(client, since);
      }
    });
}

async function connected<Result>(
  adminUrl: string,
  database: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
