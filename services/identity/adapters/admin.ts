// `npm run admin -- EMAIL`: makes the person with that e-mail address an administrator; the first one, whom nobody can invite.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { str } from 'envalid';
import { pino } from 'pino';
import { newId } from '#kernel/ids.ts';
import { trailIn } from '#adapters/audit/trail.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { serverIn } from '#adapters/embedded-postgres/server-in.ts';
import { openDatabase } from '#adapters/mikro-orm/database.ts';
import { mikroOrmStore } from '#adapters/mikro-orm/store.ts';
import { sealingFor } from '#adapters/sealing/sealing.ts';
import { sealingSettings, secretsOf } from '#adapters/sealing/secrets.ts';
import { readSettings, SettingsError } from '#adapters/settings/settings.ts';
import { tlsOf, tlsSettings } from '#adapters/tls/tls.ts';
import { makeAdministrator } from '../usecases.ts';
import { sealedEmails } from './emails.ts';
import { entities } from './entities.ts';
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

async function run([email = '', ...more]: readonly string[]): Promise<void> {
  if (!/^\S+@\S+$/.test(email) || more.length) throw new Misuse('usage: npm run admin -- EMAIL');
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
    if (id === undefined)
      throw new Misuse(`nobody has registered with ${email}: register at /auth/register first, then run this again`);
    const [trail, act] = [trailIn(database), newId()];
    await trail.begin({
      ...{ id: act, at: Date.now(), caller: '', roles: [], method: 'npm run admin', request: JSON.stringify({ id }) },
      ...{ address: '', correlationId: act },
    });
    await makeAdministrator({ people }, id);
    await trail.end(act, { outcome: 'OK', reason: '', changes: [] });
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
