/** Prepares a compose project: a database and a role per service, the development key, and the gateway's configuration. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, str } from 'envalid';
import { developmentKey, publicJwks } from '#adapters/auth/keys.ts';
import { secretIn } from '#adapters/sealing/secrets.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { composeGateway, descriptorFile, envoyConfig } from '../envoy/config.ts';
import { services } from '../../services/registry.ts';

const settings = cleanEnv(process.env, {
  ADMIN_DATABASE_URL: str({ desc: "Address of PostgreSQL's administrator" }),
  JARI_CONFIG: str({ default: '/etc/jari', desc: 'Folder, shared by all containers, in which each finds what it needs' }),
});
const folder = settings.JARI_CONFIG;

/** Services that seal personal data: they get the secret. */
const sealing = ['notification', 'payout'];

for (const { name } of services) {
  const url = await provision(settings.ADMIN_DATABASE_URL, name, 'database');
  writeFileSync(join(folder, `${name}.env`), `DATABASE_URL=${url}\n${sealing.includes(name) ? `JARI_SECRET=${secretIn(folder)}\n` : ''}`, { mode: 0o600 });
}
const key = await developmentKey(join(folder, 'keys'));
copyFileSync(descriptorFile, join(folder, 'descriptors.binpb'));
writeFileSync(join(folder, 'envoy.json'), JSON.stringify(envoyConfig(composeGateway(publicJwks(key), process.env))));
console.log(`prepared ${services.map(({ name }) => name).join(', ')}`);
