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
import { join } from 'node:path';
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
const total = { passed: 0, failed: 0, skipped: 0 };
const titles: string[] = [];
for (const { name, patterns, workers } of rounds) {
  console.log(`\n== ${name}`);
  const results = join(folder, 'results.json');
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const options = words.filter((word) => word.startsWith('-'));
  const { status } = spawnSync(
    process.execPath,
    [...jest, ...patterns, '--maxWorkers', workers, '--json', '--outputFile', results, ...options],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const counted = JSON.parse(readFileSync(results, 'utf8')) as Results;
  total.passed += counted.numPassedTests;
  total.skipped += counted.numPendingTests;
  // A suite that could not even be loaded has no failed test, and has failed all the same.
  total.failed += Math.max(counted.numFailedTests, counted.numFailedTestSuites, status === 0 ? 0 : 1);
  for (const { assertionResults } of counted.testResults)
    titles.push(...assertionResults.flatMap(({ status: how, fullName }) => (how === 'passed' ? [fullName] : [])));
  rmSync(results);
}
rmSync(folder, { recursive: true, force: true });

interface Results {
  numPassedTests: number;
  numPendingTests: number;
  numFailedTests: number;
  numFailedTestSuites: number;
  testResults: readonly { assertionResults: readonly { status: string; fullName: string }[] }[];
}

const lacks = lacking.length > 0 && process.env['CI'] ? lacking.length : 0;
if (lacks) console.log('\nIn CI every part is needed: what is missing counts as failed.');
const unproven = isWhole ? proven().filter((id) => !titles.some((title) => new RegExp(`\\b${id}\\b`).test(title))) : [];
if (unproven.length)
  console.log(`\nNo test that passed has the number of these requirements in its title: ${unproven.join(', ')}`);
const failed = total.failed + lacks + unproven.length;
console.log(`\n${total.passed} passed, ${failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(failed ? 1 : 0);
