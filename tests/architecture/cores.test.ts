import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lint, typeCheck } from './running.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'jari-cores-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where a core's rules hold, and where they do not. */
const files = {
  core: 'services/planted/rules.ts',
  kernel: 'kernel/rules.ts',
  main: 'services/planted/main.ts',
  test: 'services/planted/rules.test.ts',
};

const surroundings = [
  'process',
  'fetch',
  'setTimeout',
  'console',
  'Buffer',
  'crypto',
  'performance',
  'structuredClone',
  'window',
];
const chance = [
  ['the time', 'Date.now()', 'no-restricted-properties'],
  ['the day', 'new Date()', 'no-bare-date'],
  ['the day as text', 'Date()', 'no-bare-date'],
  ['luck', 'Math.random()', 'no-restricted-properties'],
  ['the calendar', 'Temporal.Now.instant()', 'no-restricted-properties'],
  ['a new id', 'newId()', 'no-restricted-imports'],
] as const;
const allowed = ['new Date(0)', 'Math.floor(1.5)', "idOf('a')", 'JSON.stringify({})'];

const source = [
  `import { idOf, newId } from '#kernel/ids.ts';`,
  `import { Temporal } from 'temporal-polyfill';`,
  ...surroundings.map((name) => `export const surrounding_${name} = ${name};`),
  ...[...chance.map(([, expression]) => expression), ...allowed].map(
    (expression, index) => `export const value_${index} = ${expression};`,
  ),
].join('\n');
const lineOf = (text: string): number => source.split('\n').findIndex((line) => line.includes(text)) + 1;

beforeAll(() => {
  for (const path of [
    'tsconfig.json',
    'tsconfig.core.json',
    '.oxlintrc.json',
    'package.json',
    'tests/architecture/handed-in.mjs',
    'kernel/ids.ts',
    'kernel/time.ts',
  ])
    cpSync(join(root, path), join(folder, path));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'services/planted'), { recursive: true });
  for (const path of Object.values(files)) writeFileSync(join(folder, path), source);
});

describe('the types of pure cores (K2)', () => {
  let errors: string[];
  beforeAll(async () => {
    errors = (await typeCheck(folder, 'tsconfig.core.json')).problems.split('\n');
  });

  test.each(surroundings)('know no %s', (name) => {
    for (const file of [files.core, files.kernel])
      expect(
        errors.some((line) => line.startsWith(`${file}(${lineOf(`= ${name};`)},`) && line.includes(`'${name}'`)),
      ).toBe(true);
  });
  test('find nothing wrong with what depends on nothing', () => {
    const lines = surroundings.map((name) => lineOf(`= ${name};`));
    expect(
      errors.filter(
        (error) => error.includes('error TS') && !lines.some((line) => error.includes(`rules.ts(${line},`)),
      ),
    ).toEqual([]);
  });
  test('leave main.ts and tests alone', () => {
    expect(errors.filter((line) => line.startsWith(files.main) || line.startsWith(files.test))).toEqual([]);
  });
});

describe('the lint of pure cores', () => {
  let errors: string[];
  beforeAll(async () => {
    errors = (await lint(folder)).problems.split('\n');
  });
  const saidOf = (file: string, line: number): string =>
    errors.filter((error) => error.startsWith(`${file}:${line}:`)).join();

  test.each(chance)('has %s handed in, instead of `%s`', (_, expression, rule) => {
    const line = rule === 'no-restricted-imports' ? 1 : lineOf(`= ${expression};`);
    expect(saidOf(files.core, line)).toContain(rule);
    expect(saidOf(files.kernel, line)).toContain(rule);
    expect(saidOf(files.main, line)).toBe('');
    expect(saidOf(files.test, line)).toBe('');
  });
  test.each(allowed)('lets `%s` pass', (expression) => expect(saidOf(files.core, lineOf(`= ${expression};`))).toBe(''));
});

test('nowhere is a type left open: any is refused', async () => {
  writeFileSync(join(folder, files.main), 'export const open: any = 1;\n');
  expect((await lint(folder)).problems).toContain(`${files.main}:1:20: Unexpected \`any\``);
});
