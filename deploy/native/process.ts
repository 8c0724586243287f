import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beginningOf } from '#adapters/embedded-postgres/folder.ts';

/** A process that we started. Its id alone would not do: the system gives an id again, and then it is somebody else's process. */
export interface Running {
  pid: number;
  born: string;
}

export interface Program {
  command: string;
  args: readonly string[];
  /** Added to ours; what is undefined is taken away. */
  env?: Readonly<Record<string, string | undefined>>;
}

const pidFile = (folder: string, name: string): string => join(folder, `${name}.pid`);
export const logFile = (folder: string, name: string): string => join(folder, `${name}.log`);

/** Starts a program that outlives us, with its log and its pid in `folder`. */
export function launch(folder: string, name: string, { command, args, env }: Program): Running {
  mkdirSync(folder, { recursive: true });
  const log = openSync(logFile(folder, name), 'a');
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  child.on('error', () => {}); // told below: without a pid nothing runs
  child.unref();
  const born = child.pid && beginningOf(child.pid);
  if (!child.pid || !born) throw new Error(`${name} does not start (${command}); see ${logFile(folder, name)}`);
  const running: Running = { pid: child.pid, born };
  writeFileSync(`${pidFile(folder, name)}.new`, JSON.stringify(running));
  renameSync(`${pidFile(folder, name)}.new`, pidFile(folder, name));
  return running;
}

/** The process of that name, if it is the one we started and still lives. */
export function running(folder: string, name: string): Running | undefined {
  if (!existsSync(pidFile(folder, name))) return undefined;
  const known: Running = JSON.parse(readFileSync(pidFile(folder, name), 'utf8'));
  return beginningOf(known.pid) === known.born ? known : undefined;
}

/** Ends it, by force when it is still there after `patience` milliseconds. */
export async function end(folder: string, name: string, signal: NodeJS.Signals, patience = 20_000): Promise<void> {
  const known = running(folder, name);
  if (known) {
    tell(known, signal);
    for (const deadline = Date.now() + patience; running(folder, name) && Date.now() < deadline;) await sleep(20);
    tell(known, 'SIGKILL');
    while (running(folder, name)) await sleep(20);
  }
  rmSync(pidFile(folder, name), { force: true });
}

function tell({ pid, born }: Running, signal: NodeJS.Signals): void {
  if (beginningOf(pid) !== born) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it was just going
  }
}

/** Resolves when `check` does. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  within: number,
  alive = (): boolean => true,
): Promise<void> {
  for (const deadline = Date.now() + within; !(await check()); await sleep(50)) {
    if (!alive()) throw new Error(`${what}: the process ended`);
    if (Date.now() > deadline) throw new Error(`${what}: not within ${within / 1000} s`);
  }
}

/** A process that we started does not do what it should; the message holds what it last said. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** Resolves when the process that was launched does what `check` looks for. Rejects with the end of its log. */
export async function answered(
  folder: string,
  name: string,
  check: () => Promise<boolean>,
  within = 60_000,
): Promise<void> {
  try {
    await until(name, check, within, () => running(folder, name) !== undefined);
  } catch (error) {
    const log = readFileSync(logFile(folder, name), 'utf8').trimEnd().split('\n').slice(-10).join('\n');
    throw new Unanswered(
      `${error instanceof Error ? error.message : String(error)}; the end of ${logFile(folder, name)}:\n${log}`,
    );
  }
}
