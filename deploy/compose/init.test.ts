import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { startPostgres, type Postgres } from '#adapters/embedded-postgres/postgres.ts';
import { services, web } from '../../services/registry.ts';
import { startRabbitMq, type RabbitMq } from '../native/rabbitmq.ts';

// The preparation of a compose project, on a real database whose password is still the one of an earlier version, and a real broker.
const dir = mkdtempSync(join(tmpdir(), 'jari-compose-'));
const config = join(dir, 'config');
let postgres: Postgres;
let broker: RabbitMq;
beforeAll(async () => {
  [postgres, broker] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), log: pino({ level: 'silent' }) }),
    startRabbitMq({ dir: join(dir, 'rabbitmq') }),
  ]);
  mkdirSync(config);
  copyFileSync(join(dir, 'rabbitmq/passwords.json'), join(config, 'broker-passwords.json'));
}, 120_000);
afterAll(async () => {
  await Promise.all([postgres.stop(), broker.stop()]);
  rmSync(dir, { recursive: true });
}, 60_000);

const prepare = (program: string): string => {
  const url = Object.assign(new URL(postgres.adminUrl), { password: '' }).href;
  const env = {
    PATH: process.env.PATH,
    JARI_CONFIG: config,
    ADMIN_DATABASE_URL: url,
    RABBITMQ_ADDR: `127.0.0.1:${broker.port}`,
    NODE_ENV: 'development',
  };
  return execFileSync(process.execPath, [join(import.meta.dirname, program)], { env, encoding: 'utf8' });
};
const given = (container: string): string[] => readdirSync(join(config, 'for', container)).sort();
const settingsOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(config, 'for', name, `${name}.env`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => /^(\w+)=(.*)$/.exec(line)!.slice(1) as [string, string]),
  );

test('each container is given its own secrets alone; done twice, they stay (15)', async () => {
  prepare('secrets.ts');
  const admin = new pg.Client(postgres.adminUrl);
  await admin.connect();
  await admin.query(`alter role ${decodeURIComponent(new URL(postgres.adminUrl).username)} password 'jari'`);
  await admin.end();
  prepare('init.ts');
  const first = settingsOf('lodging');
  prepare('secrets.ts');
  prepare('init.ts');
  expect(settingsOf('lodging')).toEqual(first);

  expect(given('postgres')).toEqual(['password']);
  expect(given('rabbitmq')).toEqual(['definitions.json', 'rabbitmq.conf']);
  expect(given('gateway')).toEqual(['descriptors.binpb', 'drain.sh', 'envoy.json', 'run.sh']);
  for (const { name } of [...services, web]) {
    expect(given(name).filter((file) => file !== 'service-token')).toEqual(['jwks.json', `${name}.env`].sort());
    for (const file of given(name)) expect(statSync(join(config, 'for', name, file)).mode & 0o777).toBe(0o400);
    expect(readFileSync(join(config, 'for', name, 'jwks.json'), 'utf8')).not.toContain('"d"');
  }
  const having = (what: (name: string) => boolean): string[] =>
    [...services, web]
      .map(({ name }) => name)
      .filter(what)
      .sort();
  expect(having((name) => given(name).includes('service-token'))).toEqual(
    expect.arrayContaining(['lodging', 'payout', 'preorder', 'rental', 'seating', 'tutoring', 'web']),
  );
  expect(having((name) => given(name).includes('service-token'))).not.toContain('property');
  expect(having((name) => 'JARI_SECRET' in settingsOf(name))).toEqual(['identity', 'notification', 'payout']);
  for (const { name } of services) {
    const { DATABASE_URL = '', RABBITMQ_URL = '' } = settingsOf(name);
    expect([new URL(DATABASE_URL).username, new URL(RABBITMQ_URL).username]).toEqual([name, name]);
  }
  expect(Object.keys(settingsOf('web')).filter((name) => /DATABASE|RABBITMQ|SECRET/.test(name))).toEqual([]);
  expect(new Set(services.map(({ name }) => new URL(settingsOf(name)['RABBITMQ_URL']!).password)).size).toBe(
    services.length,
  );
}, 120_000);
