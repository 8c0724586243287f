import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { developmentKey } from '#adapters/auth/keys.ts';
import { selfSigned } from '#adapters/auth/service-token.ts';
import { grpcClient, type GrpcClient } from '#adapters/grpc/client.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { authorityIn, type CertificateFiles } from '#adapters/tls/certificates.fixture.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { ListRoomsRequest, PropertyServiceService } from '#proto/jari/property/v1/property.ts';
import { services } from '../../services/registry.ts';
import { startEnvoy, type Envoy } from '../native/envoy.ts';
import { isServing } from '../native/health.ts';
import { freePort } from '../native/ports.ts';
import { end, launch, until } from '../native/process.ts';
import { envoyConfig, localGateway } from './config.ts';
import { encryptionFrom } from './tls.ts';
import { tokensFrom } from './tokens.ts';

// A service in a process of its own that asks callers for certificates, and the real Envoy in front of it.
const dir = mkdtempSync(join(tmpdir(), 'jari-mtls-'));
const keys = join(dir, 'keys');
const checkout = join(import.meta.dirname, '../..');
const authority = authorityIn(join(dir, 'certificates'), 'authority');
const stranger = authorityIn(join(dir, 'certificates'), 'stranger');
const [grpc, metrics, rest, httpPort, grpcPort, adminPort] = [
  await freePort(),
  await freePort(),
  await freePort(),
  await freePort(),
  await freePort(),
  await freePort(),
];
const settings = (own: CertificateFiles, of = authority): Record<string, string> => ({
  JARI_TLS_CA: of.file,
  JARI_TLS_CERT: own.cert,
  JARI_TLS_KEY: own.key,
});
const property = authority.issue('property', ['DNS:property', 'IP:127.0.0.1']);
const caller = authority.issue('lodging', ['DNS:lodging']);
const impostor = stranger.issue('impostor', ['DNS:lodging']);
const shown = authority.issue('gateway', ['DNS:jari.example']);
let envoy: Envoy;

beforeAll(async () => {
  const env = {
    ...settings(property),
    JARI_TLS_CLIENTS: 'verified',
    JARI_DATA: join(dir, 'data'),
    JARI_KEYS: keys,
    GRPC_PORT: String(grpc),
    METRICS_PORT: String(metrics),
    PORT: String(rest),
  };
  launch(dir, 'property', { command: process.execPath, args: [join(checkout, 'services/run.ts'), 'property'], env });
  await until('property', () => isServing(`127.0.0.1:${grpc}`, tlsOf(settings(property))), 100_000);
  const gatewayEnv = {
    ...settings(caller),
    JARI_GATEWAY_CERT: shown.cert,
    JARI_GATEWAY_KEY: shown.key,
    PORT: String(httpPort),
    GRPC_PORT: String(grpcPort),
  };
  const gateway = {
    ...localGateway(await tokensFrom(gatewayEnv, () => developmentKey(keys)), gatewayEnv),
    encryption: encryptionFrom(gatewayEnv),
    adminPort,
  };
  const behind = services.map((each) => ({
    ...each,
    addresses: [{ host: '127.0.0.1', port: each.name === 'property' ? grpc : grpcPort }],
  }));
  envoy = await startEnvoy({
    dir: join(dir, 'envoy'),
    adminPort,
    config: envoyConfig({ ...gateway, services: behind }),
  });
}, 150_000);
afterAll(async () => {
  await envoy?.stop();
  await end(dir, 'property', 'SIGTERM');
  rmSync(dir, { recursive: true });
}, 60_000);

/** As a service calls another. */
async function listRooms(env: Readonly<Record<string, string>>): Promise<{ rooms: unknown[] }> {
  const toProperty = policy({
    name: 'property',
    timeoutMs: 3_000,
    attempts: 1,
    breaker: { failureShare: 0.9, calls: 100, minimum: 100, openMs: 1 },
    bulkhead: { concurrent: 4, queued: 4 },
  });
  const token = selfSigned('lodging', () => developmentKey(keys));
  const client: GrpcClient<typeof PropertyServiceService> = grpcClient({
    definition: PropertyServiceService,
    address: `ipv4:127.0.0.1:${grpc}`,
    policy: toProperty,
    token,
    tls: tlsOf(env),
  });
  try {
    return await client.call.listRooms(ListRoomsRequest.fromPartial({}));
  } finally {
    client.close();
  }
}

const over = (port: number, path: string, ca: string): Promise<number> =>
  new Promise((done, failed) =>
    request(
      {
        host: '127.0.0.1',
        port,
        path,
        ca: readFileSync(ca),
        servername: 'jari.example',
        checkServerIdentity: () => undefined,
      },
      (answer) => {
        answer.resume();
        done(answer.statusCode ?? 0);
      },
    )
      .on('error', failed)
      .end(),
  );

describe('services that have certificates (9)', () => {
  test('answer each other in cipher, each with its own certificate', async () =>
    expect((await listRooms(settings(caller))).rooms.length).toBeGreaterThan(0));

  test('refuse a caller whose certificate another authority signed, or who has none', async () => {
    await expect(listRooms({ ...settings(impostor), JARI_TLS_CA: authority.file })).rejects.toThrow(/property: /);
    expect(await isServing(`127.0.0.1:${grpc}`)).toBe(false);
  });

  test('are not spoken to when another authority signed their certificate, and the error says so', () =>
    expect(listRooms({ ...settings(caller), JARI_TLS_CA: stranger.file })).rejects.toThrow(
      /property: .*(self-signed|unable to (verify|get))/,
    ));

  test('tell of their health and their figures by https', async () => {
    expect([await over(metrics, '/readyz', authority.file), await over(metrics, '/metrics', authority.file)]).toEqual([
      200, 200,
    ]);
    const env = { ...process.env, ...settings(property), GRPC_PORT: String(grpc) };
    await expect(
      promisify(execFile)(process.execPath, [join(checkout, 'deploy/native/health.ts')], { env }),
    ).resolves.toBeDefined();
  });
});

describe('a gateway (9, 15)', () => {
  test('of the same process reaches its service in cipher', async () =>
    expect((await fetch(`http://127.0.0.1:${rest}/v1/rooms`)).status).toBe(200));

  test('of Envoy speaks TLS with callers, and with the services, which see its certificate', async () => {
    await until('rooms', async () => (await over(httpPort, '/v1/rooms', authority.file)) === 200, 15_000);
    await expect(over(httpPort, '/v1/rooms', stranger.file)).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${httpPort}/v1/rooms`)).rejects.toThrow();
  });
});
