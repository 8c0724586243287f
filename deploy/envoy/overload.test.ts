import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { defaults } from '#adapters/grpc/limits.ts';
import { startEnvoy } from '../native/envoy.ts';
import { freePort } from '../native/ports.ts';
import { until } from '../native/process.ts';
import { services } from '../../services/registry.ts';
import { descriptorFile, envoyConfig } from './config.ts';
import { systemAuthorities } from './tls.ts';
import { ownTokens } from './tokens.ts';
import { standIn } from './stand-in.ts';
import type { Json } from './typed.ts';

/** Hands of a replica, here: to fill all of them would be to measure the machine. */
const few = 4;

test('a service has in hand what one replica takes on; the gateway refuses the rest in its words, but no stream (K14)', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'jari-envoy-'));
  const key = await newKey();
  const replica = await standIn(Array(few).fill('never'));
  const [httpPort, grpcPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const config = envoyConfig({
    ...{
      where: 'local',
      httpPort,
      grpcPort,
      adminPort,
      descriptorPath: descriptorFile,
      descriptorSet: readFileSync(descriptorFile),
    },
    services: services.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: replica.port }] })),
    ...{ tokens: ownTokens(publicJwks(key)), encryption: { authorities: systemAuthorities } },
    rates: { perSubject: 0, perAddress: 0 },
    ...{ trustedHops: 0, publicUrl: 'https://jari.example', hosts: [] },
    corsOrigins: [],
  });
  const envoy = await startEnvoy({
    dir,
    adminPort,
    config: JSON.parse(
      JSON.stringify(config).replaceAll(`"max_requests":${defaults.calls}`, `"max_requests":${few}`),
    ) as Json,
  });
  const authorization = `Bearer ${await issueToken('guest', key)}`;
  const order = '/v1/orders/0192d3c4-0000-7000-8000-000000000001';
  const get = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${httpPort}${path}`, { headers: { authorization } });
  try {
    await until('the gateway', async () => (await get('/readyz')).status === 200, 10_000);
    for (let call = 0; call < few; call++) void get(order).catch(() => undefined);
    await until('all in hand', () => Promise.resolve(replica.calls.length === few), 9_000);

    const refused = await get(order);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      503,
      '1',
      {
        code: 14,
        message: 'the service is overloaded; try again in a moment',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'OVERLOADED', domain: 'jari' },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' },
        ],
      },
    ]);
    expect(replica.calls).toHaveLength(few);
    expect((await get(`${order}:watch`)).status).toBe(200);
    expect((await get('/v1/rooms')).status).not.toBe(503); // another service has its own hands
  } finally {
    replica.stop();
    await envoy.stop();
    rmSync(dir, { recursive: true });
  }
}, 60_000);
