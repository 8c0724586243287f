import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { administrator, brokerPasswords, configuration, definitions } from '../rabbitmq/definitions.ts';
import { topicExchanges } from '../rabbitmq/exchanges.ts';
import { pathOf } from './install.ts';
import { answers, freePort } from './ports.ts';
import { answered, end, launch, running } from './process.ts';

export interface RabbitMq {
  /** The address as its administrator. */
  url: string;
  /** The address as the user of that name: a service, `python-listener`. */
  urlOf(user: string): string;
  port: number;
  readonly pid: number;
  stop(): Promise<void>;
  /** kill -9; what was confirmed is in `dir` and is there at the next start. */
  kill(): Promise<void>;
}

export interface RabbitMqPorts {
  amqp: number;
  /** Erlang's own: nodes and command line tools. */
  distribution: number;
  /** Erlang's port mapper. One of our own, so that we may end it with the broker. */
  epmd: number;
}

const broker = 'rabbitmq';
const mapper = 'epmd';
const loopback = '127.0.0.1';
const schedulers = Math.max(1, Math.floor(availableParallelism() / 2));

export const rabbitMqPorts = async (): Promise<RabbitMqPorts> => ({
  amqp: await freePort(),
  distribution: await freePort(),
  epmd: await freePort(),
});

/** The address of the broker in `dir` for one of its users; their passwords are made on first use. */
export const rabbitMqUrl = (dir: string, { amqp }: RabbitMqPorts, user = administrator): string => {
  const password = brokerPasswords(passwordsFile(resolve(dir)))[user];
  if (!password) throw new Error(`the broker has no user ${user}`);
  return `amqp://${user}:${password}@${loopback}:${amqp}`;
};

const passwordsFile = (home: string): string => join(home, 'passwords.json');
const configurationFile = (home: string): string => join(home, 'rabbitmq.conf');
const definitionsFile = (home: string): string => join(home, 'definitions.json');

/**
 * A RabbitMQ of our own that outlives us, with everything it keeps in `dir` and on the loopback interface only. Needs no service
 * manager and no rights. Resolves when it takes connections. The ports must stay the same for a folder that is used again.
 */
export async function startRabbitMq({ dir, ports }: { dir: string; ports?: RabbitMqPorts }): Promise<RabbitMq> {
  const at = ports ?? (await rabbitMqPorts());
  const home = resolve(dir);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const env = environment(home, at);
  const isOfEarlierVersion = existsSync(join(home, 'mnesia')) && !existsSync(definitionsFile(home));
  writeFileSync(configurationFile(home), configuration(definitionsFile(home)));
  writeFileSync(definitionsFile(home), JSON.stringify(definitions(brokerPasswords(passwordsFile(home)))), {
    mode: 0o600,
  });
  if (!running(home, mapper)) {
    launch(home, mapper, { command: 'epmd', args: ['-address', loopback, '-port', String(at.epmd)], env });
    await answered(home, mapper, () => answers(at.epmd));
  }
  const { pid } = launch(home, broker, { command: pathOf('rabbitmq'), args: [], env });
  // It greets after all of its start is done, with the frame that begins a connection.
  const greets = (): Promise<boolean> => answers(at.amqp, 'AMQP\0\0\x09\x01', (reply) => reply[0] === 1);
  await answered(home, broker, greets);
  const urlOf = (user: string): string => rabbitMqUrl(home, at, user);
  if (isOfEarlierVersion) await upgrade(home, env, urlOf(administrator));
  return {
    url: urlOf(administrator),
    urlOf,
    port: at.amqp,
    pid,
    stop: () => stopRabbitMq(home),
    kill: () => end(home, broker, 'SIGKILL'),
  };
}

/** What rabbitmqctl ends with (EX_NOUSER). */
const noSuchUser = 67;

/** A broker of an earlier version let `guest` do everything, and had exchanges without permissions on routing keys. */
async function upgrade(home: string, env: Record<string, string>, adminUrl: string): Promise<void> {
  try {
    const { status, stderr } = spawnSync(join(dirname(pathOf('rabbitmq')), 'rabbitmqctl'), ['delete_user', 'guest'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    if (status !== 0 && status !== noSuchUser) throw new Error(`guest could not be deleted: ${stderr}`);
    await topicExchanges(adminUrl);
  } catch (error) {
    rmSync(definitionsFile(home)); // the next start tries again
    await stopRabbitMq(home);
    throw error;
  }
}

export async function stopRabbitMq(dir: string): Promise<void> {
  await end(resolve(dir), broker, 'SIGTERM', 30_000);
  await end(resolve(dir), mapper, 'SIGKILL');
}

const environment = (home: string, { amqp, distribution, epmd }: RabbitMqPorts): Record<string, string> => ({
  HOME: home, // the cookie lies here
  RABBITMQ_NODENAME: 'jari@localhost',
  RABBITMQ_NODE_IP_ADDRESS: loopback,
  RABBITMQ_NODE_PORT: String(amqp),
  RABBITMQ_DIST_PORT: String(distribution),
  ERL_EPMD_PORT: String(epmd),
  ERL_EPMD_ADDRESS: loopback,
  RABBITMQ_BASE: home,
  RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
  RABBITMQ_LOG_BASE: join(home, 'log'),
  RABBITMQ_LOGS: '-', // into the log that the launcher keeps
  RABBITMQ_CONF_ENV_FILE: join(home, 'no-environment'), // nor any other file of the system's installation
  RABBITMQ_CONFIG_FILE: configurationFile(home),
  RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'no-advanced-configuration'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'no-plugins'),
  // Else the distribution port listens on every interface. And it takes half of the processors, and waits asleep: others need them.
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} +S ${schedulers} +sbwt none +sbwtdcpu none +sbwtdio none`,
  // The script then becomes the broker instead of watching over it: one process to know, and signals reach it.
  RUNNING_UNDER_SYSTEMD: 'true',
});
