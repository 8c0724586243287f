import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { beginningOf, read } from '#adapters/embedded-postgres/folder.ts';
import { startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { answered, end, launch, until } from './process.ts';

const name = 'postgres';
const addressFile = (dir: string): string => join(dir, 'admin-url');

/** The administrator's address of the PostgreSQL in `dir`, once it has been started there. */
export const adminUrlOf = (dir: string): string => readFileSync(addressFile(dir), 'utf8');

/** PostgreSQL in a process that outlives us: it is this file, run as a program. */
export async function launchPostgres(dir: string, port: number): Promise<void> {
  rmSync(addressFile(dir), { force: true });
  launch(dir, name, { command: process.execPath, args: [import.meta.filename, resolve(dir), String(port)] });
  await answered(dir, name, async () => read(addressFile(dir)) !== undefined);
}

export const stopPostgres = (dir: string): Promise<void> => end(dir, name, 'SIGTERM');

/** kill -9 for PostgreSQL and for the process that would start it again. */
export async function killPostgres(dir: string): Promise<void> {
  await end(dir, name, 'SIGKILL');
  const pid = Number(read(join(dir, 'data', 'postmaster.pid'))?.split('\n')[0]);
  const isOurs = pid > 0 && read(`/proc/${pid}/cmdline`)?.includes(resolve(dir)) === true;
  if (isOurs) process.kill(pid, 'SIGKILL');
  await until('the death of PostgreSQL', async () => !isOurs || beginningOf(pid) === undefined, 5_000);
}

if (import.meta.main) {
  const [dir = '', port] = process.argv.slice(2);
  const postgres = await startPostgres({ dir, port: Number(port), log: pino() });
  writeFileSync(addressFile(dir), postgres.adminUrl, { mode: 0o600 });
  process.once('SIGTERM', () => void postgres.stop().then(() => process.exit()));
}
