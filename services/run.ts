// `node services/run.ts [name…]`: runs the named services in one process, or all.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import { issuersFrom } from '#adapters/auth/issuers.ts';
import { verifierOf } from '#adapters/auth/settings.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { FolderInUse, startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { admission, type Senders } from '#adapters/host/admission.ts';
import { host, type Hosted } from '#adapters/host/host.ts';
import { showGauges } from '#adapters/operations/gauges.ts';
import { rabbitmqBus } from '#adapters/rabbitmq/rabbitmq.ts';
import type { Service } from '#adapters/service/service.ts';
import { readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { logger } from '#adapters/telemetry/log.ts';
import { serveMetrics, type Readiness } from '#adapters/telemetry/metrics.ts';
import { startTracing } from '#adapters/telemetry/tracing.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { greeting } from './greeting.ts';
import { lifecycle, type Lifecycle } from './lifecycle.ts';
import { Misuse } from './misuse.ts';
import { connectionsAlone, connectionsEmbedded, processSettings } from './process-settings.ts';
import { productionProblems, refuseUnfit } from './production.ts';
import { services } from './registry.ts';
import { lacking, serve } from './serving.ts';

async function run(names: readonly string[]): Promise<void> {
  const began = performance.now();
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
  const life = lifecycle(log);

  let hosted: Hosted[] = [];
  let waitsFor = 'its database';
  /** Without its database a process accepts nothing; without the broker it does, so that is no reason to send it no requests. */
  const ready = async (): Promise<Readiness> => {
    const lacks = waitsFor || (await Promise.all(hosted.map((each) => each.databaseLacks()))).find(Boolean);
    return lacks ? { ready: false, waitsFor: lacks } : { ready: true };
  };
  /** The keys of tokens that identity issues, where it runs in this process. */
  const ownKeys = (): Promise<JSONWebKeySet> =>
    hosted.find(({ publicKeys }) => publicKeys)?.publicKeys?.() ??
    Promise.reject(new Error('identity has not started yet'));
  try {
    life.onEnd(startTracing(name));
    const metrics = settings.METRICS_PORT
      ? await serveMetrics({
          ...{ service: name, port: settings.METRICS_PORT, host: settings.GRPC_HOST, tls },
          ...{ live: () => true, ready },
        })
      : undefined;
    if (metrics) life.onEnd(() => metrics.close());
    const issuesTokens = running.some((service) => service.name === 'identity');
    const issuers = await issuersFrom(settings, issuesTokens ? ownKeys : undefined);
    const verifier = verifierOf(settings, issuers, () => hosted[0]?.database.clock.now() ?? Date.now());
    const databaseUrl = embedded
      ? await embeddedDatabase(settings.JARI_DATA, log, life)
      : () => Promise.resolve(settings.DATABASE_URL);
    const bus: Bus = settings.RABBITMQ_URL
      ? rabbitmqBus({ url: settings.RABBITMQ_URL, tls, log })
      : inProcessBus({ log });
    life.onEnd(() => bus.close());

    hosted = await Promise.all(
      running.map(async (service) =>
        host(service, {
          ...{
            databaseUrl: await databaseUrl(service.name),
            tls,
            bus,
            admit: admission(senders),
            settings,
            development,
          },
          connections: embedded ? connectionsEmbedded : connectionsAlone,
          log: running.length === 1 ? log : logger(service.name),
          clockTolerance: settings.JARI_CLOCK_TOLERANCE_SECONDS,
          signal: life.signal,
        }),
      ),
    );
    life.onEnd(() => Promise.all(hosted.map((each) => each.stop())));
    await Promise.all(hosted.map((each) => each.go()));
    waitsFor = '';

    if (metrics) for (const { operations } of hosted) showGauges(metrics, operations);
    const { rest, grpcPort } = await serve(
      { settings, embedded, development, tls, log, life, hosted, issuers, verifier },
      metrics,
    );
    if (rest) {
      await complete(hosted, life.signal);
      const seconds = (performance.now() - began) / 1_000;
      const [grpc, data] = [`127.0.0.1:${grpcPort}`, resolve(settings.JARI_DATA)];
      console.log(greeting({ rest: rest.url, pages: rest.pages, grpc, data, seconds }));
    } else {
      log.info({ port: grpcPort }, `${name} is ready`);
      for (const lack of await lacking(hosted)) log.warn(`${name} waits for ${lack}`);
    }
  } catch (error) {
    await life.end();
    throw error;
  }
}

async function named(names: readonly string[]): Promise<readonly Service[]> {
  const all = services.map(({ name }) => name);
  const unknown = names.filter((each) => !all.includes(each));
  if (unknown.length)
    throw new Misuse(`There is no service ${unknown.join(', ')}. The services are ${all.join(', ')}.`);
  return Promise.all(all.filter((name) => !names.length || names.includes(name)).map(load));
}

/** A process loads only the services that it runs. */
const load = async (name: string): Promise<Service> =>
  ((await import(`./${name}/main.ts`)) as { service: Service }).service;

/** Who may send which commands; drawn from the code (`npm run docs`). */
const senders = JSON.parse(readFileSync(join(import.meta.dirname, 'rights.json'), 'utf8')) as Senders;

/** One PostgreSQL for all of this process's services, with a role and a schema for each. */
async function embeddedDatabase(
  data: string,
  log: Logger,
  life: Lifecycle,
): Promise<(service: string) => Promise<string>> {
  const postgres = await startPostgres({ dir: join(data, 'postgres'), log });
  life.onEnd(() => postgres.stop());
  life.onSecondSignal(() => postgres.stop());
  return (service) => provision(postgres.adminUrl, service, 'schema');
}

/** The first call of somebody who reads the greeting should find everything in place; it is greeted late rather than never. */
async function complete(hosted: readonly Hosted[], signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + 8_000;
  while (!signal.aborted && Date.now() < deadline && (await lacking(hosted)).length)
    await new Promise((done) => setTimeout(done, 25));
}

/** What went wrong, in words where it is the user's to mend. */
function explain(error: unknown): never {
  const known = error instanceof Misuse || error instanceof SettingsError || error instanceof FolderInUse;
  console.error(known ? error.message : error);
  process.exit(known ? 2 : 1);
}

if (import.meta.main) await run(process.argv.slice(2)).catch(explain);
