import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { idOf } from '#kernel/ids.ts';
import { newKey, publicJwks, type SigningKey } from './keys.ts';
import { issueServiceToken } from './service-token.ts';
import { audience, issuer, issueToken, userId } from './token.ts';
import { createVerifier, type Verifier } from './verifier.ts';

let key: SigningKey;
let verifier: Verifier;
beforeAll(async () => {
  key = await newKey();
  verifier = createVerifier({ jwks: publicJwks(key), issuer, audience });
});

const now = (): number => Math.floor(Date.now() / 1_000);
const good = (): JWTPayload => ({
  sub: userId('mina'),
  roles: ['customer'],
  iss: issuer,
  aud: audience,
  iat: now(),
  exp: now() + 60,
});
const signed = async (payload: JWTPayload, by = key): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: key.kid }).sign(await importJWK(by, 'ES256'));
const refused = { code: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED' };
const verify = async (token: string): Promise<unknown> => verifier.verify(token);

describe('a token (K12)', () => {
  test('of ours says who calls', async () =>
    expect(await verify(await issueToken('host', key))).toEqual({
      id: userId('host'),
      roles: ['host'],
      issued: expect.any(Number),
      expires: expect.any(Number),
      authTime: expect.any(Number),
    }));
  test('of a service says which, and nothing that a person may be', async () =>
    expect(await verify(await issueServiceToken('rental', key))).toEqual({
      id: idOf('service', 'rental'),
      roles: ['service'],
      issued: expect.any(Number),
      expires: expect.any(Number),
    }));
  test('may be verified again and again', async () => {
    const token = await issueToken('guest', key);
    const first = await verify(token);
    expect(verifier.verify(token)).toBe(first); // from memory: no promise
  });
  test('that carries roles nobody knows gives none of them', async () =>
    expect(await verify(await signed({ ...good(), roles: ['emperor', 'host'] }))).toMatchObject({
      id: userId('mina'),
      roles: ['host'],
    }));
  test.each([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
  ])('with email_verified %j says whether the e-mail address is verified', async (claim, emailVerified) =>
    expect(await verify(await signed({ ...good(), email_verified: claim }))).toMatchObject({ emailVerified }),
  );
  test('names the same person in either case of its subject', async () =>
    expect(await verify(await signed({ ...good(), sub: userId('mina').toUpperCase() }))).toMatchObject({
      id: userId('mina'),
    }));
  test('without roles gives none', async () =>
    expect(await verify(await signed({ ...good(), roles: 'admin' }))).toMatchObject({ roles: [] }));
  test('a few seconds old by a clock that goes wrong still holds', async () =>
    expect(await verify(await signed({ ...good(), exp: now() - 5 }))).toMatchObject({ id: userId('mina') }));
});

describe('the clock of who verifies', () => {
  const fiveMinutesBehind = (): number => Date.now() - 5 * 60_000;
  test('may be corrected: a token signed on a machine that is five minutes behind holds by the same time', async () => {
    const short = await signed({ ...good(), iat: now() - 300, exp: now() - 240 });
    await expect(verify(short)).rejects.toMatchObject(refused);
    const corrected = createVerifier({ jwks: publicJwks(key), issuer, audience, now: fiveMinutesBehind });
    expect(await corrected.verify(short)).toMatchObject({ id: userId('mina') });
  });
  test('may differ by what is tolerated, and no more', async () => {
    const patient = createVerifier({ jwks: publicJwks(key), issuer, audience, toleranceSeconds: 400 });
    expect(await patient.verify(await signed({ ...good(), exp: now() - 300 }))).toMatchObject({ id: userId('mina') });
    await expect(patient.verify(await signed({ ...good(), exp: now() - 401 }))).rejects.toMatchObject(refused);
  });
  test('is named to a service whose token holds no longer', async () =>
    expect(verify(await signed({ ...good(), roles: ['service'], exp: now() - 300 }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'TOKEN_OUT_OF_TIME',
    }));
});

describe('a forged or worn-out token is refused (K12)', () => {
  const { sub: _sub, ...nameless } = good();
  const { exp: _exp, ...eternal } = good();
  const forgeries: Record<string, () => Promise<string> | string> = {
    'nothing at all': () => '',
    'no token': () => 'abc.def',
    'another key': async () => signed(good(), await newKey()),
    'alg none': () => new UnsecuredJWT(good()).encode(),
    'alg none with the signature of a good one': async () => {
      const [, payload, signature] = (await signed(good())).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`;
    },
    'HS256 with the public key as its secret': async () => {
      const [open] = publicJwks(key).keys;
      const secret = await exportSPKI((await importJWK({ ...open, ext: true } as JWK, 'ES256')) as never);
      return new SignJWT(good())
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .sign(new TextEncoder().encode(secret));
    },
    expired: () => signed({ ...good(), exp: now() - 60 }),
    'without an end': () => signed(eternal),
    'not yet valid': () => signed({ ...good(), nbf: now() + 60 }),
    'another audience': () => signed({ ...good(), aud: 'somebody' }),
    'a foreign issuer': () => signed({ ...good(), iss: 'https://elsewhere.example' }),
    'a tampered payload': async () => {
      const [header, payload = '', signature] = (await signed(good())).split('.');
      const changed = JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), roles: ['admin'] });
      return `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`;
    },
    'nobody it speaks of': () => signed(nameless),
    'a subject that is no UUID': () => signed({ ...good(), sub: 'mina' }),
  };
  test.each(Object.keys(forgeries))('%s', async (name) => {
    await expect(verify(await forgeries[name]!())).rejects.toMatchObject(refused);
  });

  test('one of another algorithm, though its key is published', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const both = createVerifier({
      jwks: { keys: [...publicJwks(key).keys, { ...(await exportJWK(publicKey)), kid: 'rsa' }] },
      issuer,
      audience,
    });
    const token = await new SignJWT(good()).setProtectedHeader({ alg: 'RS256', kid: 'rsa' }).sign(privateKey);
    await expect((async () => both.verify(token))()).rejects.toMatchObject(refused);
    expect(await both.verify(await signed(good()))).toMatchObject({ id: userId('mina') });
  });

  test('one that was good and is remembered, once it is over', async () => {
    const token = await issueToken('guest', key);
    await verify(token);
    jest.useFakeTimers({
      now: Date.now() + 13 * 3_600_000,
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'],
    });
    try {
      await expect(verify(token)).rejects.toMatchObject(refused);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('keys of an identity provider', () => {
  let provider: Server;
  let published: SigningKey[];
  let remote: Verifier;
  beforeAll(async () => {
    published = [key];
    provider = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(publicJwks(...published))),
    );
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    remote = createVerifier({
      jwks: new URL(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`),
      issuer,
      audience,
    });
  });
  afterAll(() => void provider.close());

  test('may change while we run: a new key is fetched, and a key never published is refused', async () => {
    expect(await remote.verify(await issueToken('guest', key))).toMatchObject({ roles: ['customer'] });
    const next = await newKey();
    const token = await issueToken('guest', next);
    await expect(remote.verify(token)).rejects.toMatchObject(refused);
    published = [next];
    await pause(1_100);
    expect(await remote.verify(token)).toMatchObject({ roles: ['customer'] });
  });

  test('that cannot be fetched are a matter of waiting, not of the token', async () => {
    const nobody = createVerifier({ jwks: new URL('http://127.0.0.1:9/jwks'), issuer, audience });
    await expect(nobody.verify(await issueToken('guest', key))).rejects.toMatchObject({ name: 'Unavailable' });
  });

  test('once fetched hold while the provider is down', async () => {
    const [current] = published;
    provider.closeAllConnections();
    await new Promise((closed) => provider.close(closed));
    expect(await remote.verify(await issueToken('host', current!))).toMatchObject({ roles: ['host'] });
  });
});
