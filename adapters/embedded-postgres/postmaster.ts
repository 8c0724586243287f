import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Binaries, RunsAs } from './binaries.ts';
import { beginningOf, keep, read } from './folder.ts';

export interface Server {
  folder: string;
  data: string;
  password: string;
  as: RunsAs;
  binaries: Binaries;
  log: Logger;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_compression: 'on',
  // A backup of a server that runs needs it. Nobody replicates from here, so the processes for that are not needed.
  wal_level: 'replica',
  max_wal_senders: 0,
  io_method: 'sync',
  max_wal_size: '512MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Stretching protects weak passwords. Ours are random, and the stretching would cost every connection milliseconds.
  scram_iterations: 1,
  // A refused insert is everyday business (a seat that is taken) and is no news.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/**
 * How PostgreSQL is told its data folder, in which it is started. On Linux not by the path, which another user may not be allowed to
 * walk (a checkout in a home of mode 0700).
 */
export const fromInside = (data: string): string => (process.platform === 'linux' ? '/proc/self/cwd' : data);

export const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))),
  LC_ALL: 'C',
});

/** Names the folder on the command line, where an orphan is known by it. */
const mark = (data: string): string => `jari.data=${data}`;

export interface Postmaster {
  pid: number;
  port: number;
  ended: Promise<void>;
}

export async function launch(server: Server, wanted: number | undefined): Promise<Postmaster> {
  const { data, as, binaries, folder } = server;
  const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const deadline = Date.now() + 5_000;
  for (;;) {
    const port = await choosePort(folder, wanted);
    const logFile = openLog(folder);
    const child = spawn(
      binaries.postgres,
      ['-D', fromInside(data), '-p', String(port), ...set, '-c', mark(data)],
      // A group of its own: the terminal's Ctrl-C reaches us alone, and we stop it in order.
      { ...as, env: environment(), cwd: data, detached: true, stdio: ['ignore', logFile, logFile] },
    );
    closeSync(logFile);
    const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done()));
    if (await becameReady(data, child.pid, ended)) {
      keep(join(folder, 'port'), String(port));
      return { pid: child.pid!, port, ended };
    }
    // The processes of a killed postmaster may need a moment to go, and somebody may have been faster to take the port.
    if (Date.now() > deadline)
      throw new Error(
        `PostgreSQL does not start; see the end of ${join(folder, 'postgres.log')}:\n${lastLines(folder)}`,
      );
    await sleep(200);
  }
}

/** The postmaster writes into its pid file when it takes connections. Recovery after a crash may take its time. */
async function becameReady(data: string, pid: number | undefined, ended: Promise<void>): Promise<boolean> {
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const found = postmasterOf(data);
    if (found?.pid === pid && found?.ready) return true;
    await sleep(10);
  }
  return false;
}

function postmasterOf(data: string): { pid: number; ready: boolean } | undefined {
  const lines = read(join(data, 'postmaster.pid'))?.split('\n');
  return lines && { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
}

async function choosePort(folder: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (!(await free(wanted))) throw new Error(`port ${wanted} on 127.0.0.1 is taken; PostgreSQL needs another`);
    return wanted;
  }
  const last = Number(read(join(folder, 'port')) ?? 0);
  return (await free(last)) || (await free(0));
}

/** The port if it is free (0: any one that is), else 0. */
const free = (port: number): Promise<number> =>
  new Promise((answer) => {
    const probe = createServer()
      .once('error', () => answer(0))
      .listen(port, '127.0.0.1', () => {
        const found = (probe.address() as AddressInfo).port;
        probe.close(() => answer(found));
      });
  });

/** A new log when the old one has grown past 5 MB. Never a pipe: PostgreSQL would die of it when we are killed. */
function openLog(folder: string): number {
  const file = join(folder, 'postgres.log');
  return openSync(file, (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 5_000_000 ? 'w' : 'a', 0o600);
}

const lastLines = (folder: string): string =>
  readFileSync(join(folder, 'postgres.log'), 'utf8').trimEnd().split('\n').slice(-5).join('\n');

export async function stopOrphan(server: Server): Promise<void> {
  const found = postmasterOf(server.data);
  if (!found || beginningOf(found.pid) === undefined) return;
  const command = commandOf(found.pid, server.data);
  if (command.includes(mark(server.data))) {
    server.log.info({ postmaster: found.pid }, 'stopping the PostgreSQL that a killed process left');
    await shutDown(server, found.pid);
  } else if (!command.includes('postgres')) {
    // After a reboot the number may belong to anything of ours, and PostgreSQL would take that for a postmaster.
    rmSync(join(server.data, 'postmaster.pid'));
  }
}

function commandOf(pid: number, data: string): string {
  if (process.platform === 'linux') return read(`/proc/${pid}/cmdline`) ?? '';
  // Windows shows no command line; but pg_ctl reaches a postmaster there by a pipe that no other program has.
  if (process.platform === 'win32') return mark(data);
  return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
}

/** Fast shutdown: sessions are ended, work in hand is rolled back, everything committed is written down. */
export async function shutDown({ binaries, data }: Server, pid: number): Promise<void> {
  const began = beginningOf(pid);
  if (began === undefined) return;
  if (process.platform === 'win32') execFileSync(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w']);
  else process.kill(pid, 'SIGINT');
  while (beginningOf(pid) === began) await sleep(10);
}
