import { createHash, randomBytes } from 'node:crypto';
import { exchanges } from '#adapters/rabbitmq/envelope.ts';
import { keptPasswords, type Passwords } from './passwords.ts';
import { rightsOf, rightsOfListener, rightsOfServices, type UserRights } from './rights.ts';

/** The broker's administrator. May send in everybody's name, which tests and repairs need. */
export const administrator = 'jari';

/** Users beside the services: examples/python-listener. */
const listeners = ['python-listener'];

const rights: Readonly<Record<string, UserRights>> = {
  ...Object.fromEntries(Object.entries(rightsOfServices).map(([name, each]) => [name, rightsOf(name, each)])),
  ...Object.fromEntries(listeners.map((name) => [name, rightsOfListener(name)])),
};

/** Everybody who may connect. */
export const users: readonly string[] = [administrator, ...Object.keys(rights)];

/** The passwords of the broker's users, made where the file lacks them. */
export const brokerPasswords = (file: string): Passwords => keptPasswords(file, users);

/**
 * What the broker reads at each start (`load_definitions`), RabbitMQ 3.10 and 4 alike: users, what each may do, and the exchanges. A
 * broker that starts empty makes neither `guest` nor any other user beside these.
 */
export function definitions(passwords: Passwords): object {
  const vhost = '/';
  return {
    vhosts: [{ name: vhost }],
    users: users.map((name) => ({
      name,
      password_hash: hashed(passwords[name] ?? missing(name)),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: name === administrator ? ['administrator', 'impersonator'] : [],
    })),
    permissions: [
      { user: administrator, vhost, configure: '.*', write: '.*', read: '.*' },
      ...Object.entries(rights).map(([user, { permission }]) => ({ user, vhost, ...permission })),
    ],
    topic_permissions: Object.entries(rights).flatMap(([user, { topics }]) =>
      topics.map((topic) => ({ user, vhost, ...topic })),
    ),
    exchanges: Object.values(exchanges).map((name) => ({
      name,
      vhost,
      type: 'topic',
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
  };
}

/** Settings of the broker (rabbitmq.conf). */
export const configuration = (definitionsFile: string): string => `load_definitions = ${definitionsFile}
# The log of quorum queues is held in memory until a file of it is full; 512 MB, the default, are too much for a small machine.
raft.wal_max_size_bytes = ${32 * 1_024 * 1_024}
`;

/** As RabbitMQ keeps passwords: four bytes of salt, and SHA-256 of them and the password. */
function hashed(password: string): string {
  const salt = randomBytes(4);
  return Buffer.concat([salt, createHash('sha256').update(salt).update(password, 'utf8').digest()]).toString('base64');
}

function missing(name: string): never {
  throw new Error(`${name} has no password`);
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (!file) {
    console.error('usage: npm run -s rabbitmq:definitions -- PASSWORDS.json > definitions.json');
    process.exit(2);
  }
  console.log(JSON.stringify(definitions(brokerPasswords(file)), null, 2));
}
