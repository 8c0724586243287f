import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { Connection, type SyncMessage } from 'rabbitmq-client';
import { v7 } from 'uuid';
import { Unkeepable, type Bus, type LaidAside } from '#adapters/bus/bus.ts';
import { busContract, listener, message, ready, sendUntilSafe, until } from '#adapters/bus/contract.ts';
import { rabbitMqPorts, startRabbitMq, type RabbitMq, type RabbitMqPorts } from '../../deploy/native/rabbitmq.ts';
import { published } from './envelope.ts';
import { rabbitmqBus } from './rabbitmq.ts';

const log = pino({ level: 'silent' });
const dir = mkdtempSync(join(tmpdir(), 'jari-rabbitmq-'));
let ports: RabbitMqPorts;
let broker: RabbitMq;
beforeAll(async () => {
  ports = await rabbitMqPorts();
  broker = await startRabbitMq({ dir, ports });
}, 60_000);
afterAll(async () => {
  await broker.stop();
  rmSync(dir, { recursive: true });
}, 60_000);

const restart = async (): Promise<void> => {
  broker = await startRabbitMq({ dir, ports });
};
const own = (name: string): string => `${name}-${v7().slice(-12)}`;

async function withBus(work: (bus: Bus) => Promise<void>): Promise<void> {
  const bus = rabbitmqBus({ url: broker.url, log });
  try {
    await work(bus);
  } finally {
    await bus.close();
  }
}

/** A connection of somebody who is none of ours. */
async function withStranger(work: (stranger: Connection) => Promise<void>): Promise<void> {
  const stranger = new Connection(broker.url);
  try {
    await work(stranger);
  } finally {
    await stranger.close();
  }
}

async function nextOf(stranger: Connection, queue: string): Promise<SyncMessage> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(50)) {
    const found = await stranger.basicGet({ queue, noAck: true });
    if (found) return found;
  }
  throw new Error(`nothing came to ${queue}`);
}

busContract('the bus on RabbitMQ', () => rabbitmqBus({ url: broker.url, log }));

describe('on RabbitMQ', () => {
  test('a message carries the attributes of CloudEvents 1.0, and is written to disk (K6)', () =>
    withBus((bus) =>
      withStranger(async (stranger) => {
        const queue = own('stranger');
        const sent = message(`${queue}.ReservationPaid`, {
          time: 1_798_761_600_123,
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        });
        await bus.publish([sent]); // declares the exchange
        await stranger.queueDeclare({ queue, exclusive: true });
        await stranger.queueBind({ queue, exchange: 'jari.events', routingKey: sent.routingKey });
        await sendUntilSafe(bus, [sent]);
        const { headers, durable, contentType, messageId } = await nextOf(stranger, queue);
        expect({ durable, contentType, messageId }).toEqual({
          durable: true,
          contentType: 'application/protobuf',
          messageId: sent.id,
        });
        expect(headers).toEqual({
          'cloudEvents:specversion': '1.0',
          'cloudEvents:id': sent.id,
          'cloudEvents:source': '/property',
          'cloudEvents:type': 'jari.property.v1.StayConfirmed',
          'cloudEvents:subject': sent.subject,
          'cloudEvents:time': '2027-01-01T00:00:00.123Z',
          'cloudEvents:datacontenttype': 'application/protobuf',
          'cloudEvents:correlationid': sent.correlationId,
          'cloudEvents:causationid': sent.causationId,
          'cloudEvents:traceparent': sent.traceparent,
        });
      }),
    ));

  test('the bus is ready also while it writes', () =>
    withBus(async (bus) => {
      const key = own('payment.RequestPayment');
      bus.subscribe(listener(own('payment'), { commands: [key] }).subscription);
      await ready(bus);
      const sent = bus.publish([message(key, { kind: 'command' })]);
      expect(bus.status()).toEqual({ ready: true });
      await sent;
    }));

  test('a message that is sent twice stays unsent while no queue takes it', () =>
    withBus(async (bus) => {
      const key = own('payment.RequestPayment');
      bus.subscribe(listener(own('payment'), { commands: [key] }).subscription);
      await ready(bus);
      const [heard, unheard] = [message(key, { kind: 'command' }), message(`${own('nobody')}.Hears`)];
      // The first waits for its neighbour's confirm; meanwhile both have come back.
      expect(await Promise.all([bus.publish([unheard, heard]), bus.publish([unheard])])).toEqual([
        new Set([heard.id]),
        new Set(),
      ]);
    }));

  test('a message that cannot be read goes to the dead letters at once, and the next is handled', () =>
    withBus((bus) =>
      withStranger(async (stranger) => {
        const key = own('payment.RequestPayment');
        const { subscription, ids } = listener(own('payment'), { commands: [key] });
        bus.subscribe(subscription);
        await ready(bus);
        const channel = await stranger.acquire();
        await channel.basicPublish({ exchange: 'jari.commands', routingKey: key, durable: true }, 'no envelope');
        await channel.close();
        const good = message(key, { kind: 'command' });
        await sendUntilSafe(bus, [good]);
        const dead = await nextOf(stranger, `${subscription.queue}.dead`);
        expect(dead.body).toBe('no envelope');
        await until(() => ids().length > 0);
        await sleep(200);
        expect(ids()).toEqual([good.id]);
      }),
    ));

  test('a message that takes its consumer down each time ends among the dead letters, whole', () =>
    withBus((bus) =>
      withStranger(async (stranger) => {
        const key = own('payment.RequestPayment');
        const { subscription } = listener(own('payment'), { commands: [key] });
        const consumption = bus.subscribe(subscription);
        await ready(bus);
        await consumption.stop();
        const killer = message(key, { kind: 'command' });
        await sendUntilSafe(bus, [killer]);
        let deliveries = 0;
        const crashing = stranger.createConsumer({ queue: subscription.queue, queueOptions: { passive: true } }, () => {
          deliveries++;
          return 1; // given back, as the broker does when the connection breaks
        });
        const dead = await nextOf(stranger, `${subscription.queue}.dead`);
        await crashing.close();
        expect(deliveries).toBe(21);
        expect(dead.headers?.['cloudEvents:id']).toBe(killer.id);
      }),
    ));

  test(
    'a message that can be neither handled nor stored is laid aside, and holds up no other, however many there are',
    () =>
      withBus((bus) =>
        withStranger(async (stranger) => {
          const key = own('payment.RequestPayment');
          const { subscription, ids } = listener(own('payment'), { commands: [key] }, async ({ subject }) => {
            if (subject === 'bad') throw new Unkeepable('the database cannot store it');
          });
          const aside: LaidAside[] = [];
          bus.subscribe({ ...subscription, layAside: async (found) => void aside.push(found) });
          await ready(bus);
          // More than a consumer has in hand at once; half of them with a character that no database stores.
          const bad = Array.from({ length: 210 }, () => message(key, { kind: 'command', subject: 'bad' }));
          await sendUntilSafe(bus, bad.slice(0, 105));
          const channel = await stranger.acquire();
          for (const each of bad.slice(105)) {
            const { headers, ...envelope } = published({ ...each, subject: 'a' });
            await channel.basicPublish(
              { ...envelope, headers: { ...headers, 'cloudEvents:subject': 'a\0b' } },
              Buffer.from('garbage'),
            );
          }
          await channel.close();
          const good = message(key, { kind: 'command' });
          await sendUntilSafe(bus, [good]);
          await until(() => ids().includes(good.id));
          await until(() => aside.length >= 210, 30_000);
          expect(new Set(aside.map(({ envelope }) => envelope.id))).toEqual(new Set(bad.map(({ id }) => id)));
          expect(aside.filter(({ isUnreadable }) => isUnreadable)).toHaveLength(105);
          const one = aside.find(({ isUnreadable }) => isUnreadable);
          expect(one).toMatchObject({
            error: 'it cannot be read: cloudEvents:subject has characters that are not allowed',
            envelope: { kind: 'command', routingKey: key, subject: 'ab' },
          });
        }),
      ),
    60_000,
  );

  test('a message that is no envelope, or too large for one, is laid aside with what can be read of it', () =>
    withBus((bus) =>
      withStranger(async (stranger) => {
        const key = own('payment.RequestPayment');
        const { subscription, ids } = listener(own('payment'), { commands: [key] });
        const aside: LaidAside[] = [];
        bus.subscribe({ ...subscription, layAside: async (found) => void aside.push(found) });
        await ready(bus);
        const channel = await stranger.acquire();
        await channel.basicPublish({ exchange: 'jari.commands', routingKey: key, durable: true }, 'no envelope');
        const large = message(key, { kind: 'command', payload: Buffer.alloc(5_000_000) });
        await channel.basicPublish(published(large), Buffer.from(large.payload));
        await channel.close();
        await until(() => aside.length >= 2);
        const [none, big] = aside.sort((a, b) => a.envelope.payload.length - b.envelope.payload.length);
        expect(none).toMatchObject({
          error: expect.stringContaining('cloudEvents:id is missing'),
          isUnreadable: true,
          envelope: { id: expect.stringMatching(/./), routingKey: key, type: '' },
        });
        expect(Buffer.from(none!.envelope.payload).toString()).toBe('no envelope');
        expect(big).toMatchObject({
          error: 'it cannot be read: the content has more than 4194304 bytes',
          envelope: { id: large.id },
        });
        expect(ids()).toEqual([]);
      }),
    ));

  test(
    'a binding that somebody took away is there again after a while',
    () =>
      withBus((bus) =>
        withStranger(async (stranger) => {
          const key = own('lodging.ReservationPaid');
          const { subscription, ids } = listener(own('views'), { events: [key] });
          bus.subscribe(subscription);
          await ready(bus);
          await stranger.queueUnbind({ queue: subscription.queue, exchange: 'jari.events', routingKey: key });
          const sent = message(key);
          expect(await bus.publish([sent])).toEqual(new Set());
          await sendUntilSafe(bus, [sent]);
          await until(() => ids().includes(sent.id));
        }),
      ),
    90_000,
  );

  test(
    'a deleted queue is declared again, and its service is told',
    () =>
      withBus((bus) =>
        withStranger(async (stranger) => {
          const key = own('lodging.ReservationPaid');
          const { subscription, ids } = listener(own('views'), { events: [key] });
          const found: boolean[] = [];
          bus.subscribe({ ...subscription, onQueue: async (isMissing) => void found.push(isMissing) });
          await until(() => found.length === 1);
          await stranger.queueDelete(subscription.queue);
          await until(() => found.length === 2);
          expect(found).toEqual([true, true]);
          const sent = message(key);
          await sendUntilSafe(bus, [sent]);
          await until(() => ids().includes(sent.id));
        }),
      ),
    60_000,
  );

  test('a handler that fails for long makes no dead letter', () =>
    withBus((bus) =>
      withStranger(async (stranger) => {
        const key = own('payment.RequestPayment');
        let away = true;
        const { subscription, heard } = listener(own('payment'), { commands: [key] }, async () => {
          if (away) throw new Error('the database is away');
        });
        const consumption = bus.subscribe(subscription);
        await ready(bus);
        await sendUntilSafe(bus, [message(key, { kind: 'command' })]);
        await until(() => heard.length >= 4);
        away = false;
        const before = heard.length;
        await until(() => heard.length > before);
        await consumption.stop();
        const { messageCount } = await stranger.queueDeclare({ queue: subscription.queue, passive: true });
        const dead = await stranger.queueDeclare({ queue: `${subscription.queue}.dead`, passive: true });
        expect([messageCount, dead.messageCount]).toEqual([0, 0]);
      }),
    ));
});

describe('when RabbitMQ fails', () => {
  test(
    'kill -9 in the middle of the stream loses nothing that was confirmed, though a message keeps failing',
    () =>
      withBus(async (bus) => {
        const key = own('lodging.ReservationPaid');
        const bad = message(key);
        const { subscription, ids } = listener(own('views'), { events: [key] }, async ({ id }) => {
          if (id === bad.id) throw new Error('it never works');
        });
        bus.subscribe(subscription);
        await ready(bus);
        await sendUntilSafe(bus, [bad]);
        await until(() => ids().includes(bad.id));
        const safe = new Set<string>();
        let sent = 0;
        let stop = false;
        const stream = (async () => {
          while (!stop) {
            const batch = Array.from({ length: 100 }, () => message(key));
            sent += batch.length;
            for (const id of await bus.publish(batch)) safe.add(id);
          }
        })();
        try {
          await until(() => safe.size >= 500);
          await broker.kill();
          const confirmedBefore = safe.size;
          await restart();
          await until(() => safe.size >= confirmedBefore + 500, 40_000);
        } finally {
          stop = true;
          await stream;
        }
        expect(safe.size).toBeLessThan(sent); // else it was not in the middle
        await until(() => {
          const heard = new Set(ids());
          return [...safe].every((id) => heard.has(id));
        });
      }),
    90_000,
  );

  test(
    'a stop during a broken connection waits for messages in progress',
    () =>
      withBus(async (bus) => {
        const key = own('payment.RequestPayment');
        let done = 0;
        const { subscription, heard } = listener(own('payment'), { commands: [key] }, async () => {
          await sleep(2_000);
          done++;
        });
        const consumption = bus.subscribe(subscription);
        await ready(bus);
        await sendUntilSafe(bus, [message(key, { kind: 'command' })]);
        await until(() => heard.length > 0);
        const stopped = consumption.stop();
        await broker.kill();
        await stopped;
        expect(done).toBe(1);
        await restart();
      }),
    60_000,
  );

  test(
    'a frozen broker does not hold the sender up, and nothing is taken for safe',
    () =>
      withBus(async (bus) => {
        const key = own('lodging.ReservationPaid');
        const { subscription, ids } = listener(own('views'), { events: [key] });
        const consumption = bus.subscribe(subscription);
        await ready(bus);
        const sent = [message(key), message(key)];
        process.kill(broker.pid, 'SIGSTOP');
        try {
          const asked = performance.now();
          expect(await bus.publish(sent)).toEqual(new Set());
          expect(performance.now() - asked).toBeLessThan(5_000);
        } finally {
          process.kill(broker.pid, 'SIGCONT');
        }
        await sendUntilSafe(bus, sent);
        await until(() => sent.every(({ id }) => ids().includes(id)));
        process.kill(broker.pid, 'SIGSTOP');
        try {
          const asked = performance.now();
          await consumption.stop();
          await bus.close();
          expect(performance.now() - asked).toBeLessThan(5_000);
        } finally {
          process.kill(broker.pid, 'SIGCONT');
        }
      }),
    60_000,
  );

  test(
    'a broker that lost all that it had is known from one that was only restarted',
    () =>
      withBus(async (bus) => {
        const key = own('lodging.ReservationPaid');
        const found: boolean[] = [];
        const { subscription, ids } = listener(own('views'), { events: [key] });
        let isAway = true;
        const onQueue = async (isMissing: boolean): Promise<void> => {
          if (found.length === 2 && isAway) throw ((isAway = false), new Error('the database is away'));
          found.push(isMissing);
        };
        bus.subscribe({ ...subscription, onQueue });
        await ready(bus);
        await broker.kill();
        await restart();
        await until(() => found.length === 2, 40_000);
        await ready(bus);
        await broker.kill();
        rmSync(join(dir, 'mnesia'), { recursive: true });
        await restart();
        await until(() => found.length === 3, 40_000);
        expect(found).toEqual([true, false, true]);
        const sent = message(key);
        await sendUntilSafe(bus, [sent]);
        await until(() => ids().includes(sent.id));
      }),
    150_000,
  );

  test('a service starts without it, says what it waits for, and works once it is there', async () => {
    await broker.stop();
    await withBus(async (bus) => {
      const key = own('lodging.ReservationPaid');
      const { subscription, ids } = listener(own('views'), { events: [key] });
      bus.subscribe(subscription);
      const sent = message(key);
      expect(await bus.publish([sent])).toEqual(new Set());
      expect(bus.status()).toEqual({ ready: false, waitsFor: `RabbitMQ at 127.0.0.1:${ports.amqp}` });
      await restart();
      await ready(bus);
      await sendUntilSafe(bus, [sent]);
      await until(() => ids().includes(sent.id));
    });
  }, 60_000);
});
