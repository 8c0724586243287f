import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Json } from '../envoy/typed.ts';
import { pathOf } from './install.ts';
import { answered, end, launch, running } from './process.ts';

export interface Envoy {
  readonly pid: number;
  /** Lets requests in hand end, for so many seconds at most, but takes no new ones. */
  stop(seconds?: number): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

const name = 'envoy';

/** Envoy itself says what is wrong with a configuration; throws it. */
export function validate(dir: string, config: Json): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'envoy.json');
  writeFileSync(file, JSON.stringify(config, null, 1));
  try {
    execFileSync(pathOf('envoy'), ['--mode', 'validate', '-l', 'error', '-c', file], {
      stdio: 'pipe',
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error(`Envoy refuses ${file}: ${error instanceof Error && 'stderr' in error ? error.stderr : error}`);
  }
  return file;
}

/** An Envoy that outlives us, with its configuration and log in `dir`; resolves when it takes requests. */
export async function startEnvoy({
  dir,
  config,
  adminPort,
}: {
  dir: string;
  config: Json;
  adminPort: number;
}): Promise<Envoy> {
  const file = validate(dir, config);
  const args = [
    '-c',
    file,
    '-l',
    'warning',
    '--disable-hot-restart',
    '--concurrency',
    '2',
    '--drain-strategy',
    'immediate',
  ];
  const { pid } = launch(dir, name, { command: pathOf('envoy'), args });
  const ready = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${adminPort}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await answered(dir, name, ready);
  return { pid, stop: (seconds) => stopEnvoy(dir, adminPort, seconds), kill: () => end(dir, name, 'SIGKILL') };
}

const drain = join(import.meta.dirname, '../envoy/drain.sh');

/** By itself Envoy cuts what it has in hand when it is told to end. */
export async function stopEnvoy(dir: string, adminPort: number, seconds?: number): Promise<void> {
  if (running(dir, name))
    await promisify(execFile)('bash', [drain, String(adminPort), ...(seconds === undefined ? [] : [String(seconds)])]);
  await end(dir, name, 'SIGTERM');
}
