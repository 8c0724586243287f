import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf, git, type Outcome } from './running.ts';

/** Compares the contracts with main's: a released one is only added to (K17). On main itself, with what stood before its last commit. */
export async function breakingChanges(root: string): Promise<Outcome> {
  const main = await firstOf(root, 'main', 'origin/main');
  if (!main) return { problems: '', note: 'skipped: there is no branch main to compare with' };
  const isMain = (await git(root, 'diff', main, '--', 'proto', 'buf.yaml')) === '';
  const against = (isMain && (await firstOf(root, `${main}~1`))) || main;
  const folder = mkdtempSync(join(tmpdir(), 'jari-main-'));
  try {
    const archive = join(folder, 'protos.tar');
    await git(root, 'archive', '--format=tar', '--output', archive, against, 'proto', 'buf.yaml');
    return { ...(await buf(root, 'breaking', '--against', archive)), note: `against ${against}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function firstOf(root: string, ...names: readonly string[]): Promise<string | undefined> {
  for (const name of names)
    if (await git(root, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`).catch(() => '')) return name;
  return undefined;
}
