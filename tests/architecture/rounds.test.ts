import { expect, test } from '@jest/globals';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { everything } from '../rounds.ts';

const checkout = join(import.meta.dirname, '../..');
const tests = globSync('{kernel,services,adapters,deploy,tests,web}/**/*.test.ts', { cwd: checkout });

test('every test file is in exactly one round of `npm test`', () => {
  const roundsOf = (file: string): string[] =>
    everything
      .filter(({ patterns }) => patterns.some((pattern) => new RegExp(pattern).test(file)))
      .map(({ name }) => name);
  expect(tests.length).toBeGreaterThan(100);
  expect(tests.filter((file) => roundsOf(file).length !== 1).map((file) => [file, roundsOf(file)])).toEqual([]);
});
