import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another living process works on the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}; stop that one first, or choose another folder`);
    this.pid = pid;
  }
}

/**
 * Tells a process from a later one that has the same number: when it began, or undefined when it is gone. One that has ended and
 * only waits to be collected by its parent is gone too.
 */
export function beginningOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      return state === 'Z'
        ? undefined
        : `${fields[18]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}`;
    }
    process.kill(pid, 0);
    if (process.platform === 'win32') return 'running';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Keeps other processes off the folder until the returned function is called or this process dies, in whatever way: a lock whose
 * process is gone is taken over.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'lock');
  const draft = `${lock}.${process.pid}`;
  const mine = `${process.pid} ${beginningOf(process.pid)}`;
  writeFileSync(draft, mine);
  try {
    // A link appears with its whole content or not at all; a file being written could be read half.
    while (!made(() => linkSync(draft, lock))) giveWayOrClear(folder, lock);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** Throws when the lock's process lives; else takes the lock away. */
function giveWayOrClear(folder: string, lock: string): void {
  const found = read(lock);
  if (found === undefined) return;
  const [pid, ...began] = found.split(' ');
  if (beginningOf(Number(pid)) === began.join(' ')) throw new FolderInUse(folder, Number(pid));
  const aside = `${lock}.gone.${process.pid}`;
  renameSync(lock, aside);
  // Another may have cleared the same lock and set its own just before: then that one is given back.
  if (read(aside) !== found) made(() => linkSync(aside, lock));
  rmSync(aside, { force: true });
}

function made(link: () => void): boolean {
  try {
    link();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The file's text, or undefined when there is none. */
export function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file only its owner can read, whole or not at all. */
export function keep(file: string, text: string): string {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return text;
}
