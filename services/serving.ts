import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { issuersFrom } from '#adapters/auth/issuers.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { startGateway } from '#adapters/gateway/gateway.ts';
import { callRates, type CallRates } from '#adapters/grpc/rates.ts';
import { startGrpcServer, type GrpcServer } from '#adapters/grpc/server.ts';
import type { Hosted } from '#adapters/host/host.ts';
import { opsRpc } from '#adapters/operations/grpc.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { cancellations, listingChanges, newKeys, ordersMade } from '#adapters/rpc/rate.ts';
import type { ServedMetrics } from '#adapters/telemetry/metrics.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { webFiles } from '#adapters/web-files/web-files.ts';
import { keptByService, trailsOf } from './by-method.ts';
import type { Lifecycle } from './lifecycle.ts';
import { Misuse } from './misuse.ts';
import type { ProcessSettings } from './process-settings.ts';
import { needsVerifiedEmail } from './production.ts';

/** A process whose services are hosted and not yet reachable. */
export interface HostedProcess {
  settings: ProcessSettings;
  /** Whether its database is embedded. */
  embedded: boolean;
  development: boolean;
  tls: Tls;
  log: Logger;
  life: Lifecycle;
  hosted: readonly Hosted[];
  issuers: Awaited<ReturnType<typeof issuersFrom>>;
  verifier: Verifier;
}

/** Whoever asks one process by reflection, through the one entry point, learns of every service there is (K23). */
const publicServices = [...registry].flatMap((each) =>
  each.kind === 'service' && each.typeName.startsWith('jari.') ? [each.typeName] : [],
);

/** What the gRPC server and the embedded gateway of one process share. */
interface Shared {
  rates: CallRates;
  trustedHops: number;
  connectionsPerAddress: number;
  gatewaySecret?: string;
}

/** Serves gRPC and, where the settings want it, REST; answers with their addresses. */
export async function serve(process: HostedProcess, metrics: ServedMetrics | undefined): Promise<Served> {
  const { settings, embedded, life } = process;
  const trustedHops = settings.JARI_TRUSTED_HOPS;
  const gatewaySecret = settings.GATEWAY === 'embedded' ? randomUUID() : undefined;
  const shared: Shared = {
    rates: callRates({ perSubject: settings.JARI_RATE_PER_SUBJECT, perAddress: settings.JARI_RATE_PER_ADDRESS }),
    trustedHops,
    connectionsPerAddress: gatewaySecret && !trustedHops ? settings.JARI_CONNECTIONS_PER_ADDRESS : 0,
    ...(gatewaySecret && { gatewaySecret }),
  };
  const grpc = await serveGrpc(process, shared, metrics);
  let rest: Rest | undefined;
  life.onEnd(async () => {
    await grpc.drain({ noticeMs: embedded ? 0 : 3_000, limitMs: 10_000 }); // streams get their last word through the gateway
    await rest?.close();
  });
  grpc.setServing(true);
  if (gatewaySecret) rest = await serveRest(process, shared, grpc.port);
  return { grpcPort: grpc.port, ...(rest && { rest }) };
}

interface Served {
  grpcPort: number;
  rest?: Rest;
}

interface Rest {
  url: string;
  /** Whether web pages are served. */
  pages: boolean;
  close(): Promise<void>;
}

const serveGrpc = (
  { settings, development, tls, log, hosted, verifier }: HostedProcess,
  { rates, trustedHops, connectionsPerAddress, gatewaySecret }: Shared,
  metrics: ServedMetrics | undefined,
): Promise<GrpcServer> =>
  startGrpcServer({
    services: hosted.flatMap((each) => each.rpc),
    operations: opsRpc(hosted.map((each) => each.operations)),
    address: `${settings.GRPC_HOST}:${settings.GRPC_PORT}`,
    verifier,
    staffRolesOf: (person) => hosted[0]!.staffRolesOf(person),
    tls,
    idempotency: keptByService(hosted),
    trails: trailsOf(hosted),
    verifiedEmail: needsVerifiedEmail(settings),
    log,
    limits: {
      connectionsPerAddress,
      streamsPerSubject: settings.JARI_STREAMS_PER_SUBJECT,
      streamsPerAddress: settings.JARI_STREAMS_PER_ADDRESS,
      times: new Map([
        [listingChanges, settings.JARI_LISTING_CHANGES],
        [ordersMade, settings.JARI_ORDERS_PER_CUSTOMER],
        [cancellations, settings.JARI_CANCELLATIONS],
        [newKeys, settings.JARI_KEYS_PER_CALLER],
      ]),
    },
    // Without a gateway of its own, a process is reached by way of one that counts calls for it.
    ...(gatewaySecret && { rates, door: { trustedHops, gatewaySecret } }),
    reflectServices:
      settings.JARI_REFLECTION === 'on' || (settings.JARI_REFLECTION === 'auto' && development)
        ? publicServices
        : false,
    ...(metrics && { metrics }),
  }).catch(portTaken('GRPC_PORT', settings.GRPC_PORT));

/** The embedded gateway, with the web pages and, where identity runs in this process, the sign-in pages. */
async function serveRest(process: HostedProcess, shared: Shared, grpcPort: number): Promise<Rest> {
  const { settings, development, tls, log, life, hosted, issuers, verifier } = process;
  const grpcAddress = `127.0.0.1:${grpcPort}`;
  const web = webFiles(join(import.meta.dirname, '../web/dist'));
  if (!web) log.warn('there are no web pages: build them by npm install');
  const signIn = hosted.some(({ service }) => service.name === 'identity')
    ? (await import('./identity/main.ts')).openSignIn({
        ...{ address: grpcAddress, settings, tls, verifier, development, log },
        addressOf: ({ address }) => address,
      })
    : undefined;
  if (signIn) life.onEnd(() => signIn.close());
  const gateway = await startGateway({
    ...{ port: settings.PORT, grpcAddress, tls, verifier, jwks: issuers[0].jwks, log },
    ...{ ...shared, publicUrl: settings.JARI_PUBLIC_URL },
    hosts: settings.JARI_HOSTS.toLowerCase().split(',').filter(Boolean),
    ...(web && { web }),
    readiness: async () => {
      const waitsFor = await lacking(hosted);
      return { ready: waitsFor.length === 0, waitsFor };
    },
    ...(signIn && { signIn: signIn.pages }),
  }).catch(portTaken('PORT', settings.PORT));
  return { url: gateway.url, pages: web !== undefined, close: () => gateway.close() };
}

/** What the services lack to do their work in full, in words. */
export async function lacking(hosted: readonly Hosted[]): Promise<string[]> {
  return (await Promise.all(hosted.map((each) => each.waitsFor()))).filter((lack) => lack !== undefined);
}

const portTaken =
  (setting: string, port: number) =>
  (error: Error): never => {
    throw /EADDRINUSE|address already in use/i.test(error.message)
      ? new Misuse(`port ${port} is taken: choose another with ${setting}=…`)
      : error;
  };
