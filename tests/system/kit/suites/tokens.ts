import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { newKey, publicJwks, type SigningKey } from '#adapters/auth/keys.ts';
import { audience, issuer, userId } from '#adapters/auth/token.ts';
import { nobody, refusalOf } from '../people.ts';
import type { Place } from '../place.ts';
import { soundRequest } from '../methods/all.ts';
import { encoded, nameOf, publicMethods, rpcCaller, type RpcCaller } from '../rpc.ts';

const now = (): number => Math.floor(Date.now() / 1_000);
const good = (): JWTPayload => ({
  sub: userId('guest'),
  roles: ['customer'],
  iss: issuer,
  aud: audience,
  iat: now(),
  exp: now() + 600,
});

const signed = async (payload: JWTPayload, key: SigningKey, header: object = {}): Promise<string> =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, ...header })
    .sign(await importJWK(key, 'ES256'));

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** Each would let somebody in who is not who they say, were it believed. */
const forgeries: Readonly<Record<string, (key: SigningKey) => string | Promise<string>>> = {
  garbage: () => 'garbage',
  'three parts of garbage': () => 'a.b.c',
  'another key': async () => signed(good(), await newKey()),
  'another key that goes by the name of ours': async (key) => signed(good(), { ...(await newKey()), kid: key.kid }),
  'another key that it brings along itself': async () => {
    const own = await newKey();
    return signed(good(), own, { jwk: publicJwks(own).keys[0] });
  },
  'alg none': () => new UnsecuredJWT(good()).encode(),
  'alg none with the signature of a good one': async (key) => {
    const [, payload, signature] = (await signed(good(), key)).split('.');
    return `${part({ alg: 'none', kid: key.kid })}.${payload}.${signature}`;
  },
  'HS256 with the public key as its secret': async (key) => {
    const secret = createPublicKey({ key: publicJwks(key).keys[0]!, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
    return new SignJWT(good())
      .setProtectedHeader({ alg: 'HS256', kid: key.kid })
      .sign(new TextEncoder().encode(secret));
  },
  expired: (key) => signed({ ...good(), exp: now() - 120 }, key),
  'never to expire': (key) => signed((({ exp: _, ...eternal }) => eternal)(good()), key),
  'not yet valid': (key) => signed({ ...good(), nbf: now() + 600 }, key),
  'for another audience': (key) => signed({ ...good(), aud: 'somebody-else' }, key),
  'for no audience': (key) => signed((({ aud: _, ...nowhere }) => nowhere)(good()), key),
  'of a foreign issuer': (key) => signed({ ...good(), iss: 'https://elsewhere.example' }, key),
  'with more roles written into it': async (key) => {
    const [header, , signature] = (await signed(good(), key)).split('.');
    return `${header}.${part({ ...good(), roles: ['admin'] })}.${signature}`;
  },
  'about nobody': (key) => signed((({ sub: _, ...nameless }) => nameless)(good()), key),
  'about somebody who cannot be': (key) => signed({ ...good(), sub: 'admin' }, key),
};

/** Tokens that are not ours open nothing: not at the gateway, and not at the services behind it. */
export const forgedTokens = (place: Place): void => {
  const callers = new Map<string, RpcCaller>();
  const at = (address: string): RpcCaller =>
    callers.get(address) ?? callers.set(address, rpcCaller(address)).get(address)!;
  beforeAll(() => void place.services.forEach((service) => at(place.grpcOf(service))));
  afterAll(() => callers.forEach((caller) => caller.close()));

  const method = (name: string) => publicMethods.find((each) => nameOf(each) === name)!;
  const direct = (name: string, service: string, headers: Record<string, string>) =>
    at(place.grpcOf(service)).call(method(name), encoded(method(name), soundRequest(name).request), headers);
  const unauthenticated = { status: 401, code: 16, reason: 'UNAUTHENTICATED' };

  test('a good token opens what the same calls without one do not (else these tests could not fail)', async () => {
    const authorization = `Bearer ${await signed(good(), place.key)}`;
    expect(await nobody(place).get('/v1/lodging/reservations', { authorization })).toMatchObject({ status: 200 });
    expect(await direct('LodgingService.GetReservation', 'lodging', { authorization })).toMatchObject({ code: 5 });
  });

  describe('a token is refused by REST, even where none is needed', () => {
    test.each(Object.entries(forgeries))('%s', async (_, forge) => {
      const token = await forge(place.key);
      const authorization = `Bearer ${token}`;
      for (const path of ['/v1/lodging/reservations', '/v1/rooms', '/v1/orders', '/v1/kpis']) {
        const answer = await nobody(place).get(path, { authorization });
        expect(refusalOf(answer)).toMatchObject(unauthenticated);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
      const watch = `/v1/orders/${soundRequest('ViewsService.WatchOrder').request.order_id}:watch`;
      expect(refusalOf(await nobody(place).get(`${watch}?access_token=${token}`))).toMatchObject(unauthenticated);
    });
  });

  describe('a token is refused by the service itself', () => {
    test.each(Object.entries(forgeries))('%s', async (_, forge) => {
      const authorization = `Bearer ${await forge(place.key)}`;
      for (const [name, service] of [
        ['LodgingService.CreateReservation', 'lodging'],
        ['PropertyService.ListRooms', 'property'],
        ['PaymentService.RetryPayment', 'payment'],
        ['ViewsService.WatchOrder', 'views'],
      ] as const)
        expect({ name, ...(await direct(name, service, { authorization })) }).toMatchObject({
          name,
          code: 16,
          reason: 'UNAUTHENTICATED',
        });
    });
  });

  describe('what is no bearer token is refused', () => {
    test.each(['', 'Bearer', 'Bearer ', 'Basic Z3Vlc3Q6', 'Token abc', 'Bearer a b'])('"%s"', async (authorization) => {
      expect(refusalOf(await nobody(place).get('/v1/lodging/reservations', { authorization }))).toMatchObject(
        unauthenticated,
      );
      if (authorization)
        expect(await direct('LodgingService.GetReservation', 'lodging', { authorization })).toMatchObject({ code: 16 });
    });
  });

  test('the private key is never served', async () => {
    const { status, body } = await nobody(place).get<{ keys: Record<string, string>[] }>('/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(body.keys).toHaveLength(1);
    expect(body.keys[0]).toMatchObject({ kid: place.key.kid, alg: 'ES256' });
    expect(body.keys[0]).not.toHaveProperty('d');
  });
};
