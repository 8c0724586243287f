import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unlimited } from '../system/kit/unlimited.ts';
import { freePort } from '../../deploy/native/ports.ts';
import { family } from './machine.ts';
import { adminOf, urlOf, type System } from './system.ts';

const checkout = join(import.meta.dirname, '../..');

export const settings = { ...unlimited, JARI_PAYMENT_ANSWER_SECONDS: '600' };

export interface Started {
  seconds: number;
  pid: number;
  rest: string;
  grpc: string;
  /** As Ctrl-C does. */
  stop(): Promise<void>;
}

/** Starts Jari in one process, on the data in `dir`; resolves when it greets. */
export async function startEmbedded(dir: string, command: readonly [string, ...string[]]): Promise<Started> {
  const [rest, grpc] = [await freePort(), await freePort()];
  const began = performance.now();
  const env = { ...process.env, ...settings, JARI_DATA: dir, PORT: String(rest), GRPC_PORT: String(grpc) };
  const [program, ...args] = command;
  // A group of its own, as a terminal gives it: Ctrl-C reaches all of it.
  const child = spawn(program, args, { cwd: checkout, env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const interrupt = (): void => {
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGINT');
  };
  process.once('exit', interrupt);
  const ended = once(child, 'exit').finally(() => process.off('exit', interrupt));
  await greeted(child);
  return {
    seconds: (performance.now() - began) / 1_000,
    pid: child.pid as number,
    rest: `http://127.0.0.1:${rest}`,
    grpc: `127.0.0.1:${grpc}`,
    async stop() {
      interrupt();
      await ended;
    },
  };
}

function greeted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
    child.once('exit', (code) => reject(new Error(`Jari ended with ${code} instead of starting: ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2_000);
      if (text.includes('is ready after')) resolve();
    });
  });
}

export async function embedded(): Promise<System> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-bench-'));
  const started = await startEmbedded(dir, [process.execPath, 'services/run.ts']);
  const admin = adminOf(join(dir, 'postgres'));
  return {
    name: 'embedded',
    rest: started.rest,
    grpc: started.grpc,
    lodging: started.grpc,
    admin,
    parts: (['node', 'PostgreSQL'] as const).map((group) => ({
      name: group,
      group,
      pids: (all) =>
        family(all, started.pid).filter((pid) => (all.get(pid)?.program === 'postgres') === (group === 'PostgreSQL')),
    })),
    databaseOf: (service) => `${urlOf(admin, 'jari')}?options=${encodeURIComponent(`-c search_path=${service}`)}`,
    async stop() {
      await started.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
