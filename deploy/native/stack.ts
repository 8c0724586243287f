/** `npm run stack -- up | down | status | start NAME | kill NAME | restart NAME | logs NAME | tell-again NAME SINCE | admin EMAIL [ID] | backup FOLDER | restore FOLDER` */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { developmentKey } from '#adapters/auth/keys.ts';
import { issueToken } from '#adapters/auth/token.ts';
import { BackupError } from '#adapters/backup/manifest.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { FolderInUse } from '#adapters/embedded-postgres/folder.ts';
import { services } from '../../services/registry.ts';
import { backedUp, restored, typed } from '../backup.ts';
import { backUpStack, restoreStack } from './backup.ts';
import { stackIn, StackError, type Stack } from './native-stack.ts';
import { adminUrlOf } from './postgres.ts';
import { Unanswered } from './process.ts';

const help = `npm run stack -- COMMAND        the native stack: PostgreSQL, RabbitMQ, Envoy and a process per service

  up             starts what does not run (and installs what is missing), waits until all of it answers
  status         what runs, and where
  kill NAME      kill -9; it stays dead until it is started
  start NAME
  restart NAME   lets it finish what it has in hand, then starts it again
  logs NAME      the end of its log
  tell-again NAME SINCE
                 sends again what the service (or all) has published since a time (2026-11-29T12:00Z) or for so long (90m, 6h),
                 after messages were lost
  broker USER    the broker's address for one of its users: a service, python-listener, or jari (administrator)
  admin EMAIL    shows who registered with that address
  admin EMAIL ID makes that person an administrator
  backup FOLDER  copies the databases of all services, of one moment, into a new folder; the stack may be up
  restore FOLDER [--replace]
                 puts a backup back, with an empty broker; the stack must be down. What was there is moved aside with --replace
  down           stops everything; the data stays

Ports by PORT (8080) and GRPC_PORT (50051); data in JARI_DATA (.jari).`;

interface Command {
  (stack: Stack, name: string, since: string): Promise<void>;
}

const commands: Readonly<Record<string, { named: boolean; run: Command }>> = {
  up: {
    named: false,
    async run(stack) {
      await stack.up(console.log);
      console.log(welcome(stack));
    },
  },
  status: {
    named: false,
    async run(stack) {
      for (const { name, ports, running } of stack.parts) console.log(line(name, running()?.pid, ports));
      if (stack.parts.some(({ running }) => !running())) process.exitCode = 1;
    },
  },
  kill: {
    named: true,
    async run(stack, name) {
      const was = stack.part(name).running();
      await stack.kill(name);
      console.log(was ? `${name} is dead; \`npm run stack -- start ${name}\` brings it back` : `${name} did not run`);
    },
  },
  start: {
    named: true,
    async run(stack, name) {
      await stack.start(name);
      console.log(`${name} is up`);
    },
  },
  restart: {
    named: true,
    async run(stack, name) {
      await stack.stop(name);
      await stack.start(name);
      console.log(`${name} is up again`);
    },
  },
  logs: {
    named: true,
    async run(stack, name) {
      const { log } = stack.part(name);
      console.log(`${log}\n${execFileSync('tail', ['-n', '100', log], { encoding: 'utf8' })}`);
    },
  },
  'tell-again': {
    named: true,
    async run(stack, name, since) {
      await tellAgain(stack, name, timeIn(since));
    },
  },
  broker: {
    named: true,
    async run(stack, user) {
      console.log(stack.brokerUrl(user));
    },
  },
  admin: {
    named: true,
    async run({ dir }, email, id) {
      const DATABASE_URL = await provision(adminUrlOf(join(dir, 'postgres')), 'identity', 'database');
      const program = join(import.meta.dirname, '../../services/identity/adapters/admin.ts');
      const env = { ...process.env, DATABASE_URL, JARI_DATA: dir };
      process.exitCode =
        spawnSync(process.execPath, [program, email, ...(id ? [id] : [])], { env, stdio: 'inherit' }).status ?? 1;
    },
  },
  backup: {
    named: true,
    async run(stack, folder) {
      console.log(backedUp(typed(folder), await backUpStack(stack, typed(folder))));
    },
  },
  restore: {
    named: true,
    async run(stack, folder, option) {
      if (!['', '--replace'].includes(option)) throw new StackError(`there is no ${option}; there is --replace`);
      console.log(restored(await restoreStack(stack, typed(folder), option === '--replace')));
    },
  },
  down: {
    named: false,
    async run(stack) {
      await stack.down();
      console.log('everything is stopped; the data stays');
    },
  },
};

const line = (name: string, pid: number | undefined, ports: Readonly<Record<string, number>>): string =>
  [
    name.padEnd(18),
    (pid ? `up  ${pid}` : 'down').padEnd(14),
    Object.entries(ports)
      .map(([use, port]) => `${use} ${port}`)
      .join(', '),
  ].join('');

const welcome = ({ ports: { http, grpc } }: Stack): string => `
  Jari (자리) is up.

  Shop    http://localhost:${http}        (open it in a browser)
  Sign in http://localhost:${http}/auth/login
  REST    http://127.0.0.1:${http}
  gRPC    127.0.0.1:${grpc}        (grpcurl -plaintext 127.0.0.1:${grpc} list)

  People  guest, host, admin, agent, or any name you like:  npm run -s token -- guest

  First call:

    curl http://127.0.0.1:${http}/v1/rooms

  Take a part down: npm run stack -- kill payment        Stop: npm run stack -- down
`;

/** `2026-11-29T12:00Z`, `90m`, `6h` */
function timeIn(since: string): Date {
  const [, count, unit] = /^(\d+)(m|h)$/.exec(since) ?? [];
  const time = count ? new Date(Date.now() - Number(count) * (unit === 'h' ? 3_600_000 : 60_000)) : new Date(since);
  if (Number.isNaN(time.getTime()))
    throw new StackError('say since when: a time like 2026-11-29T12:00Z, or for how long like 90m or 6h');
  return time;
}

interface Retelling {
  sent: string;
  unheard: string;
  endTime?: string;
}

/** Asks each service by its operations API, and shows how far it is until it is done. */
async function tellAgain({ parts, ports }: Stack, name: string, since: Date): Promise<void> {
  const known = services.map((each) => each.name).filter((each) => parts.some((part) => part.name === each));
  const named = name === 'all' ? known : known.filter((each) => each === name);
  if (!named.length) throw new StackError(`there is no service ${name}; there are ${known.join(', ')}, and all`);
  const authorization = `Bearer ${await issueToken('admin', await developmentKey())}`;
  const ask = async (service: string, body?: object): Promise<Retelling> => {
    const url = `http://127.0.0.1:${ports.http}/v1/ops/${service}/outbox:tellAgain`;
    const request = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const answer = await fetch(url, { ...request, headers: { authorization, 'content-type': 'application/json' } });
    if (!answer.ok) throw new StackError(`${service} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Retelling;
  };
  for (const service of named) await ask(service, { since: since.toISOString() });
  for (const service of named) {
    let state = await ask(service);
    for (; !state.endTime; state = await ask(service)) {
      console.log(`${service}: ${state.sent} sent again so far`);
      await pause(2_000);
    }
    console.log(
      `${service}: ${state.sent} sent again${Number(state.unheard) ? `, of which nobody hears ${state.unheard}` : ''}`,
    );
  }
}

const [verb = '', name = '', since = ''] = process.argv.slice(2);
const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
if (!command || command.named !== (name !== '')) {
  console.error(help);
  process.exitCode = verb === 'help' ? 0 : 2;
} else {
  try {
    const { JARI_DATA = '.jari', PORT = '8080', GRPC_PORT = '50051' } = process.env;
    await command.run(await stackIn({ dir: JARI_DATA, http: Number(PORT), grpc: Number(GRPC_PORT) }), name, since);
  } catch (error) {
    const known =
      error instanceof StackError ||
      error instanceof FolderInUse ||
      error instanceof BackupError ||
      error instanceof Unanswered;
    console.error(known ? error.message : error);
    process.exitCode = 1;
  }
}
