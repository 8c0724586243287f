// `npm run admin -- EMAIL ID`: makes a person an administrator; the first one, whom nobody can invite. Anybody can register with an
// address that is not theirs, so without ID it shows whose account it is and changes nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { str } from 'envalid';
import { pino } from 'pino';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { trailIn, type Trail } from '#adapters/audit/trail.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { serverIn } from '#adapters/embedded-postgres/server-in.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { sealingSettings, secretsOf } from '#adapters/sealing/secrets.ts';
import { reasonOf } from '#adapters/rpc/errors.ts';
import { readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { tlsOf, tlsSettings } from '#adapters/tls/tls.ts';
import type { Person } from '../person.ts';
import type { People } from '../ports.ts';
import { makeAdministrator } from '../usecases.ts';
import { sealedEmails } from './emails.ts';
import { entities } from './entities.ts';
import { personRefusals } from './grpc.ts';
import { migrations, mikroOrmPeople } from './store.ts';

class Misuse extends Error {}

const settings = {
  DATABASE_URL: str({ default: '' }),
  JARI_DATA: str({ default: '.jari' }),
  NODE_ENV: str({ default: 'development' }),
  ...sealingSettings,
  ...tlsSettings,
};

/** The database of identity: the one that is named, else the one of `npm start`, whether that runs or not. */
async function databaseOf(url: string, data: string): Promise<{ url: string; stop(): Promise<void> }> {
  if (url) return { url, stop: async () => {} };
  const folder = join(data, 'postgres');
  if (!existsSync(folder)) throw new Misuse(`there is no database in ${folder}: start Jari once, and register`);
  const server = await serverIn(folder, pino({ level: 'warn' }));
  return { url: await provision(server.adminUrl, 'identity', 'schema'), stop: () => server.stop() };
}

/** The command that makes that person an administrator, as it was typed. */
function commandFor(email: string, id: string): string {
  const scripts: Record<string, string> = { admin: 'npm run admin --', stack: 'npm run stack -- admin' };
  const program = ['node', ...process.execArgv, 'services/identity/adapters/admin.ts'].join(' ');
  return `${scripts[process.env['npm_lifecycle_event'] ?? ''] ?? program} ${email} ${id}`;
}

const shown = (email: string, { id, state, createdAt }: StoredAggregate<Person>): string =>
  [
    `the account of ${email}:`,
    `  name        ${state.status === 'none' ? '' : state.account.name}`,
    `  id          ${id}`,
    `  registered  ${new Date(createdAt).toISOString()}`,
    `  e-mail      ${state.status !== 'none' && state.account.emailVerified ? 'verified' : 'not verified'}`,
    'nothing is changed. If this is the right person, make them an administrator:',
    `  ${commandFor(email, id)}`,
  ].join('\n');

const suspended = 'this person is suspended: another administrator must restore them first';

async function make(people: People, trail: Trail, id: string): Promise<void> {
  const act = newId();
  await trail.begin({
    ...{ id: act, at: Date.now(), caller: '', roles: [], method: 'npm run admin', request: JSON.stringify({ id }) },
    ...{ address: '', correlationId: act },
  });
  const made = await makeAdministrator({ people }, id);
  if (made.accepted) return trail.end(act, { outcome: 'OK', reason: '', changes: [] });
  const { code, text } = personRefusals[made.refusal];
  await trail.end(act, { outcome: code, reason: reasonOf(made.refusal), changes: [] });
  throw new Misuse(made.refusal === 'suspended' ? suspended : text);
}

async function run([email = '', wanted = '', ...more]: readonly string[]): Promise<void> {
  if (!/^\S+@\S+$/.test(email) || more.length) throw new Misuse('usage: npm run admin -- EMAIL [ID]');
  const given = readSettings(settings);
  const emails = sealedEmails(
    sealingFor('identity', secretsOf({ settings: given, development: given.NODE_ENV !== 'production' })),
  );
  const { url, stop } = await databaseOf(given.DATABASE_URL, given.JARI_DATA);
  const tls = tlsOf(given);
  const database = await openDatabase({ service: 'identity', url, migrations, entities, ...(tls && { tls }) });
  const store = mikroOrmStore(database);
  try {
    const people = mikroOrmPeople(store);
    const id = await people.holderOf(emails.sealed(email).digest);
    const found = id === undefined ? undefined : await people.get(id);
    if (!found)
      throw new Misuse(`nobody has registered with ${email}: register at /auth/register first, then run this again`);
    if (found.state.status === 'suspended') throw new Misuse(suspended);
    if (!wanted) throw new Misuse(shown(email, found));
    if (wanted.toLowerCase() !== found.id)
      throw new Misuse(`${wanted} is not the id of the account of ${email}: run this without an id to see it`);
    await make(people, trailIn(database), found.id);
    console.log(`${email} is an administrator`);
  } finally {
    await store.close();
    await database.close();
    await stop();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Misuse || error instanceof SettingsError ? error.message : error);
  process.exitCode = error instanceof Misuse ? 2 : 1;
}
