import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { node } from './running.ts';

/** Files and what they import: a small house in which everything is as it should be. */
const house: Readonly<Record<string, readonly string[]>> = {
  'kernel/decision.ts': [],
  'kernel/ids.ts': ['uuid'],
  'kernel/time.ts': ['temporal-polyfill'],
  'kernel/spec.ts': ['@jest/globals', './decision.ts'],
  'services/lodging/reservation.ts': ['#kernel/decision.ts', './policy.ts'],
  'services/lodging/policy.ts': ['type ./reservation.ts'],
  'services/lodging/reservation.test.ts': [
    '@jest/globals',
    '#kernel/spec.ts',
    './reservation.ts',
    './adapters/store.ts',
  ],
  'services/lodging/adapters/store.ts': [
    '#adapters/store.ts',
    '../reservation.ts',
    '#proto/jari/lodging/v1/m.ts',
    '#proto/jari/property/v1/m.ts',
  ],
  'services/lodging/main.ts': ['./reservation.ts', './adapters/store.ts', 'node:fs'],
  'services/property/stay.ts': ['#kernel/decision.ts'],
  'services/property/adapters/messages.ts': [
    '../stay.ts',
    '#proto/jari/property/v1/m.ts',
    '#proto/jari/payment/v1/m.ts',
    '#proto/jari/order/v1/m.ts',
  ],
  'services/property/main.ts': ['./adapters/messages.ts'],
  'services/run.ts': ['./lodging/main.ts', './property/main.ts', '#adapters/store.ts'],
  'adapters/store.ts': ['pg', 'node:net', '#kernel/decision.ts', '#proto/jari/order/v1/m.ts'],
  'adapters/store.test.ts': ['#proto/jari/lodging/v1/m.ts', './store.ts'],
  'web/kit/button.ts': [],
  'web/home/home.ts': ['../kit/button.ts'],
  'web/app/routes.ts': ['../home/home.ts'],
  'gen/jari/lodging/v1/m.ts': [],
  'gen/jari/property/v1/m.ts': [],
  'gen/jari/payment/v1/m.ts': [],
  'gen/jari/order/v1/m.ts': [],
};

/** One more file in the house, and the rules that it breaks. */
const planted: readonly [rules: string, file: string, imports: string, found: string][] = [
  ['core-is-pure', 'services/lodging/a.ts', 'node:crypto', 'crypto'],
  ['core-is-pure', 'services/lodging/b.ts', 'uuid', 'node_modules/uuid/index.js'],
  ['core-is-pure', 'services/lodging/c.ts', 'type #adapters/store.ts', 'adapters/store.ts'],
  ['core-is-pure', 'services/lodging/d.ts', 'type #proto/jari/lodging/v1/m.ts', 'gen/jari/lodging/v1/m.ts'],
  [
    'core-is-pure, only-main-plugs',
    'services/lodging/e.ts',
    './adapters/store.ts',
    'services/lodging/adapters/store.ts',
  ],
  ['core-is-pure, only-main-plugs', 'services/lodging/f.ts', './main.ts', 'services/lodging/main.ts'],
  [
    'core-is-pure, services-import-no-service',
    'services/lodging/g.ts',
    'type ../property/stay.ts',
    'services/property/stay.ts',
  ],
  ['core-is-pure', 'services/lodging/h.ts', '#kernel/spec.ts', 'kernel/spec.ts'],
  [
    'services-import-no-service',
    'services/lodging/adapters/i.ts',
    '../../property/stay.ts',
    'services/property/stay.ts',
  ],
  ['services-import-no-service', 'services/lodging/adapters/j.ts', '../../../deploy/ports.ts', 'deploy/ports.ts'],
  ['only-main-plugs', 'services/lodging/console/k.ts', '../adapters/store.ts', 'services/lodging/adapters/store.ts'],
  ['run-knows-only-mains', 'services/l.ts', './lodging/reservation.ts', 'services/lodging/reservation.ts'],
  [
    'adapters-know-no-service',
    'adapters/m.ts',
    'type ../services/lodging/reservation.ts',
    'services/lodging/reservation.ts',
  ],
  ['adapters-know-no-context', 'adapters/n.ts', '#proto/jari/lodging/v1/m.ts', 'gen/jari/lodging/v1/m.ts'],
  ['web-knows-only-the-api', 'web/home/w1.ts', '#kernel/decision.ts', 'kernel/decision.ts'],
  ['kit-knows-no-page', 'web/kit/w2.ts', '../home/home.ts', 'web/home/home.ts'],
  ['pages-know-no-shell', 'web/home/w3.ts', 'type ../app/routes.ts', 'web/app/routes.ts'],
  ['adapters-know-no-service', 'adapters/w4.ts', '../web/home/home.ts', 'web/home/home.ts'],
  ['kernel-knows-nothing', 'kernel/o.ts', '#adapters/store.ts', 'adapters/store.ts'],
  ['kernel-knows-nothing', 'kernel/p.ts', 'node:fs', 'fs'],
  ['kernel-knows-nothing', 'kernel/q.ts', 'pg', 'node_modules/pg/index.js'],
  [
    'capabilities-know-no-core',
    'services/property/adapters/r.ts',
    '#proto/jari/lodging/v1/m.ts',
    'gen/jari/lodging/v1/m.ts',
  ],
  [
    'capabilities-know-no-core',
    'services/payment/adapters/s.ts',
    'type #proto/jari/lodging/v1/m.ts',
    'gen/jari/lodging/v1/m.ts',
  ],
  [
    'capabilities-know-no-other',
    'services/payment/adapters/t.ts',
    '#proto/jari/property/v1/m.ts',
    'gen/jari/property/v1/m.ts',
  ],
  ['nobody-imports-tests', 'adapters/u.ts', './store.test.ts', 'adapters/store.test.ts'],
  ['everything-is-found', 'adapters/v.ts', './nowhere.ts', './nowhere.ts'],
];
const cycle = { 'adapters/x.ts': ['./y.ts'], 'adapters/y.ts': ['./x.ts'] };
/** No module needs itself here, and yet the folders `one` and `two` need each other. */
const folderCycle = {
  'adapters/one/a.ts': ['../two/b.ts'],
  'adapters/two/b.ts': ['type ../one/c.ts'],
  'adapters/one/c.ts': [],
  'adapters/one/c.test.ts': ['../three/d.ts'],
  'adapters/three/d.ts': ['../one/c.ts'],
};

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function build(files: Readonly<Record<string, readonly string[]>>): string {
  const root = mkdtempSync(join(tmpdir(), 'jari-house-'));
  folders.push(root);
  for (const [path, imports] of Object.entries(files)) {
    const lines = imports.map((each) =>
      each.startsWith('type ') ? `import type * as _ from '${each.slice(5)}';` : `import '${each}';`,
    );
    write(join(root, path), `${lines.join('\n')}\nexport {};\n`);
  }
  const packages = ['uuid', 'temporal-polyfill', '@jest/globals', 'pg'];
  for (const name of packages) {
    write(join(root, 'node_modules', name, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    write(join(root, 'node_modules', name, 'index.js'), '');
  }
  cpSync(join(import.meta.dirname, '../../package.json'), join(root, 'package.json'));
  write(join(root, 'deploy/ports.ts'), '');
  return root;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const dependencies = async (root: string): Promise<string[]> =>
  (await node(root, join(import.meta.dirname, 'dependencies.ts'), root)).problems.trim().split('\n').filter(Boolean);

test('a house in which everybody keeps to the rules passes', async () => {
  expect(await dependencies(build(house))).toEqual([]);
});

test('reading no module at all is a failure: then nothing was checked', async () => {
  expect(
    await dependencies(
      build({ 'kernel/readme.md': [], 'services/readme.md': [], 'adapters/readme.md': [], 'web/readme.md': [] }),
    ),
  ).toEqual(['0 modules']);
});

describe('in a house with one violation of each kind (K2, K5)', () => {
  let found: string[];
  beforeAll(async () => {
    [, ...found] = await dependencies(
      build({
        ...house,
        ...Object.fromEntries(planted.map(([, file, imports]) => [file, [imports]])),
        ...cycle,
        ...folderCycle,
      }),
    );
  });

  test.each(planted)('%s: %s may not import %s', (rules, file, _, to) => {
    const said = found.filter((line) => line.includes(`: ${file} → `));
    expect(said.sort()).toEqual(rules.split(', ').map((rule) => `${rule}: ${file} → ${to}`));
  });
  test('no-cycles: modules that need each other are found', () => {
    expect(found).toContain('no-cycles: adapters/x.ts → adapters/y.ts');
  });
  test('no-folder-cycles: folders that need each other are found, whatever tests need', () => {
    expect(found.filter((line) => line.startsWith('no-folder-cycles'))).toEqual([
      'no-folder-cycles: adapters/one → adapters/two',
      'no-folder-cycles: adapters/two → adapters/one',
    ]);
  });
  test('nobody else is accused', () => {
    const guilty = new Set([...planted.map(([, file]) => file), ...Object.keys(cycle), 'adapters/one', 'adapters/two']);
    expect(found.filter((line) => !guilty.has(line.split(/: | → /)[1] ?? ''))).toEqual([]);
  });
});
