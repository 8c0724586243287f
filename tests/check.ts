// `npm run check`: everything that can be found wrong without running the system. One line per check; what fails says why.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readProtos } from '../docs/draw/protos.ts';
import { packageProblems, type Allowed, type Lockfile, type Manifest } from './architecture/packages.ts';
import { protoProblems } from './architecture/protos.ts';

const root = dirname(import.meta.dirname);
const run = promisify(execFile);

interface Outcome {
  /** Empty when all is well. */
  problems: string;
  note?: string;
}

interface Check {
  name: string;
  look(): Promise<Outcome>;
}

/** Fails with what the program said. */
async function running(program: string, ...args: readonly string[]): Promise<Outcome> {
  try {
    await run(program, args, { cwd: root, maxBuffer: 1 << 26 });
    return { problems: '' };
  } catch (error) {
    const { stdout, stderr, message } = error as { stdout?: string; stderr?: string; message: string };
    return { problems: [stdout, stderr].filter(Boolean).join('\n') || message };
  }
}

const node = (...args: readonly string[]): Promise<Outcome> => running(process.execPath, ...args);
const buf = (...args: readonly string[]): Promise<Outcome> => running('node_modules/.bin/buf', ...args);
const git = async (...args: readonly string[]): Promise<string> => (await run('git', args, { cwd: root })).stdout.trim();
const found = (problems: readonly string[]): Outcome => ({ problems: problems.join('\n') });
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

const checks: readonly Check[] = [
  { name: 'types', look: () => node('node_modules/ts7/bin/tsc', '-p', '.') },
  { name: 'types of pure cores', look: () => node('node_modules/ts7/bin/tsc', '-p', 'tsconfig.core.json') },
  { name: 'lint', look: () => node('node_modules/oxlint/bin/oxlint', '--format', 'unix') },
  { name: 'dependencies', look: () => node('tests/architecture/dependencies.ts') },
  { name: 'protos: lint', look: () => buf('lint') },
  { name: 'protos: nothing broken', look: breaking },
  { name: 'protos: words and comments', look: async () => found(protoProblems(readProtos(root))) },
  { name: 'packages', look: async () => found(packageProblems(read('package-lock.json') as Lockfile, read('package.json') as Manifest, allowed())) },
  { name: 'nothing generated is committed', look: async () => ({ problems: await git('ls-files', 'gen', 'node_modules', '.jari') }) },
  { name: 'documents', look: () => node('docs/draw.ts', '--check') },
];

const allowed = (): Allowed => read('tests/architecture/allowed-packages.json') as Allowed;

/** Compares the contracts with main's: a released one is only added to. On main itself, with what stood before its last commit. */
async function breaking(): Promise<Outcome> {
  const main = await firstOf('main', 'origin/main');
  if (!main) return { problems: '', note: 'skipped: there is no branch main to compare with' };
  const isMain = (await git('diff', main, '--', 'proto', 'buf.yaml')) === '';
  const against = isMain ? ((await firstOf(`${main}~1`)) ?? main) : main;
  const folder = mkdtempSync(join(tmpdir(), 'jari-main-'));
  try {
    const archive = join(folder, 'protos.tar');
    await git('archive', '--format=tar', '--output', archive, against, 'proto', 'buf.yaml');
    return { ...(await buf('breaking', '--against', archive)), note: `against ${against}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function firstOf(...names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await git('rev-parse', '--verify', '--quiet', `${name}^{commit}`).catch(() => '')) return name;
  return undefined;
}

// Types, lint and drawings need what is generated; it is there already unless a proto has changed.
const generated = await node('proto/generate.mjs');
if (generated.problems) {
  console.error(generated.problems);
  process.exit(1);
}

const outcomes = await Promise.all(
  checks.map(async ({ name, look }) => {
    const began = performance.now();
    const outcome = await look().catch((error: Error): Outcome => ({ problems: error.message }));
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`${outcome.problems ? '✗' : '✓'} ${name.padEnd(32)} ${seconds.padStart(5)} s  ${outcome.note ?? ''}`.trimEnd());
    return { name, ...outcome };
  }),
);

const failed = outcomes.filter(({ problems }) => problems);
for (const { name, problems } of failed) console.error(`\n== ${name}\n${problems.trim()}`);
process.exit(failed.length ? 1 : 0);
