/**
 * `npm test`: installs what the tests need and is missing, runs them all, and ends with one line of numbers.
 *
 *     npm test                 everything
 *     npm test -- PATTERN …    the test files whose path matches; installs nothing
 *     npm run test:fast        cores and structure, in under two minutes; installs nothing
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install } from '../deploy/native/install.ts';
import { proven } from './architecture/requirements.ts';
import { everything, fast } from './rounds.ts';

const needed = [
  'rabbitmq',
  'envoy',
  'grpcurl',
  'stripe-mock',
  'pgbench',
  'chromium',
  'python-packages',
  'zsh',
] as const;

/** Of the whole suite so many files that failed are run again (ADR 53); more are no accident. */
const mostAgain = 3;
const asPattern = (path: string): string => `^${path.replaceAll('.', '\\.')}$`;

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('-') && word !== 'fast');
const isWhole = named.length === 0 && !words.includes('fast');
const rounds = isWhole ? everything : named.length ? [{ name: named.join(' '), patterns: named, workers: '1' }] : fast;

const lacking = isWhole
  ? Object.entries(await install([...needed])).flatMap(([name, found]) =>
      'missing' in found ? [`${name}: ${found.missing}`] : [],
    )
  : [];
for (const lack of lacking) console.log(`Not available on this machine: ${lack}`);

const folder = mkdtempSync(join(tmpdir(), 'jari-results-'));
const options = words.filter((word) => word.startsWith('-'));
/** By path from the checkout. */
const files = new Map<string, TestFile>();
const unsteady: string[] = [];
for (const { name, patterns, workers } of rounds) {
  console.log(`\n== ${name}`);
  const failed = run(patterns, workers);
  if (!isWhole || failed.length === 0 || failed.length > mostAgain) continue;
  console.log(`\n== once more, alone: ${failed.join(', ')}`);
  const stillFailed = run(failed.map(asPattern), '1');
  unsteady.push(...failed.filter((path) => !stillFailed.includes(path)));
}
rmSync(folder, { recursive: true, force: true });

interface TestFile {
  name: string;
  status: 'passed' | 'failed';
  assertionResults: readonly { status: 'passed' | 'failed' | 'pending' | 'todo'; fullName: string }[];
}

/** Runs the test files, notes what became of each, and answers with those that failed. */
function run(patterns: readonly string[], workers: string): string[] {
  const results = join(folder, 'results.json');
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  spawnSync(
    process.execPath,
    [...jest, ...patterns, '--maxWorkers', workers, '--json', '--outputFile', results, ...options],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as { testResults: readonly TestFile[] };
  rmSync(results);
  const named = testResults.map((file) => [relative(process.cwd(), file.name), file] as const);
  for (const [path, file] of named) files.set(path, file);
  return named.flatMap(([path, { status }]) => (status === 'failed' ? [path] : []));
}

const counted = (status: string): number =>
  [...files.values()].flatMap(({ assertionResults }) => assertionResults).filter((test) => test.status === status)
    .length;
/** A file that could not even be loaded has no failed test, and has failed all the same. */
const unloaded = [...files.values()].filter(
  ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
).length;
const titles = [...files.values()].flatMap(({ assertionResults }) =>
  assertionResults.flatMap(({ status, fullName }) => (status === 'passed' ? [fullName] : [])),
);
for (const path of unsteady) console.log(`\nUnsteady: ${path} failed, and passed when it was run again, alone.`);

const lacks = lacking.length > 0 && process.env['CI'] ? lacking.length : 0;
if (lacks) console.log('\nIn CI every part is needed: what is missing counts as failed.');
const unproven = isWhole ? proven().filter((id) => !titles.some((title) => new RegExp(`\\b${id}\\b`).test(title))) : [];
if (unproven.length)
  console.log(`\nNo test that passed has the number of these requirements in its title: ${unproven.join(', ')}`);
const failed = counted('failed') + unloaded + lacks + unproven.length;
const skipped = counted('pending') + counted('todo');
console.log(`\n${counted('passed')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);
