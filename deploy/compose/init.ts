/** Prepares a compose project, once its database and broker are there: gives each service its own addresses and keys, and the gateway its configuration. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, str } from 'envalid';
import pg from 'pg';
import { issuerOf } from '#adapters/auth/issuers.ts';
import { developmentKey, publicJwks } from '#adapters/auth/keys.ts';
import { issueServiceToken } from '#adapters/auth/service-token.ts';
import { secretIn } from '#adapters/sealing/secrets.ts';
import type { Service } from '#adapters/service/service.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { composeGateway, descriptorFile, envoyConfig } from '../envoy/config.ts';
import { ownTokens } from '../envoy/tokens.ts';
import { administrator, brokerPasswords } from '../rabbitmq/definitions.ts';
import { topicExchanges } from '../rabbitmq/exchanges.ts';
import { services, web } from '../../services/registry.ts';
import { give, kept } from './folders.ts';

const settings = cleanEnv(process.env, {
  ADMIN_DATABASE_URL: str({ desc: "URL of PostgreSQL's administrator, without the password." }),
  RABBITMQ_ADDR: str({ default: 'rabbitmq:5672', desc: 'Host and port of the broker.' }),
});

/** Of the token that says which service is calling. A new one is made at each start of the project. */
const tokenLasts = '365d';

const passwords = brokerPasswords(kept('broker-passwords.json'));
const brokerUrl = (user: string): string => `amqp://${user}:${passwords[user]}@${settings.RABBITMQ_ADDR}`;
await topicExchanges(brokerUrl(administrator));

const adminUrl = await administrated(settings.ADMIN_DATABASE_URL, readFileSync(kept('postgres-password'), 'utf8'));
const key = await developmentKey(kept('keys'));
const jwks = publicJwks(key);
/** As the services and the gateway itself reach it. */
const identityKeys = 'http://gateway:8080/oidc/jwks';

const tokens = {
  ...ownTokens(jwks),
  also: [{ jwks: new URL(identityKeys), issuer: issuerOf(process.env) }],
};

for (const { name } of services) {
  const { service } = (await import(`../../services/${name}/main.ts`)) as { service: Service };
  await equip(name, 'JARI_SERVICE_TOKEN_FILE' in service.settings, {
    DATABASE_URL: await provision(adminUrl, name, 'database'),
    RABBITMQ_URL: brokerUrl(name),
    // It seals personal data.
    ...('JARI_SECRET' in service.settings && { JARI_SECRET: secretIn(kept('')) }),
  });
}
await equip(web.name, true);
give('gateway', 'descriptors.binpb', readFileSync(descriptorFile), 'envoy');
give('gateway', 'envoy.json', JSON.stringify(envoyConfig(composeGateway(tokens, process.env))), 'envoy');
for (const script of ['run.sh', 'drain.sh'])
  give('gateway', script, readFileSync(join(import.meta.dirname, '../envoy', script)), 'envoy');
console.log(`prepared ${services.map(({ name }) => name).join(', ')}`);

/** Gives a process whose tokens it believes, its own settings, and its own token where it calls others. */
async function equip(name: string, calls: boolean, own: Readonly<Record<string, string>> = {}): Promise<void> {
  const env = {
    ...own,
    JARI_JWKS_URL: 'file:///etc/jari/jwks.json',
    JARI_IDENTITY_JWKS_URL: identityKeys,
    JARI_PUBLIC_URL: process.env.JARI_PUBLIC_URL ?? '',
    ...(calls && { JARI_SERVICE_TOKEN_FILE: '/etc/jari/service-token' }),
  };
  const lines = Object.entries(env).map(([setting, value]) => `${setting}=${value}\n`);
  give(name, `${name}.env`, lines.join(''), 'node');
  give(name, 'jwks.json', JSON.stringify(jwks), 'node');
  if (calls) give(name, 'service-token', await issueServiceToken(name, key, tokenLasts), 'node');
}

/** The administrator's address with the password. A database of an earlier version had one that everybody knew: it gets the new one. */
async function administrated(url: string, password: string): Promise<string> {
  const known = 'jari';
  const withPassword = (text: string): string => Object.assign(new URL(url), { password: text }).href;
  const connects = async (text: string, then: (client: pg.Client) => Promise<unknown>): Promise<void> => {
    const client = new pg.Client(withPassword(text));
    await client.connect();
    await then(client).finally(() => client.end());
  };
  await connects(password, async () => {}).catch(async (error: unknown) => {
    if (!(error instanceof pg.DatabaseError && error.code === '28P01')) throw error;
    await connects(known, (client) => client.query(`alter role postgres password '${password}'`));
  });
  return withPassword(password);
}
