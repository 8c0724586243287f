import { globSync } from 'node:fs';
import type { Access, Methods, Sound } from './method.ts';

/** Every method that a file of this folder has a row for. */
const all: Record<string, Methods[string]> = {};
// One after the other: jest cannot link a module that two files import at once.
for (const file of globSync('*.ts', { cwd: import.meta.dirname }).sort())
  if (file !== 'all.ts' && file !== 'method.ts')
    Object.assign(all, ((await import(`./${file}`)) as { methods: Methods }).methods);

/** Who may call each method. */
export const access: Readonly<Record<string, Access>> = Object.fromEntries(
  Object.entries(all).map(([method, { may }]) => [method, may]),
);

export function soundRequest(method: string): Sound {
  const row = all[method];
  if (!row?.by) throw new Error(`${method} has no sound request in tests/system/kit/methods`);
  return row;
}
