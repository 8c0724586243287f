import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const modules = join(import.meta.dirname, '../../node_modules');

export interface Outcome {
  /** What a person has to know; empty when all is well. */
  problems: string;
  note?: string;
}

/** Runs a program in `folder`. It fails with all that it said. */
export async function running(folder: string, program: string, ...args: readonly string[]): Promise<Outcome> {
  try {
    await run(program, args, { cwd: folder, maxBuffer: 1 << 26 });
    return { problems: '' };
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    return { problems: [stdout, stderr].filter(Boolean).join('\n') || message };
  }
}

export const node = (folder: string, ...args: readonly string[]): Promise<Outcome> =>
  running(folder, process.execPath, ...args);
export const typeCheck = (folder: string, project: string): Promise<Outcome> =>
  node(folder, join(modules, 'ts7/bin/tsc'), '-p', project);
export const lint = (folder: string): Promise<Outcome> =>
  node(folder, join(modules, 'oxlint/bin/oxlint'), '--format', 'unix');
export const format = (folder: string): Promise<Outcome> =>
  node(folder, join(modules, 'oxfmt/bin/oxfmt'), '-c', '.oxfmtrc.json', '--check', '.');
export const buf = (folder: string, ...args: readonly string[]): Promise<Outcome> =>
  running(folder, join(modules, '.bin/buf'), ...args);
export const git = async (folder: string, ...args: readonly string[]): Promise<string> =>
  (await run('git', args, { cwd: folder })).stdout.trim();
