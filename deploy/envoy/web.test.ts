import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newKey, publicJwks } from '#adapters/auth/keys.ts';
import { securityHeaders } from '#adapters/gateway/headers.ts';
import { serveWeb } from '#adapters/web-server/serve.ts';
import { webFiles, type WebFiles } from '#adapters/web-files/web-files.ts';
import { startEnvoy, type Envoy } from '../native/envoy.ts';
import { freePort } from '../native/ports.ts';
import { until } from '../native/process.ts';
import { services } from '../../services/registry.ts';
import { descriptorFile, envoyConfig } from './config.ts';
import { systemAuthorities } from './tls.ts';
import { ownTokens } from './tokens.ts';

// The web pages behind the real Envoy. None of the services lives: pages do not need them.

let envoy: Envoy;
let web: Awaited<ReturnType<typeof serveWeb>>;
let rest: string;
const dir = mkdtempSync(join(tmpdir(), 'jari-envoy-web-'));
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

beforeAll(async () => {
  mkdirSync(join(dir, 'dist/assets'), { recursive: true });
  writeFileSync(join(dir, 'dist/index.html'), '<!doctype html><html lang="ko"><title>Jari</title></html>');
  writeFileSync(join(dir, 'dist/assets/index-abc.js'), 'go()');
  writeFileSync(join(dir, 'dist/manifest.webmanifest'), '{}');
  writeFileSync(join(dir, 'dist/manifest.json'), '{}');
  web = await serveWeb({ files: webFiles(join(dir, 'dist')) as WebFiles, port: 0 });
  const [httpPort, grpcPort, adminPort, nobody] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const config = envoyConfig({
    where: 'local',
    services: services.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: nobody }] })),
    web: [{ host: '127.0.0.1', port: web.port }],
    ...{ httpPort, grpcPort, adminPort },
    descriptorPath: descriptorFile,
    descriptorSet: readFileSync(descriptorFile),
    ...{ tokens: ownTokens(publicJwks(await newKey())), encryption: { authorities: systemAuthorities } },
    rates: { perSubject: 0, perAddress: 50 },
    ...{ trustedHops: 1, publicUrl: '', hosts: [], corsOrigins: [] },
  });
  envoy = await startEnvoy({ dir, config, adminPort });
  rest = `http://127.0.0.1:${httpPort}`;
  await until('the pages', async () => (await get('/', browser)).status === 200, 20_000);
}, 60_000);
afterAll(async () => {
  await envoy?.stop();
  await web?.close();
  rmSync(dir, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${rest}${path}`, { headers });

test('whatever a browser opens is the page, with the policy and the headers of every answer', async () => {
  for (const path of ['/', '/lodging?check_in=2026-12-18&check_out=2026-12-21', '/orders/0192']) {
    const page = await get(path, { ...browser, cookie: 'jari-theme=dark; jari-language=en' });
    expect([path, page.status]).toEqual([path, 200]);
    expect(await page.text()).toContain('<html lang="en" data-theme="dark">');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    for (const name of ['content-security-policy', 'x-content-type-options', 'referrer-policy'])
      expect(page.headers.get(name)).toBe(securityHeaders[name]);
  }
});

test('files are served as they are, and kept for good by their hash', async () => {
  const script = await get('/assets/index-abc.js');
  expect([await script.text(), script.headers.get('cache-control')]).toEqual([
    'go()',
    'public, max-age=31536000, immutable',
  ]);
  expect((await get('/manifest.webmanifest')).headers.get('content-type')).toBe('application/manifest+json');
  expect((await get('/assets/gone.js')).status).toBe(404);
});

test('paths of the API answer as without pages', async () => {
  for (const [path, headers] of [
    ['/v1/nope', browser],
    ['/lodging', { accept: 'application/json' }],
    ['/.well-known/nope', browser],
  ] as const) {
    const answer = await get(path, headers);
    expect([path, answer.status, await answer.json()]).toMatchObject([path, 404, { code: 5 }]);
  }
  expect(await get('/v1/rooms', browser)).toMatchObject({ status: 503 });
  expect(await fetch(`${rest}/`, { method: 'POST', headers: browser })).toMatchObject({ status: 404 });
});

test('the addresses of one IPv6 network share what an address may ask; another network and IPv4 do not (B7)', async () => {
  const from = async (address: string): Promise<number> =>
    (await get('/manifest.webmanifest', { 'x-forwarded-for': address })).status;
  const near = Array.from({ length: 400 }, (_, nth) => `2001:db8:2:2::${(nth + 1).toString(16)}`);
  expect(await Promise.all(near.map(from))).toContain(429);
  expect(await from('2001:db8:2:3::1')).toBe(200);
  for (const last of [1, 2, 3]) expect(await from(`192.0.2.${last}`)).toBe(200);
});
