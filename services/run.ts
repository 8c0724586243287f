// `node services/run.ts [name…]`: runs the named services in one process, or all.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { host as address, str } from 'envalid';
import type { JSONWebKeySet } from 'jose';
import type { Trails } from '#adapters/audit/acting.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { issuersFrom } from '#adapters/auth/issuers.ts';
import { tokenSettings, verifierOf } from '#adapters/auth/settings.ts';
import { FolderInUse, startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { startGateway } from '#adapters/gateway/gateway.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import type { KeptAnswers } from '#adapters/rpc/idempotency.ts';
import { agentCancellations, listingChanges, newKeys, ordersMade } from '#adapters/rpc/rate.ts';
import { callRates } from '#adapters/grpc/rates.ts';
import { startGrpcServer } from '#adapters/grpc/server.ts';
import { admission, type Senders } from '#adapters/host/admission.ts';
import { host, type Hosted } from '#adapters/host/host.ts';
import type { Service } from '#adapters/service/service.ts';
import { showGauges } from '#adapters/operations/gauges.ts';
import { opsRpc } from '#adapters/operations/grpc.ts';
import { rabbitmqBus } from '#adapters/rabbitmq/rabbitmq.ts';
import { count, perSecond, port, readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { serveMetrics, type Readiness } from '#adapters/telemetry/metrics.ts';
import { startTracing } from '#adapters/telemetry/tracing.ts';
import { tlsOf, tlsSettings } from '#adapters/tls/tls.ts';
import { webFiles } from '#adapters/web-files/web-files.ts';
import { greeting } from './greeting.ts';
import {
  needsVerifiedEmail,
  productionProblems,
  productionSettings,
  refuseUnfit,
  verifiedEmailSetting,
} from './production.ts';
import { services } from './registry.ts';

/** A process loads only the services that it runs. */
const load = async (name: string): Promise<Service> =>
  ((await import(`./${name}/main.ts`)) as { service: Service }).service;

/** Connections at most of a service that has a database to itself. */
export const connectionsAlone = 10;
/** The same of one that shares the embedded PostgreSQL with all the others. */
const connectionsEmbedded = 8;

/** What every process reads; each service adds its own. */
export const processSettings = {
  PORT: port({ default: 8080, desc: 'Port of the REST API and the web pages.' }),
  GRPC_PORT: port({ default: 50051, desc: 'Port of gRPC.' }),
  GRPC_HOST: address({ default: '127.0.0.1', desc: 'Address that gRPC listens on. In a container: 0.0.0.0.' }),
  METRICS_PORT: port({
    default: 0,
    desc: 'Port of the Prometheus metrics, /livez and /readyz of the process. 0 serves none.',
  }),
  JARI_DATA: str({ default: '.jari', desc: 'Folder of all data.' }),
  ...tokenSettings,
  ...tlsSettings,
  ...productionSettings,
  JARI_REFLECTION: str({
    choices: ['on', 'off', 'auto'],
    default: 'auto',
    desc: 'gRPC reflection, which lists every method. auto: off in production, otherwise on.',
  }),
  DATABASE_URL: str({
    default: '',
    desc: 'Database of the service, when the process runs one. Empty: an embedded PostgreSQL in JARI_DATA.',
  }),
  RABBITMQ_URL: str({
    default: '',
    desc: 'URL of the broker, with the user of the same name as the service. Empty: messages pass within the process, through the database.',
  }),
  GATEWAY: str({
    choices: ['embedded', 'none'],
    default: 'embedded',
    desc: 'embedded: the process serves REST itself. none: Envoy serves it.',
  }),
  JARI_RATE_PER_SUBJECT: perSecond({
    default: 500,
    desc: 'Requests per second and user; bursts of twice that are allowed. 0 is no limit. Each gateway counts its own.',
  }),
  JARI_RATE_PER_ADDRESS: perSecond({
    default: 1_000,
    desc: 'Requests per second and client address; bursts of twice that are allowed. The addresses of one IPv6 network (/64) count as one. 0 is no limit. Each gateway counts its own.',
  }),
  JARI_CONNECTIONS_PER_ADDRESS: count({
    default: 256,
    desc: 'Most connections that a client address, or an IPv6 network (/64), may have open at the embedded gateway, and as many at its gRPC port; it closes more at once. 0 is no limit, as with JARI_TRUSTED_HOPS: then the connections are those of proxies. Envoy does not count them by address.',
  }),
  JARI_STREAMS_PER_SUBJECT: count({ default: 20, desc: 'Most streams that a user may have open at a process.' }),
  JARI_STREAMS_PER_ADDRESS: count({
    default: 200,
    desc: 'Most streams that a client address, or an IPv6 network (/64), may have open at a process.',
  }),
  JARI_LISTING_CHANGES: count({
    default: 300,
    desc: 'Changes of listings that a person may make within ten minutes at a process. 0 is no limit.',
  }),
  JARI_ORDERS_PER_CUSTOMER: count({
    default: 200,
    desc: 'Orders that a customer may make at once at a process, and as many again over 24 hours. Refused ones do not count. 0 is no limit.',
  }),
  JARI_STAFF_CANCELLATIONS: count({
    default: 100,
    desc: 'Orders that a person with the role agent may cancel at once at a process, and as many again over 24 hours. 0 is no limit.',
  }),
  JARI_KEYS_PER_CALLER: count({
    default: 2_000,
    desc: 'Calls with a new idempotency key that a person may make within an hour at a process, which keeps the answer of each for two days. 0 is no limit.',
  }),
  JARI_TRUSTED_HOPS: count({
    default: 0,
    desc: 'Number of trusted proxies in front of the gateway, whose X-Forwarded-For counts. 0: the client is the peer of the connection.',
  }),
  JARI_HOSTS: str({
    default: '',
    desc: 'Host names that the gateway serves, separated by commas; it answers others with 421. Empty: any.',
  }),
  ...verifiedEmailSetting,
  LOG_LEVEL: str({
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    desc: 'Lowest level that is logged. `npm start` shows warnings and errors only.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: str({
    default: '',
    desc: 'URL that traces are sent to, by OTLP over HTTP. Empty: none are sent.',
  }),
};

/** A signal that comes so soon after the first is the same wish: npm passes on what the terminal has sent us already. */
const againMs = 1_000;

async function run(names: readonly string[]): Promise<void> {
  const running = await named(names);
  const settings = readSettings(
    Object.assign({}, processSettings, ...running.map((each) => each.settings)) as typeof processSettings,
  );
  const embedded = settings.DATABASE_URL === '';
  if (!embedded && running.length > 1)
    throw new Misuse('DATABASE_URL is the database of one service: name the service, or unset DATABASE_URL');
  if (embedded) process.env['LOG_LEVEL'] ??= 'warn';
  const development = settings.NODE_ENV !== 'production';
  if (!development) refuseUnfit(productionProblems(settings));
  const tls = tlsOf(settings);
  const name = running.length === 1 ? (running[0] as Service).name : 'jari';
  const log = logger(name);
  const began = performance.now();
  const leaving = new AbortController();
  /** What was opened, to be closed in the opposite order. */
  const closing: (() => Promise<unknown> | void)[] = [];
  let left: Promise<void> | undefined;
  const leave = (): Promise<void> =>
    (left ??= (async () => {
      leaving.abort();
      for (const close of closing.reverse())
        await Promise.resolve(close()).catch((error: unknown) => log.error({ err: error }, 'closing failed'));
    })());
  /** What must not outlive the process, for whoever does not wait for the rest. */
  let leaveAtOnce = (): Promise<void> => Promise.resolve();
  let asked: number | undefined;
  const askedToLeave = (): void => {
    asked ??= performance.now();
    if (!left) void leave().then(() => process.exit(0));
    else if (performance.now() - asked > againMs) void leaveAtOnce().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, askedToLeave);

  let hosted: Hosted[] = [];
  let waiting = 'its database';
  /** Without its database a process accepts nothing; without the broker it does, so that is no reason to send it no requests. */
  const ready = async (): Promise<Readiness> => {
    const lacks = waiting || (await Promise.all(hosted.map((each) => each.databaseLacks()))).find(Boolean);
    return lacks ? { ready: false, waitsFor: lacks } : { ready: true };
  };
  try {
    closing.push(startTracing(name));
    const metrics = settings.METRICS_PORT
      ? await serveMetrics({
          service: name,
          port: settings.METRICS_PORT,
          host: settings.GRPC_HOST,
          tls,
          live: () => true,
          ready,
        })
      : undefined;
    if (metrics) closing.push(() => metrics.close());
    const issuesTokens = running.some((service) => service.name === 'identity');
    const nearKeys = (): Promise<JSONWebKeySet> => {
      const near = hosted.find(({ publicKeys }) => publicKeys)?.publicKeys?.();
      return near ?? Promise.reject(new Error('identity has not started yet'));
    };
    const issuers = await issuersFrom(settings, issuesTokens ? nearKeys : undefined);
    const verifier = verifierOf(settings, issuers, () => hosted[0]?.database.clock.now() ?? Date.now());
    const databaseUrl = embedded
      ? await embeddedDatabase(settings.JARI_DATA)
      : () => Promise.resolve(settings.DATABASE_URL);
    const bus: Bus = settings.RABBITMQ_URL
      ? rabbitmqBus({ url: settings.RABBITMQ_URL, tls, log })
      : inProcessBus({ log });
    closing.push(() => bus.close());

    hosted = await Promise.all(
      running.map(async (service) =>
        host(service, {
          databaseUrl: await databaseUrl(service.name),
          tls,
          connections: embedded ? connectionsEmbedded : connectionsAlone,
          bus,
          admit: admission(senders),
          settings,
          log: running.length === 1 ? log : logger(service.name),
          development,
          clockTolerance: settings.JARI_CLOCK_TOLERANCE_SECONDS,
          signal: leaving.signal,
        }),
      ),
    );
    closing.push(() => Promise.all(hosted.map((each) => each.stop())));
    await Promise.all(hosted.map((each) => each.go()));
    waiting = '';

    const operations = hosted.map((each) => each.operations);
    if (metrics) for (const each of operations) showGauges(metrics, each);
    const rates = callRates({ perSubject: settings.JARI_RATE_PER_SUBJECT, perAddress: settings.JARI_RATE_PER_ADDRESS });
    const trustedHops = settings.JARI_TRUSTED_HOPS;
    const gatewaySecret = settings.GATEWAY === 'embedded' ? randomUUID() : undefined;
    const connectionsPerAddress = gatewaySecret && !trustedHops ? settings.JARI_CONNECTIONS_PER_ADDRESS : 0;
    const grpc = await startGrpcServer({
      services: hosted.flatMap((each) => each.rpc),
      operations: opsRpc(operations),
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
          [agentCancellations, settings.JARI_STAFF_CANCELLATIONS],
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
    }).catch(taken('GRPC_PORT', settings.GRPC_PORT));
    let gateway: Awaited<ReturnType<typeof startGateway>> | undefined;
    closing.push(async () => {
      await grpc.drain({ noticeMs: embedded ? 0 : 3_000, limitMs: 10_000 }); // streams get their last word through the gateway
      await gateway?.close();
    });
    grpc.setServing(true);

    if (settings.GATEWAY === 'embedded') {
      const web = webFiles(join(import.meta.dirname, '../web/dist'));
      if (!web) log.warn('there are no web pages: build them by npm install');
      const signIn = issuesTokens
        ? (await import('./identity/main.ts')).openSignIn({
            ...{ address: `127.0.0.1:${grpc.port}`, settings, tls, verifier, development, log },
            addressOf: ({ address: of }) => of,
          })
        : undefined;
      if (signIn) closing.push(() => signIn.close());
      gateway = await startGateway({
        port: settings.PORT,
        grpcAddress: `127.0.0.1:${grpc.port}`,
        tls,
        verifier,
        jwks: issuers[0].jwks,
        ...{ rates, trustedHops, connectionsPerAddress, publicUrl: settings.JARI_PUBLIC_URL },
        hosts: settings.JARI_HOSTS.toLowerCase().split(',').filter(Boolean),
        ...(gatewaySecret && { gatewaySecret }),
        ...(web && { web }),
        readiness: async () => {
          const waitsFor = await lacking(hosted);
          return { ready: waitsFor.length === 0, waitsFor };
        },
        log,
        ...(signIn && { signIn: signIn.pages }),
      }).catch(taken('PORT', settings.PORT));
      await complete(hosted, leaving.signal);
      console.log(
        greeting({
          rest: gateway.url,
          pages: web !== undefined,
          grpc: `127.0.0.1:${grpc.port}`,
          data: resolve(settings.JARI_DATA),
          seconds: (performance.now() - began) / 1_000,
        }),
      );
    } else {
      log.info({ port: grpc.port }, `${name} is ready`);
      for (const lack of await lacking(hosted)) log.warn(`${name} waits for ${lack}`);
    }
  } catch (error) {
    await leave();
    throw error;
  }

  /** One PostgreSQL for all of this process's services, with a role and a schema for each. */
  async function embeddedDatabase(data: string): Promise<(service: string) => Promise<string>> {
    const postgres = await startPostgres({ dir: join(data, 'postgres'), log });
    closing.push(() => postgres.stop());
    leaveAtOnce = () => postgres.stop();
    return (service) => provision(postgres.adminUrl, service, 'schema');
  }
}

/** Who may send which commands; drawn from the code (`npm run docs`). */
const senders = JSON.parse(readFileSync(join(import.meta.dirname, 'rights.json'), 'utf8')) as Senders;

/** Whoever asks one process by reflection, through the one entry point, learns of every service there is (K23). */
const publicServices = [...registry].flatMap((each) =>
  each.kind === 'service' && each.typeName.startsWith('jari.') ? [each.typeName] : [],
);

class Misuse extends Error {}

async function named(names: readonly string[]): Promise<readonly Service[]> {
  const all = services.map(({ name }) => name);
  const unknown = names.filter((each) => !all.includes(each));
  if (unknown.length)
    throw new Misuse(`There is no service ${unknown.join(', ')}. The services are ${all.join(', ')}.`);
  return Promise.all(all.filter((name) => !names.length || names.includes(name)).map(load));
}

/** Each service keeps the answers to its own commands, in its own database. */
function keptByService(hosted: readonly Hosted[]): KeptAnswers {
  const byMethod = new Map(
    hosted.flatMap((each) =>
      each.rpc.flatMap(({ methods }) => methods.map(({ definition }) => [definition.path, each.keptAnswers] as const)),
    ),
  );
  const of = (method: string): KeptAnswers => byMethod.get(method) ?? unserved(method);
  return {
    find: (call) => of(call.method).find(call),
    keepRefusal: (call, fingerprint, refusal) => of(call.method).keepRefusal(call, fingerprint, refusal),
  };
}

/** Each service has the trail of its own acts; an operation on a service is that service's. */
function trailsOf(hosted: readonly Hosted[]): Trails {
  const byMethod = new Map(
    hosted.flatMap(({ rpc, operations }) =>
      rpc.flatMap(({ methods }) => methods.map(({ definition }) => [definition.path, operations.trail] as const)),
    ),
  );
  return (path, { service }) =>
    byMethod.get(path) ?? hosted.find(({ operations }) => operations.service === service)?.operations.trail;
}

const unserved = (method: string): never => {
  throw new Error(`${method} is not served here`);
};

async function lacking(hosted: readonly Hosted[]): Promise<string[]> {
  return (await Promise.all(hosted.map((each) => each.waitsFor()))).filter((lack) => lack !== undefined);
}

/** The first call of somebody who reads the greeting should find everything in place; it is greeted late rather than never. */
async function complete(hosted: readonly Hosted[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!signal.aborted && Date.now() < deadline && (await lacking(hosted)).length)
    await new Promise((done) => setTimeout(done, 25));
}

const taken =
  (setting: string, at: number) =>
  (error: Error): never => {
    throw /EADDRINUSE|address already in use/i.test(error.message)
      ? new Misuse(`port ${at} is taken: choose another with ${setting}=…`)
      : error;
  };

/** What went wrong, in words where it is the user's to mend. */
function explain(error: unknown): never {
  const known = error instanceof Misuse || error instanceof SettingsError || error instanceof FolderInUse;
  console.error(known ? error.message : error);
  process.exit(known ? 2 : 1);
}

if (import.meta.main) await run(process.argv.slice(2)).catch(explain);
