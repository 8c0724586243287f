// `npm test`: installs what the tests need and is missing, runs them all, and closes with one line of numbers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '../deploy/native/install.ts';

const needed = ['rabbitmq', 'envoy', 'grpcurl', 'stripe-mock', 'pgbench', 'chromium', 'python-packages', 'zsh'] as const;
/** First what shares the machine well; then whole systems, one after the other, each with the machine to itself. */
const rounds = [
  { name: 'units, contracts, adapters', patterns: ['kernel', 'services', 'adapters', 'tests/architecture', 'tests/simulation'], workers: '2' },
  { name: 'whole systems', patterns: ['deploy', 'tests/contracts', 'tests/system', 'tests/bench'], workers: '1' },
];

const lacking = Object.entries(await install([...needed])).flatMap(([name, found]) => ('missing' in found ? [`${name}: ${found.missing}`] : []));
for (const lack of lacking) console.log(`Not to be had here: ${lack}`);

const folder = mkdtempSync(join(tmpdir(), 'jari-results-'));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const { name, patterns, workers } of rounds) {
  console.log(`\n== ${name}`);
  const results = join(folder, 'results.json');
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync(process.execPath, [...jest, ...patterns, '--maxWorkers', workers, '--json', '--outputFile', results, ...process.argv.slice(2)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const counted = JSON.parse(readFileSync(results, 'utf8')) as { numPassedTests: number; numFailedTests: number; numPendingTests: number; numFailedTestSuites: number };
  total.passed += counted.numPassedTests;
  total.skipped += counted.numPendingTests;
  // A suite that could not even be loaded has no failed test, and has failed all the same.
  total.failed += Math.max(counted.numFailedTests, counted.numFailedTestSuites, status === 0 ? 0 : 1);
  rmSync(results);
}
rmSync(folder, { recursive: true, force: true });

const lacks = lacking.length > 0 && process.env['CI'] ? lacking.length : 0;
if (lacks) console.log('\nIn CI every part is needed: what is missing counts as failed.');
console.log(`\n${total.passed} passed, ${total.failed + lacks} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed + lacks ? 1 : 0);
