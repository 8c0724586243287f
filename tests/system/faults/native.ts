import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { developmentKey } from '#adapters/auth/keys.ts';
import { stackIn, type Stack } from '../../../deploy/native/native-stack.ts';
import { adminUrlOf } from '../../../deploy/native/postgres.ts';
import { rabbitMqUrl } from '../../../deploy/native/rabbitmq.ts';
import { services as everyService } from '../../../services/registry.ts';
import type { Place } from '../kit/place.ts';
import { unlimited } from '../kit/unlimited.ts';

/** The whole stack behind Envoy, in a temporary folder and on free ports. A service is all its replicas. */
export interface Native extends Place {
  readonly stack: Stack;
  /** Where all is kept, the tokens' key included. */
  readonly folder: string;
  /** Names of a service's processes: `lodging`, `lodging-2`. */
  replicasOf(service: string): readonly string[];
  /** Address of the payment provider itself, past everything that is ours. */
  readonly provider: string;
  /** Address of the broker, as its administrator. */
  readonly broker: string;
  /** A connection of the administrator's to a service's database, to be ended by whoever asked for it. */
  connection(service: string): Promise<pg.Client>;
  /** Takes everything away. */
  remove(): Promise<void>;
}

/** `settings`: environment of the services; which are all, or the named ones. `replicas` are for those that have not as many as each. */
export async function native(
  settings: Readonly<Record<string, string>> = {},
  {
    services = everyService.map(({ name }) => name),
    replicasEach = 1,
    replicas = {},
  }: { services?: readonly string[]; replicasEach?: number; replicas?: Readonly<Record<string, number>> } = {},
): Promise<Native> {
  const folder = mkdtempSync(join(tmpdir(), 'jari-native-'));
  const keys = join(folder, 'keys');
  const bare = await stackIn({
    dir: folder,
    keys,
    services,
    replicas: { ...Object.fromEntries(services.map((name) => [name, replicasEach])), ...replicas },
    env: { ...unlimited, NODE_ENV: 'development', ...settings },
  });
  let removing: Promise<void> | undefined;
  const starting = new Set<Promise<void>>();
  /** What is being removed starts nothing any more: somebody may be in the midst of killing and starting. */
  async function starts(what: string, start: () => Promise<void>): Promise<void> {
    if (removing) throw new Error(`the stack is being removed; ${what} is not started`);
    const started = start().finally(() => starting.delete(started));
    starting.add(started);
    return started;
  }
  const stack: Stack = {
    ...bare,
    up: (say) => starts('it', () => bare.up(say)),
    start: (name) => starts(name, () => bare.start(name)),
  };
  const { ports } = stack;
  const replicasOf = (service: string): readonly string[] =>
    Object.keys(ports.services).filter((name) => name === service || name.startsWith(`${service}-`));
  const kill = async (service: string): Promise<void> =>
    void (await Promise.all(replicasOf(service).map((name) => stack.kill(name))));
  const start = async (service: string): Promise<void> =>
    void (await Promise.all(replicasOf(service).map((name) => stack.start(name))));
  const connection = async (database: string): Promise<pg.Client> => {
    const url = new URL(adminUrlOf(join(stack.dir, 'postgres')));
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined); // the query that is under way tells of it
    await client.connect();
    return client;
  };

  return {
    ...{ services, stack, folder, replicasOf, kill, start, connection },
    rest: `http://127.0.0.1:${ports.http}`,
    grpc: `127.0.0.1:${ports.grpc}`,
    grpcOf: (service) => `127.0.0.1:${ports.services[service]?.grpc}`,
    provider: `http://127.0.0.1:${ports.sandboxes['payment-provider']}`,
    broker: rabbitMqUrl(join(stack.dir, 'rabbitmq'), ports.rabbitmq),
    key: await developmentKey(keys),
    async rows<Row extends object>(service: string, sql: string, ...values: unknown[]) {
      const client = await connection(service);
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async crash() {
      await Promise.all(services.map(kill));
      await Promise.all(services.map(start));
    },
    remove: () =>
      (removing ??= (async () => {
        await Promise.allSettled(starting);
        await bare.down();
        rmSync(folder, { recursive: true, force: true });
      })()),
  };
}
