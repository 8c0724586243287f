import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentKey } from '#adapters/auth/keys.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { descriptorFile, envoyConfig, fromEnvironment } from '../envoy/config.ts';
import { encryptionFrom } from '../envoy/tls.ts';
import { tokensFrom } from '../envoy/tokens.ts';
import { sandboxes, web, type Sandbox, type ServiceEntry } from '../../services/registry.ts';
import { startEnvoy, stopEnvoy } from './envoy.ts';
import { isServing } from './health.ts';
import { answers } from './ports.ts';
import { adminUrlOf, killPostgres, launchPostgres, stopPostgres } from './postgres.ts';
import { answered, end, launch, logFile, running, until, type Running } from './process.ts';
import { rabbitMqUrl, startRabbitMq, stopRabbitMq, type RabbitMqPorts } from './rabbitmq.ts';

/** One of the processes that the stack is made of. */
export interface Part {
  name: string;
  /** Those that `up` starts before it. */
  after: readonly string[];
  /** Where it listens: port by the name of what it is for. */
  ports: Readonly<Record<string, number>>;
  log: string;
  running(): Running | undefined;
  /** Resolves when it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** kill -9 */
  kill(): Promise<void>;
}

export interface StackPorts {
  http: number;
  grpc: number;
  envoyAdmin: number;
  postgres: number;
  rabbitmq: RabbitMqPorts;
  web: number;
  /** By the sandbox's name: `payment-provider`. */
  sandboxes: Readonly<Record<string, number>>;
  /** By the replica's name: `lodging`, `lodging-2`. */
  services: Readonly<Record<string, ServicePorts>>;
}

export interface ServicePorts {
  grpc: number;
  metrics: number;
}

export interface Plan {
  /** Folder of the stack's data, logs and pids. */
  dir: string;
  /** Folder of the development key. */
  keys: string;
  ports: StackPorts;
  replicas: readonly Replica[];
  /** For every service, beside what the stack itself says. */
  env: Readonly<Record<string, string | undefined>>;
}

export interface Replica {
  name: string;
  of: ServiceEntry;
}

const checkout = join(import.meta.dirname, '../..');

export const partsOf = (plan: Plan): readonly Part[] => [
  postgres(plan),
  rabbitmq(plan),
  ...sandboxes.map((each) => sandbox(plan, each)),
  webPages(plan),
  ...plan.replicas.map((replica) => service(plan, replica)),
  envoy(plan),
];

const folderOf = (plan: Plan, name: string): string => join(plan.dir, name);

function postgres(plan: Plan): Part {
  const dir = folderOf(plan, 'postgres');
  return {
    ...described(dir, 'postgres', { postgres: plan.ports.postgres }),
    start: () => launchPostgres(dir, plan.ports.postgres),
    stop: () => stopPostgres(dir),
    kill: () => killPostgres(dir),
  };
}

function rabbitmq(plan: Plan): Part {
  const dir = folderOf(plan, 'rabbitmq');
  return {
    ...described(dir, 'rabbitmq', { amqp: plan.ports.rabbitmq.amqp }),
    start: async () => void (await startRabbitMq({ dir, ports: plan.ports.rabbitmq })),
    stop: () => stopRabbitMq(dir),
  };
}

function sandbox(plan: Plan, { name, program }: Sandbox): Part {
  const dir = folderOf(plan, name);
  const port = plan.ports.sandboxes[name] ?? missing(name);
  return {
    ...described(dir, name, { http: port }),
    async start() {
      const env = { SANDBOX_PORT: String(port), JARI_DATA: plan.dir };
      launch(dir, name, { command: process.execPath, args: [join(checkout, program)], env });
      await answered(dir, name, () => answers(port));
    },
  };
}

function webPages(plan: Plan): Part {
  const dir = folderOf(plan, web.name);
  return {
    ...described(dir, web.name, { http: plan.ports.web }),
    async start() {
      const env = {
        ...signInOf(plan),
        ...plan.env,
        ...addresses(plan),
        WEB_PORT: String(plan.ports.web),
        WEB_HOST: '127.0.0.1',
        JARI_KEYS: plan.keys,
      };
      launch(dir, web.name, { command: process.execPath, args: [join(checkout, web.program)], env });
      await answered(dir, web.name, () => answers(plan.ports.web));
    },
  };
}

/** The database and the role that a service has to itself are made before its first start. */
function service(plan: Plan, { name, of }: Replica): Part {
  const dir = folderOf(plan, name);
  const ports = plan.ports.services[name] ?? missing(name);
  return {
    ...described(dir, name, { ...ports }, ['postgres', 'rabbitmq', ...sandboxes.map((each) => each.name)]),
    async start() {
      const env = {
        ...signInOf(plan),
        ...plan.env,
        DATABASE_URL: await provision(adminUrlOf(folderOf(plan, 'postgres')), of.name, 'database'),
        RABBITMQ_URL: rabbitMqUrl(folderOf(plan, 'rabbitmq'), plan.ports.rabbitmq, of.name),
        ...Object.fromEntries(
          sandboxes.map((each) => [each.setting, `http://127.0.0.1:${plan.ports.sandboxes[each.name]}`]),
        ),
        ...addresses(plan),
        GRPC_HOST: '127.0.0.1',
        GRPC_PORT: String(ports.grpc),
        METRICS_PORT: String(ports.metrics),
        GATEWAY: 'none',
        PORT: undefined,
        JARI_KEYS: plan.keys,
        JARI_DATA: plan.dir,
      };
      launch(dir, name, { command: process.execPath, args: [join(checkout, 'services/run.ts'), of.name], env });
      await answered(dir, name, () => isServing(`127.0.0.1:${ports.grpc}`, tlsOf({ ...process.env, ...plan.env })));
      await seenByEnvoy(plan, of.name, ports.grpc);
    },
  };
}

/** Where people sign in, and the keys of their tokens: nowhere in a stack without identity. */
const signInOf = ({ replicas, ports }: Plan): Record<string, string> => {
  const gateway = `http://127.0.0.1:${ports.http}`;
  return replicas.some(({ of }) => of.name === 'identity')
    ? { JARI_PUBLIC_URL: gateway, JARI_IDENTITY_JWKS_URL: `${gateway}/oidc/jwks` }
    : {};
};

/** Where services call each other: `PAYMENT_ADDR` names all replicas of payment. */
const addresses = ({ replicas, ports }: Plan): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(replicas, ({ of }) => of.name)).map(([name, of = []]) => [
      `${name.toUpperCase()}_ADDR`,
      `ipv4:${of.map((replica) => `127.0.0.1:${(ports.services[replica.name] ?? missing(replica.name)).grpc}`).join()}`,
    ]),
  );

function envoy(plan: Plan): Part {
  const dir = folderOf(plan, 'envoy');
  const { http, grpc, envoyAdmin } = plan.ports;
  return {
    ...described(dir, 'envoy', { http, grpc }, [web.name, ...plan.replicas.map(({ name }) => name)]),
    async start() {
      const services = [...new Set(plan.replicas.map(({ of }) => of))].map((entry) => ({
        ...entry,
        addresses: plan.replicas
          .filter(({ of }) => of === entry)
          .map(({ name }) => ({ host: '127.0.0.1', port: (plan.ports.services[name] ?? missing(name)).grpc })),
      }));
      const env = { ...signInOf(plan), ...process.env, ...plan.env };
      const config = envoyConfig({
        ...fromEnvironment(env),
        encryption: encryptionFrom(env),
        where: 'local',
        services,
        web: [{ host: '127.0.0.1', port: plan.ports.web }],
        httpPort: http,
        grpcPort: grpc,
        adminPort: envoyAdmin,
        descriptorPath: descriptorFile,
        descriptorSet: readFileSync(descriptorFile),
        tokens: await tokensFrom(env, () => developmentKey(plan.keys)),
      });
      await startEnvoy({ dir, config, adminPort: envoyAdmin });
      for (const { name, of } of plan.replicas)
        if (running(folderOf(plan, name), name))
          await seenByEnvoy(plan, of.name, (plan.ports.services[name] ?? missing(name)).grpc);
    },
    stop: () => stopEnvoy(dir, envoyAdmin),
  };
}

const described = (
  dir: string,
  name: string,
  ports: Readonly<Record<string, number>>,
  after: readonly string[] = [],
): Omit<Part, 'start'> => ({
  name,
  after,
  ports,
  log: logFile(dir, name),
  running: () => running(dir, name),
  stop: () => end(dir, name, 'SIGTERM'),
  kill: () => end(dir, name, 'SIGKILL'),
});

/** The gateway asks for health once a second; until it knows, it sends nothing there. */
async function seenByEnvoy(plan: Plan, cluster: string, port: number): Promise<void> {
  if (!running(folderOf(plan, 'envoy'), 'envoy')) return;
  const healthy = async (): Promise<boolean> => {
    const text = await fetch(`http://127.0.0.1:${plan.ports.envoyAdmin}/clusters`).then(
      (answer) => answer.text(),
      () => '',
    );
    return text.includes(`${cluster}::127.0.0.1:${port}::health_flags::healthy`);
  };
  await until(`${cluster} at the gateway`, healthy, 15_000);
  await pause(50); // its main thread says so; those that serve calls learn it a moment later
}

function missing(name: string): never {
  throw new Error(`no ports for ${name}`);
}
