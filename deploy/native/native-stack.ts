/**
 * The native stack: PostgreSQL, RabbitMQ, the sandboxes, a process per service, and Envoy before them all; on the
 * loopback interface, in processes that outlive this one. Nobody starts again what died: that is what `kill` is for.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keysFolder } from '#adapters/auth/keys.ts';
import { lockFolder } from '#adapters/embedded-postgres/folder.ts';
import { sandboxes, services, type ServiceEntry } from '../../services/registry.ts';
import { install } from './install.ts';
import { partsOf, type Part, type Replica, type ServicePorts, type StackPorts } from './parts.ts';
import { freePort, isFree } from './ports.ts';
import { until } from './process.ts';
import { users } from '../rabbitmq/definitions.ts';
import { rabbitMqPorts, rabbitMqUrl } from './rabbitmq.ts';

/** Something that the user can set right. */
export class StackError extends Error {
  override readonly name = 'StackError';
}

export interface StackOptions {
  /** Everything is kept under `<dir>/stack`. Two stacks in two folders do not know each other. */
  dir: string;
  /** The gateway's ports; without, free ones. A stack that is up keeps those it has. */
  http?: number;
  grpc?: number;
  /** Folder of the development key; without, the checkout's own. */
  keys?: string;
  /** Names of those that it has; without, those that it is up with, or all. */
  services?: readonly string[];
  /** Processes per service, where it is not one: `{ lodging: 2 }` makes `lodging` and `lodging-2`. */
  replicas?: Readonly<Record<string, number>>;
  /** Settings for the services and the gateway. */
  env?: Readonly<Record<string, string>>;
}

export interface Stack {
  ports: StackPorts;
  /** Folder of data, logs and pids. */
  dir: string;
  /** Address of the broker for one of its users. */
  brokerUrl(user: string): string;
  parts: readonly Part[];
  part(name: string): Part;
  /** Starts what does not run; resolves when all of it answers. */
  up(say?: (line: string) => void): Promise<void>;
  start(name: string): Promise<void>;
  stop(name: string): Promise<void>;
  /** kill -9; it stays dead until it is started. */
  kill(name: string): Promise<void>;
  /** Stops everything; the data stays. */
  down(): Promise<void>;
}

/** The stack in a folder, whether it runs or not. */
export async function stackIn(options: StackOptions): Promise<Stack> {
  const dir = resolve(options.dir, 'stack');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const known = knownPorts(dir);
  const replicas =
    options.services || !known.services ? replicasOf(options) : namedReplicas(Object.keys(known.services));
  const ports = await portsOf(known, options, replicas);
  const plan = { dir, keys: options.keys ?? keysFolder(), ports, replicas, env: options.env ?? {} };
  const parts = partsOf(plan);
  const part = (name: string): Part => {
    const found = parts.find((each) => each.name === name);
    if (!found) throw new StackError(`there is no ${name}; there are ${parts.map((each) => each.name).join(', ')}`);
    return found;
  };

  const start = async (each: Part, say: (line: string) => void = () => {}): Promise<void> => {
    if (each.running()) return;
    const began = performance.now();
    await each.start();
    say(`${each.name} is up (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  };

  return {
    ports,
    dir,
    brokerUrl: (user) => {
      if (!users.includes(user)) throw new StackError(`the broker has no user ${user}; there are ${users.join(', ')}`);
      return rabbitMqUrl(join(dir, 'rabbitmq'), ports.rabbitmq, user);
    },
    parts,
    part,
    up: (say = () => {}) =>
      alone(dir, async () => {
        await installWhatIsMissing(say);
        for (const each of parts) if (!each.running()) await refuseTakenPorts(each);
        writeFileSync(portsFile(dir), JSON.stringify(ports, null, 2));
        const started = new Map<string, Promise<void>>();
        for (const each of parts) {
          const before = Promise.all(each.after.map((name) => started.get(name)));
          started.set(
            each.name,
            before.then(() => start(each, say)),
          );
        }
        const outcomes = await Promise.allSettled(started.values());
        const failed = outcomes.find((outcome) => outcome.status === 'rejected');
        if (failed) throw failed.reason;
      }),
    start: async (name) => {
      if (!part(name).running()) await refuseTakenPorts(part(name));
      await start(part(name));
    },
    stop: (name) => part(name).stop(),
    kill: (name) => part(name).kill(),
    down: () =>
      alone(dir, async () => {
        // Nobody loses what it stands on before it is gone itself.
        for (const rank of ranksOf(parts).reverse()) await Promise.all(rank.map((each) => each.stop()));
        rmSync(portsFile(dir), { force: true });
      }),
  };
}

function replicasOf({ services: wanted, replicas = {} }: StackOptions): Replica[] {
  const has = ({ name }: ServiceEntry): boolean => wanted?.includes(name) ?? true;
  return services.filter(has).flatMap((of) =>
    Array.from({ length: replicas[of.name] ?? 1 }, (_, nth) => ({
      of,
      name: nth === 0 ? of.name : `${of.name}-${nth + 1}`,
    })),
  );
}

/** `lodging`, `lodging-2` → two of lodging. */
const namedReplicas = (names: readonly string[]): Replica[] =>
  services.flatMap((of) => names.filter((name) => name.replace(/-\d+$/, '') === of.name).map((name) => ({ of, name })));

/** The parts by how many others must be there first. */
function ranksOf(parts: readonly Part[]): Part[][] {
  const rankOf = ({ after }: Part): number =>
    Math.max(0, ...parts.filter(({ name }) => after.includes(name)).map((each) => rankOf(each) + 1));
  return parts.reduce<Part[][]>((ranks, each) => {
    (ranks[rankOf(each)] ??= []).push(each);
    return ranks;
  }, []);
}

/** One `up` or `down` at a time works on a stack. */
async function alone(dir: string, work: () => Promise<void>): Promise<void> {
  const release = lockFolder(dir);
  try {
    await work();
  } finally {
    release();
  }
}

async function installWhatIsMissing(say: (line: string) => void): Promise<void> {
  const missing = Object.values(await install(['rabbitmq', 'envoy'], say)).flatMap((found) =>
    'missing' in found ? [found.missing] : [],
  );
  if (missing.length > 0)
    throw new StackError(`the native stack lacks\n  ${missing.join('\n  ')}\n\`npm start\` needs none of these.`);
}

/** A port may stay taken for a moment after its process was killed. */
async function refuseTakenPorts({ name, ports }: Part): Promise<void> {
  for (const [use, port] of Object.entries(ports)) {
    const free = until('', () => isFree(port), 1_000);
    if (
      await free.then(
        () => true,
        () => false,
      )
    )
      continue;
    const setting = name === 'envoy' ? { http: 'PORT', grpc: 'GRPC_PORT' }[use] : undefined;
    throw new StackError(
      setting
        ? `port ${port} is taken: choose another with ${setting}=…`
        : `port ${port} of ${name} is taken by another process: \`npm run stack -- down\`, then \`up\` chooses another`,
    );
  }
}

const portsFile = (dir: string): string => join(dir, 'ports.json');

/** Remembered while the stack is up: what runs must be found again. */
const knownPorts = (dir: string): Partial<StackPorts> =>
  existsSync(portsFile(dir)) ? (JSON.parse(readFileSync(portsFile(dir), 'utf8')) as Partial<StackPorts>) : {};

async function portsOf(
  known: Partial<StackPorts>,
  options: StackOptions,
  replicas: readonly Replica[],
): Promise<StackPorts> {
  const service = async ({ name }: Replica): Promise<ServicePorts> =>
    known.services?.[name] ?? { grpc: await freePort(), metrics: await freePort() };
  return {
    http: known.http ?? options.http ?? (await freePort()),
    grpc: known.grpc ?? options.grpc ?? (await freePort()),
    envoyAdmin: known.envoyAdmin ?? (await freePort()),
    postgres: known.postgres ?? (await freePort()),
    rabbitmq: known.rabbitmq ?? (await rabbitMqPorts()),
    web: known.web ?? (await freePort()),
    sandboxes: Object.fromEntries(
      await Promise.all(
        sandboxes.map(async ({ name }) => [name, known.sandboxes?.[name] ?? (await freePort())] as const),
      ),
    ),
    services: Object.fromEntries(
      await Promise.all(replicas.map(async (replica) => [replica.name, await service(replica)] as const)),
    ),
  };
}
