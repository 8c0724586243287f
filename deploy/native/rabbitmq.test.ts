import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from 'rabbitmq-client';
import { beginningOf } from '#adapters/embedded-postgres/folder.ts';
import { rabbitMqPorts, startRabbitMq, stopRabbitMq } from './rabbitmq.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-rabbitmq-'));
afterAll(async () => {
  await stopRabbitMq(dir);
  rmSync(dir, { recursive: true });
});

test('a broker of our own: on the loopback interface only, and what it confirmed survives kill -9', async () => {
  const ports = await rabbitMqPorts();
  const first = await startRabbitMq({ dir, ports });
  const open = execFileSync('ss', ['-Hltn'], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.split(/\s+/)[3] ?? '');
  const ours = open.filter((address) => Object.values(ports).some((port) => address.endsWith(`:${port}`)));
  expect(ours.map((address) => address.replace(/:\d+$/, '')).sort()).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
    '[::1]',
  ]);

  await inConnection(first.url, async (connection) => {
    await connection.queueDeclare({ queue: 'kept', durable: true });
    const publisher = connection.createPublisher({ confirm: true });
    await publisher.send({ routingKey: 'kept', durable: true }, 'still here');
    await publisher.close();
  });
  await first.kill();

  const second = await startRabbitMq({ dir, ports });
  await inConnection(second.url, async (connection) =>
    expect((await connection.basicGet('kept'))?.body).toBe('still here'),
  );
  await second.stop();
  expect(beginningOf(second.pid)).toBeUndefined();
}, 180_000);

async function inConnection(url: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = new Connection(url);
  connection.on('error', () => {}); // it connects again by itself
  await work(connection).finally(() => connection.close());
}
