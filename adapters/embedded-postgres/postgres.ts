import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { binariesFor, type RunsAs } from './binaries.ts';
import { keep, lockFolder, read } from './folder.ts';
import { environment, fromInside, launch, shutDown, stopOrphan, type Server } from './postmaster.ts';

export { FolderInUse } from './folder.ts';

export interface Postgres {
  /** The administrator's address, with the password. */
  adminUrl: string;
  port: number;
  /** Of the postmaster as it is now: should it die, it is started again. */
  readonly pid: number;
  /** Ends every session, writes everything down, and gives the folder up. */
  stop(): Promise<void>;
}

/**
 * PostgreSQL 18 with its data in `dir`, on the loopback interface only. One process at a time works on a folder (`FolderInUse`); a
 * PostgreSQL that outlived a killed one is stopped first. The port is the one given, or the one it had last, or any free one.
 */
export async function startPostgres({
  dir,
  port,
  log,
}: {
  dir: string;
  port?: number;
  log: Logger;
}): Promise<Postgres> {
  const folder = resolve(dir);
  const unlock = lockFolder(folder);
  try {
    const server = await prepare(folder, log);
    await stopOrphan(server);
    let postmaster = await launch(server, port);
    let stopping = false;
    const supervision = (async () => {
      for (;;) {
        await postmaster.ended;
        if (stopping) return;
        log.warn({ postmaster: postmaster.pid }, 'PostgreSQL ended by itself and is started again');
        try {
          postmaster = await launch(server, postmaster.port);
        } catch (error) {
          log.error(error, 'PostgreSQL does not start');
          await sleep(1_000);
        }
        if (stopping) await shutDown(server, postmaster.pid);
      }
    })();
    return {
      adminUrl: `postgres://postgres:${server.password}@127.0.0.1:${postmaster.port}/postgres`,
      port: postmaster.port,
      get pid() {
        return postmaster.pid;
      },
      async stop() {
        stopping = true;
        await shutDown(server, postmaster.pid);
        await supervision;
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The folder as it must be before a start; everything in it is made when it is not there. */
async function prepare(folder: string, log: Logger): Promise<Server> {
  const data = join(folder, 'data');
  const as = runsAs(data);
  const binaries = await binariesFor(as);
  const password =
    read(join(folder, 'password')) ?? keep(join(folder, 'password'), randomBytes(32).toString('base64url'));
  const server = { folder, data, password, as, binaries, log };
  if (read(join(data, 'PG_VERSION')) === undefined) initialise(server);
  return server;
}

/** PostgreSQL refuses to be root: then it is whoever owns the data, at first `nobody`. */
export function runsAs(data: string): RunsAs {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(data, { throwIfNoEntry: false });
  return owner ? { uid: owner.uid, gid: owner.gid } : { uid: 65_534, gid: 65_534 };
}

/** Makes the data beside its place and moves it there whole, so that a start cut short leaves no half. */
function initialise({ data, password, as, binaries, log }: Server): void {
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const secrets = mkdtempSync(join(tmpdir(), 'jari-'));
  const secret = join(secrets, 'password');
  writeFileSync(secret, password, { mode: 0o600 });
  if ('uid' in as) for (const path of [draft, secrets, secret]) chownSync(path, as.uid, as.gid);
  try {
    const made = spawnSync(
      binaries.initdb,
      [
        '-D',
        fromInside(draft),
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=${secret}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { ...as, env: environment(), cwd: draft, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  } finally {
    rmSync(secrets, { recursive: true });
  }
  renameSync(draft, data);
  log.info({ data }, 'made a new PostgreSQL database');
}
