import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueToken, userId } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import { startEnvoy, type Envoy } from '../native/envoy.ts';
import { freePort } from '../native/ports.ts';
import { until } from '../native/process.ts';
import { envoyConfig, localGateway } from './config.ts';
import { standIn, type StandIn } from './stand-in.ts';
import { tokensFrom } from './tokens.ts';
import type { Json } from './typed.ts';

// The real Envoy with the keys of an identity provider, which stands here on the loopback interface.
const developmentKey = await newKey();
const providersKey = await newKey();
const laterKey = await newKey();
let served = publicJwks(providersKey);
let asked = 0;
let provider: Server;
let envoy: Envoy;
let service: StandIn;
let env: NodeJS.ProcessEnv;
const [httpPort, grpcPort, adminPort] = [await freePort(), await freePort(), await freePort()];
const dir = mkdtempSync(join(tmpdir(), 'jari-tokens-'));

beforeAll(async () => {
  provider = createServer((_request, response) => {
    asked++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(served));
  });
  await once(provider.listen(0, '127.0.0.1'), 'listening');
  env = {
    JARI_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
    ...{
      JARI_ISSUER: 'https://id.example',
      JARI_AUDIENCE: 'jari-shop',
      PORT: String(httpPort),
      GRPC_PORT: String(grpcPort),
    },
  };
  service = await standIn([]);
  const gateway = localGateway(await tokensFrom(env, async () => developmentKey), env);
  const services = gateway.services.map((each) => ({
    ...each,
    addresses: [{ host: '127.0.0.1', port: service.port }],
  }));
  const config = JSON.stringify(envoyConfig({ ...gateway, services, adminPort })).replace(
    '"cache_duration":"60s"',
    '"cache_duration":"2s"',
  );
  envoy = await startEnvoy({ dir, adminPort, config: JSON.parse(config) as Json });
  await until('the gateway', async () => (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status === 200, 10_000);
});
afterAll(async () => {
  await envoy?.stop();
  service?.stop();
  provider?.close();
  rmSync(dir, { recursive: true });
});

const token = async (claims: JWTPayload = {}, key = providersKey): Promise<string> =>
  new SignJWT({ sub: userId('mina'), roles: ['customer'], iss: 'https://id.example', aud: 'jari-shop', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .setExpirationTime('5m')
    .sign(await importJWK(key, 'ES256'));
const order = '/v1/orders/0192d3c4-0000-7000-8000-000000000001';
const answer = async (shown: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${httpPort}${order}`, { headers: { authorization: `Bearer ${shown}` } })).status;

describe("With an identity provider's keys the gateway (15)", () => {
  test("lets the provider's tokens pass", async () => expect(await answer(await token())).toBe(200));

  test.each([
    ['of the development key', () => issueToken('guest', developmentKey)],
    ["of the development key in the provider's name", () => token({}, { ...developmentKey, kid: providersKey.kid })],
    ['of another issuer', () => token({ iss: 'https://jari.local' })],
    ['for another audience', () => token({ aud: 'jari' })],
  ])('refuses a token %s', async (_, shown) => expect(await answer(await shown())).toBe(401));

  test('agrees with the services, which verify by the same settings', async () => {
    const { jwks, issuer, audience } = await tokensFrom(env, async () => developmentKey);
    const verifier = createVerifier({ jwks, issuer, audience });
    expect(await verifier.verify(await token())).toMatchObject({ id: userId('mina'), roles: ['customer'] });
    await expect(verifier.verify(await issueToken('guest', developmentKey))).rejects.toMatchObject({
      reason: 'UNAUTHENTICATED',
    });
  });

  test('fetches the keys by the clock, and not for each call', async () => {
    const before = asked;
    await Promise.all(Array.from({ length: 40 }, async () => answer(await token())));
    expect(asked - before).toBeLessThan(20);
  });

  test('shows where the keys are', async () => {
    const told = await fetch(`http://127.0.0.1:${httpPort}/.well-known/jwks.json`, { redirect: 'manual' });
    expect([told.status, told.headers.get('location')]).toEqual([302, env.JARI_JWKS_URL]);
  });

  test('learns a new key by itself, and keeps what it has while the provider is away', async () => {
    served = publicJwks(providersKey, laterKey);
    await until('the new key', async () => (await answer(await token({}, laterKey))) === 200, 15_000);
    provider.close();
    provider.closeAllConnections();
    const before = asked;
    expect([await answer(await token()), await answer(await token({}, laterKey)), asked]).toEqual([200, 200, before]);
  });
});

test('keys of a file are read when the configuration is made (15)', async () => {
  const kept = mkdtempSync(join(tmpdir(), 'jari-keys-'));
  const file = join(kept, 'jwks.json');
  writeFileSync(file, JSON.stringify(publicJwks(laterKey)));
  expect(await tokensFrom({ JARI_JWKS_URL: pathToFileURL(file).href }, async () => developmentKey)).toMatchObject({
    jwks: publicJwks(laterKey),
  });
  rmSync(kept, { recursive: true });
});
