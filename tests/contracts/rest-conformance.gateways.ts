import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { newKey, publicJwks, type SigningKey } from '#adapters/auth/keys.ts';
import { audience, issueToken, issuer } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import { startGateway } from '#adapters/gateway/gateway.ts';
import { callRates } from '#adapters/grpc/rates.ts';
import { descriptorFile, envoyConfig } from '../../deploy/envoy/config.ts';
import { systemAuthorities } from '../../deploy/envoy/tls.ts';
import { ownTokens } from '../../deploy/envoy/tokens.ts';
import { startEnvoy } from '../../deploy/native/envoy.ts';
import { freePort } from '../../deploy/native/ports.ts';
import { until } from '../../deploy/native/process.ts';
import { services } from '../../services/registry.ts';
import type { Call } from './rest-conformance.calls.ts';
import { startBehind, type Behind } from './rest-conformance.server.ts';

export const gateways = ['envoy', 'embedded'] as const;
export type GatewayName = (typeof gateways)[number];

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  requestId: string;
}

/** The real Envoy, configured as the stack configures it, and the gateway of `npm start`, before one gRPC server. */
export interface Gateways {
  behind: Behind;
  key: SigningKey;
  portOf: Readonly<Record<GatewayName, number>>;
  /** By hand, because fetch tidies addresses up. Everyone calls as somebody else, so that nobody is called too often. */
  send(gateway: GatewayName, call: Call, port?: number): Promise<Answer>;
  both(call: Call): Promise<[envoys: Answer, ours: Answer]>;
  close(): Promise<void>;
}

const rates = { perSubject: 20, perAddress: 0 };
/** Behind one proxy, by https, under two names. */
const reached = { trustedHops: 1, publicUrl: 'https://jari.example', hosts: ['127.0.0.1', 'jari.example'] };
const corsOrigins = ['http://localhost:5173'];

export async function startGateways(): Promise<Gateways> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-conformance-'));
  const [behind, key] = await Promise.all([startBehind(), newKey()]);
  const [httpPort, grpcPort, adminPort, closed] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const config = envoyConfig({
    where: 'local',
    services: [
      ...services.map((entry) => ({ ...entry, addresses: [{ host: '127.0.0.1', port: behind.port }] })),
      // A service that is down: all that is known of it is that it would tell how it is, as each of them does.
      { name: 'nobody', kind: 'general', port: closed, open: [], addresses: [{ host: '127.0.0.1', port: closed }] },
    ],
    ...{
      httpPort,
      grpcPort,
      adminPort,
      tokens: ownTokens(publicJwks(key)),
      encryption: { authorities: systemAuthorities },
      rates,
      ...reached,
      corsOrigins,
    },
    descriptorPath: descriptorFile,
    descriptorSet: readFileSync(descriptorFile),
  });
  const envoy = await startEnvoy({ dir, config, adminPort });
  const embedded = await startEmbedded(key, behind.port);
  const portOf = { envoy: httpPort, embedded: embedded.port };

  let calls = 0;
  const send: Gateways['send'] = async (gateway, call, port = portOf[gateway]) =>
    sendTo(
      port,
      call,
      call.token === false ? {} : { authorization: `Bearer ${await issueToken(`caller-${calls++}`, key)}` },
    );

  await until(
    'the gateway',
    async () => (await send('envoy', { path: '/readyz', token: false })).status === 200,
    10_000,
  );
  return {
    ...{ behind, key, portOf, send },
    both: (call) => Promise.all([send('envoy', call), send('embedded', call)]),
    async close() {
      await embedded.close();
      await envoy.stop();
      behind.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

/** The gateway of `npm start`, before whatever listens at that port. */
export async function startEmbedded(
  key: SigningKey,
  grpcPort: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const jwks = publicJwks(key);
  const { url, close } = await startGateway({
    ...{ port: 0, grpcAddress: `127.0.0.1:${grpcPort}`, jwks, rates: callRates(rates), ...reached, corsOrigins },
    verifier: createVerifier({ jwks, issuer, audience }),
    readiness: async () => ({ ready: true, waitsFor: [] }),
    log: pino({ level: 'silent' }),
  });
  return { port: Number(new URL(url).port), close };
}

function sendTo(
  port: number,
  { method = 'GET', path, headers = {}, body }: Call,
  authorization: Record<string, string>,
): Promise<Answer> {
  const type = body === undefined || Object.keys(headers).length > 0 ? {} : { 'content-type': 'application/json' };
  const length =
    body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      port,
      host: '127.0.0.1',
      method,
      path,
      headers: { ...authorization, ...type, ...length, ...headers },
      agent: false,
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: unpacked(Buffer.concat(chunks), response.headers['content-encoding']),
          requestId: String(response.headers['x-request-id']),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const unpacked = (bytes: Buffer, encoding: string | undefined): string =>
  (encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();

/** What both must have alike. */
export const told = ({ status, headers, body }: Answer): unknown => ({
  status,
  type: headers['content-type'],
  retryAfter: headers['retry-after'],
  body: headers['content-type'] === 'application/json' && body !== '' ? JSON.parse(body) : body,
});

export interface Told {
  code: number;
  message: string;
  details: {
    '@type': string;
    reason?: string;
    domain?: string;
    retryDelay?: string;
    fieldViolations?: { field: string }[];
  }[];
}
export const errorOf = ({ body }: Answer): Told => JSON.parse(body) as Told;
export const reasonOf = (answer: Answer): Told['details'][number] | undefined =>
  errorOf(answer).details.find((detail) => detail['@type'].endsWith('.ErrorInfo'));

/** A stream's, as they came. */
export const eventsOf = ({ body }: Answer): unknown[] =>
  body
    .split('\n\n')
    .filter(Boolean)
    .map((event) => JSON.parse(event.replace(/^data: /, '')));
