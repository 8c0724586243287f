import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { idOf } from '#kernel/ids.ts';
import { developmentKey, publicJwks } from './keys.ts';
import { audience, issuer, personOf } from './token.ts';
import { createVerifier } from './verifier.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'jari-keys-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}
const token = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'token.ts'), ...args], {
    env: { ...process.env, NODE_ENV: '', JARI_KEYS: join(folder, 'new'), ...env },
  })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }))
    .catch((error: Ended) => error);

describe('the token command', () => {
  test('prints nothing but the token; two at once make one key, readable to its owner alone', async () => {
    const ended = await Promise.all([token(['guest']), token(['host']), token(['mina:seller,customer'])]);
    const verifier = createVerifier({ jwks: publicJwks(await developmentKey(join(folder, 'new'))), issuer, audience });
    const callers = await Promise.all(ended.map(({ stdout }) => verifier.verify(stdout.trim())));
    expect(callers).toMatchObject([
      { id: idOf('user', 'guest'), roles: ['customer'] },
      { id: idOf('user', 'host'), roles: ['host'] },
      { id: idOf('user', 'mina'), roles: ['customer', 'seller'] },
    ]);
    expect(ended.map(({ stdout, stderr }) => [stdout.split('\n').length, stderr])).toEqual(ended.map(() => [2, '']));
    expect(readdirSync(join(folder, 'new'))).toEqual(['development.json']);
    expect(statSync(join(folder, 'new', 'development.json')).mode & 0o777).toBe(0o600);
    const { iat = 0, exp = 0, auth_time: authTime } = decodeJwt(ended[0]!.stdout);
    expect([exp - iat, authTime]).toEqual([12 * 3_600, iat]);
  });

  test.each([[[]], [['']], [[':admin']], [['a:b:c']], [['two', 'names']]])(
    'says how it is used when asked %j',
    async (args) => {
      expect(await token(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('usage') });
    },
  );
  test('names the role that does not exist, and those that do', async () => {
    expect(await token(['mina:emperor,host'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/"emperor".*customer, host/),
    });
  });
  test('makes no service of anybody', async () => {
    expect(await token(['rental:service'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('unknown role "service"'),
    });
  });
  test('makes no tokens in production', async () => {
    expect(await token(['guest'], { NODE_ENV: 'production' })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('production'),
    });
  });
});

describe('a name', () => {
  test.each([
    ['guest', ['customer']],
    ['buyer', ['customer']],
    ['customer', ['customer']],
    ['host', ['host']],
    ['seller', ['seller']],
    ['dealer', ['dealer']],
    ['courier', ['courier']],
    ['agent', ['agent']],
    ['admin', ['admin']],
    ['민아', ['customer']],
    ['service', ['customer']],
    ['constructor', ['customer']],
    ['mina:dealer', ['dealer']],
    ['guest:admin,agent', ['admin', 'agent']],
  ])('%s has the roles %j', (text, expected) => expect(personOf(text).roles).toEqual(expected));
});
