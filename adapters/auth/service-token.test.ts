import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { str } from 'envalid';
import { decodeJwt } from 'jose';
import { idOf } from '#kernel/ids.ts';
import { readSettings } from '#adapters/settings/settings.ts';
import { newKey, publicJwks, type SigningKey } from './keys.ts';
import { issueServiceToken, selfSigned, serviceToken, serviceTokenSetting } from './service-token.ts';
import { audience, issuer } from './token.ts';
import { createVerifier } from './verifier.ts';

let folder: string;
let key: SigningKey;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jari-service-token-'));
  key = await newKey();
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void jest.useRealTimers());

const at = (now: number): unknown =>
  jest.useFakeTimers({ now, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] });
const minutes = 60_000;

describe('a service’s own token of the development key (K12)', () => {
  test('names the service', async () => {
    const verifier = createVerifier({ jwks: publicJwks(key), issuer, audience });
    expect(await verifier.verify(await selfSigned('rental', async () => key)())).toMatchObject({
      id: idOf('service', 'rental'),
      roles: ['service'],
    });
  });
  test('is the same for every call, and another long before it is worn out', async () => {
    const began = Date.now();
    at(began);
    const token = selfSigned('rental', async () => key);
    const first = await token();
    expect(decodeJwt(first).exp! * 1_000 - began).toBeLessThanOrEqual(10 * minutes);
    at(began + 4 * minutes);
    expect(await token()).toBe(first);
    at(began + 5 * minutes);
    const second = await token();
    expect(second).not.toBe(first);
    expect(await token()).toBe(second);
    expect(decodeJwt(second).exp).toBeGreaterThan(decodeJwt(first).exp!);
  });
  test('is asked for again when the key could not be had', async () => {
    let asked = 0;
    const token = selfSigned('rental', async () => (++asked === 1 ? Promise.reject(new Error('no key yet')) : key));
    await expect(token()).rejects.toThrow('no key yet');
    expect(decodeJwt(await token()).sub).toBe(idOf('service', 'rental'));
  });
});

describe('a service’s own token of a file', () => {
  test('is what the file says now: it may be replaced at any time', async () => {
    const path = join(folder, 'token');
    const [early, late] = [await issueServiceToken('rental', key), await issueServiceToken('preorder', key)];
    writeFileSync(path, `${early}\n`);
    const token = serviceToken('rental', { JARI_SERVICE_TOKEN_FILE: path });
    expect(await token()).toBe(early);
    writeFileSync(path, late);
    expect(await token()).toBe(late);
  });
  test('that vanished is a matter of waiting', async () => {
    const path = join(folder, 'fleeting');
    writeFileSync(path, 'a.b.c');
    const token = serviceToken('rental', { JARI_SERVICE_TOKEN_FILE: path });
    rmSync(path);
    await expect(token()).rejects.toMatchObject({ name: 'Unavailable', message: expect.stringContaining(path) });
  });
});

describe('JARI_SERVICE_TOKEN_FILE', () => {
  const specs = {
    JARI_JWKS_URL: str({ default: '' }),
    ...serviceTokenSetting,
  };
  test('need not be given where the development key is believed', () =>
    expect(readSettings(specs, {}).JARI_SERVICE_TOKEN_FILE).toBeUndefined());
  test('is missed at the start, with all else that is missing, where an identity provider’s keys are', () =>
    expect(() => readSettings(specs, { JARI_JWKS_URL: 'https://id.example/jwks' })).toThrow(
      'JARI_SERVICE_TOKEN_FILE is missing: File with the token',
    ));
  test('must be there to be read', () =>
    expect(() => readSettings(specs, { JARI_SERVICE_TOKEN_FILE: join(folder, 'nowhere') })).toThrow(
      /nowhere is not a file that can be read/,
    ));
});
