import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Bus } from '#adapters/bus/bus.ts';
import { listener, message, ready, sendUntilSafe, until } from '#adapters/bus/contract.ts';
import { authorityIn } from '#adapters/tls/certificates.fixture.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { freePort } from '../../deploy/native/ports.ts';
import { startRabbitMq, type RabbitMq } from '../../deploy/native/rabbitmq.ts';
import { rabbitmqBus } from './rabbitmq.ts';

// A real RabbitMQ with a listener that speaks TLS and asks for certificates.
const dir = mkdtempSync(join(tmpdir(), 'jari-amqps-'));
const certificates = join(dir, 'certificates');
const authority = authorityIn(certificates, 'authority');
const stranger = authorityIn(certificates, 'stranger');
const ours = authority.issue('lodging', ['DNS:lodging']);
const port = await freePort();
let broker: RabbitMq;
beforeAll(async () => {
  const own = authority.issue('rabbitmq', ['IP:127.0.0.1']);
  mkdirSync(join(dir, 'conf.d'));
  writeFileSync(
    join(dir, 'conf.d/tls.conf'),
    [
      `listeners.ssl.default = 127.0.0.1:${port}`,
      `ssl_options.cacertfile = ${authority.file}`,
      `ssl_options.certfile = ${own.cert}`,
      `ssl_options.keyfile = ${own.key}`,
      'ssl_options.verify = verify_peer',
      'ssl_options.fail_if_no_peer_cert = true\n',
    ].join('\n'),
  );
  process.env.RABBITMQ_CONFIG_FILES = join(dir, 'conf.d');
  broker = await startRabbitMq({ dir: join(dir, 'rabbitmq') });
  delete process.env.RABBITMQ_CONFIG_FILES;
}, 120_000);
afterAll(async () => {
  await broker?.stop();
  rmSync(dir, { recursive: true });
}, 120_000);

const tls = (file: string, isShown = true): Tls => ({
  authorities: readFileSync(file),
  own: isShown ? { cert: readFileSync(ours.cert), key: readFileSync(ours.key), name: 'lodging' } : undefined,
  isMutual: false,
});
async function withBus(by: Tls, work: (bus: Bus) => Promise<void>): Promise<void> {
  const bus = rabbitmqBus({
    url: broker.url.replace('amqp:', 'amqps:').replace(/:\d+$/, `:${port}`),
    tls: by,
    log: pino({ level: 'silent' }),
  });
  try {
    await work(bus);
  } finally {
    await bus.close();
  }
}

describe('a broker that is reached by TLS (9)', () => {
  test('brings messages to whoever trusts its authority and shows a certificate', () =>
    withBus(tls(authority.file), async (bus) => {
      const { subscription, heard } = listener('lodging', { events: ['property.StayConfirmed'] });
      bus.subscribe(subscription);
      await ready(bus);
      const sent = message('property.StayConfirmed');
      await sendUntilSafe(bus, [sent]);
      await until(() => heard.length > 0);
      expect(heard).toMatchObject([{ id: sent.id, routingKey: 'property.StayConfirmed' }]);
    }));

  test('is not spoken to when another authority signed its certificate, and the status says so', () =>
    withBus(tls(stranger.file), async (bus) => {
      await until(() => JSON.stringify(bus.status()).includes('its certificate is not trusted'));
      expect(bus.status()).toEqual({ ready: false, waitsFor: expect.stringMatching(/^RabbitMQ at 127.*JARI_TLS_CA/) });
    }));

  test('refuses whoever shows no certificate where it asks for one', () =>
    withBus(tls(authority.file, false), async (bus) => {
      const { status } = bus;
      await expect(until(() => status().ready, 2_000)).rejects.toThrow('did not come true');
    }));
});
