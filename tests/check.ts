// `npm run check`: everything that can be found wrong without running the system. One line per check; what fails says why.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readProtos } from '../docs/draw/protos.ts';
import { services } from '../services/registry.ts';
import { breakingChanges } from './architecture/breaking.ts';
import { imageProblems, type Floating } from './architecture/images.ts';
import { packageProblems, type Allowed, type Lockfile, type Manifest } from './architecture/packages.ts';
import { protoProblems } from './architecture/protos.ts';
import { inCheckout, registryProblems } from './architecture/registry.ts';
import { buf, format, git, lint, node, typeCheck, type Outcome } from './architecture/running.ts';

const root = dirname(import.meta.dirname);
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const found = (problems: readonly string[]): Outcome => ({ problems: problems.join('\n') });

const checks: Readonly<Record<string, () => Promise<Outcome>>> = {
  types: () => typeCheck(root, '.'),
  'types of pure cores': () => typeCheck(root, 'tsconfig.core.json'),
  'types of the web pages': () => typeCheck(root, 'web'),
  lint: () => lint(root),
  format: () => format(root),
  dependencies: () => node(root, 'tests/architecture/dependencies.ts'),
  'protos: lint': () => buf(root, 'lint'),
  'protos: nothing broken': () => breakingChanges(root),
  'protos: words and comments': async () => found(protoProblems(readProtos(root))),
  services: async () => found(registryProblems(services, inCheckout(root))),
  packages: async () =>
    found(
      packageProblems(
        read('package-lock.json') as Lockfile,
        read('package.json') as Manifest,
        read('tests/architecture/allowed-packages.json') as Allowed,
      ),
    ),
  images: async () => {
    const { imagesWithoutDigest: floating } = read('tests/architecture/allowed-packages.json') as {
      imagesWithoutDigest: Floating[];
    };
    const files = ['docker-compose.yml', 'deploy/Dockerfile'].map((path) => readFileSync(join(root, path), 'utf8'));
    return {
      ...found(imageProblems(files, floating)),
      note: `without a digest: ${floating.map(({ image }) => image).join(', ') || 'none'}`,
    };
  },
  'nothing generated is committed': async () => ({
    problems: await git(root, 'ls-files', 'gen', 'node_modules', '.jari', 'web/dist'),
  }),
  documents: () => node(root, 'docs/draw.ts', '--check'),
};

const outcomes = await Promise.all(
  Object.entries(checks).map(async ([name, look]) => {
    const began = performance.now();
    const outcome = await look().catch((error: Error): Outcome => ({ problems: error.message }));
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(
      `${outcome.problems ? '✗' : '✓'} ${name.padEnd(32)} ${seconds.padStart(5)} s  ${outcome.note ?? ''}`.trimEnd(),
    );
    return { name, ...outcome };
  }),
);

const failed = outcomes.filter(({ problems }) => problems);
for (const { name, problems } of failed) console.error(`\n== ${name}\n${problems.trim()}`);
process.exit(failed.length ? 1 : 0);
