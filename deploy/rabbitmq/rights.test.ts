import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Connection, type Envelope as Published } from 'rabbitmq-client';
import { v7 } from 'uuid';
import type { Bus } from '#adapters/bus/bus.ts';
import { listener, message, ready, sendUntilSafe, until } from '#adapters/bus/contract.ts';
import { keyOf } from '#adapters/bus/messages.ts';
import { published } from '#adapters/rabbitmq/envelope.ts';
import { rabbitmqBus } from '#adapters/rabbitmq/rabbitmq.ts';
import { eventually } from '#adapters/testing/eventually.ts';
import { rabbitMqPorts, startRabbitMq, type RabbitMq } from '../native/rabbitmq.ts';
import { services } from '../../services/registry.ts';
import { users } from './definitions.ts';
import { rightsOfServices } from './rights.ts';

// Attacks on a real broker, each as a user that has a right to be there.
const dir = mkdtempSync(join(tmpdir(), 'jari-rights-'));
const log = pino({ level: 'silent' });
let broker: RabbitMq;
beforeAll(async () => {
  broker = await startRabbitMq({ dir, ports: await rabbitMqPorts() });
}, 60_000);
afterAll(async () => {
  await broker.stop();
  rmSync(dir, { recursive: true });
}, 60_000);

async function as<Result>(user: string, work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = new Connection(broker.urlOf(user));
  connection.on('error', () => {});
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** The broker's answer to somebody who is not allowed to. */
const refused = (user: string, work: (connection: Connection) => Promise<unknown>): Promise<void> =>
  as(user, (connection) => expect(work(connection)).rejects.toMatchObject({ code: 'ACCESS_REFUSED' }));

/** Publishes and waits for the broker to agree. */
const publish = async (connection: Connection, envelope: Published): Promise<void> => {
  const publisher = connection.createPublisher({ confirm: true });
  try {
    await publisher.send(envelope, Buffer.from('forged'));
  } finally {
    await publisher.close();
  }
};

/** All that the service of that name listens to, as its `main.ts` says. */
const subscriptionOf = (service: string) => {
  const own = Object.values(rightsOfServices).flatMap(({ commands }) => commands.map(keyOf));
  return listener(service, {
    events: [...rightsOfServices[service]!.hears, 'ops.ReplayRequested'],
    commands: [...new Set(own)].filter((key) => key.startsWith(`${service}.`)),
  });
};

const buses: Bus[] = [];
afterAll(() => Promise.all(buses.map((bus) => bus.close())));
const busOf = (user: string): Bus => {
  const bus = rabbitmqBus({ url: broker.urlOf(user), log });
  buses.push(bus);
  return bus;
};

const fromTutoring = { kind: 'command', type: 'jari.payout.v1.RequestPayout', source: '/tutoring' } as const;

describe('a user per service (9)', () => {
  test('every service has one, with a random password that only the owner of the folder reads', () => {
    expect(Object.keys(rightsOfServices).sort()).toEqual(services.map(({ name }) => name).sort());
    const file = join(dir, 'passwords.json');
    const passwords = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    expect(Object.keys(passwords).sort()).toEqual([...users].sort());
    expect(new Set(Object.values(passwords)).size).toBe(users.length);
    for (const password of Object.values(passwords)) expect(password.length).toBeGreaterThanOrEqual(32);
    for (const name of ['passwords.json', 'definitions.json'])
      expect([name, statSync(join(dir, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  test('guest is not known', async () => {
    const stranger = new Connection({ url: `amqp://guest:guest@127.0.0.1:${broker.port}`, retryLow: 60_000 });
    const error = await new Promise((failed) => stranger.on('error', failed));
    stranger.unsafeDestroy();
    expect(error).toMatchObject({ code: 'ACCESS_REFUSED' });
  });

  test('each may do all that its code does: its queue is bound and delivers', async () => {
    for (const { name } of services) {
      const bus = busOf(name);
      const consumption = bus.subscribe(subscriptionOf(name).subscription);
      await ready(bus);
      await consumption.stop();
    }
  }, 60_000);

  test('a command that the code of a service sends arrives, and an event is heard', async () => {
    const payout = subscriptionOf('payout');
    busOf('payout').subscribe(payout.subscription);
    const command = message('payout.RequestPayout', fromTutoring);
    await sendUntilSafe(busOf('tutoring'), [command]);
    await until(() => payout.ids().includes(command.id));
    const views = subscriptionOf('views');
    busOf('views').subscribe(views.subscription);
    const event = message('order.lodging.ReservationPaid', {
      source: '/lodging',
      type: 'jari.lodging.v1.ReservationPaid',
    });
    await sendUntilSafe(busOf('lodging'), [event]);
    await until(() => views.ids().includes(event.id));
  });

  test('who rebuilds may have a queue for that, and hears what others tell once more', async () => {
    const views = busOf('views');
    const rebuilt = listener(`views@${v7()}`, { events: ['#'] });
    const consumption = views.subscribe({ ...rebuilt.subscription, rebuilding: true });
    await ready(views);
    const event = message('payment.PaymentCompleted', { source: '/payment', type: 'jari.payment.v1.PaymentCompleted' });
    expect(await busOf('payment').replay([event])).toEqual(new Set([event.id]));
    await until(() => rebuilt.ids().includes(event.id));
    // What it told itself is told once more as well: among it, that it asked for this.
    const [asked, mark] = ['ReplayRequested', 'ReplayMark'].map((name) =>
      message(`ops.${name}`, { source: '/views', type: `jari.ops.v1.${name}` }),
    );
    expect(await views.replay([asked!, mark!])).toEqual(new Set([asked!.id, mark!.id]));
    await consumption.stop();
  });
});

describe('what a service may not do, whatever it is made to say (9)', () => {
  const own = published(
    message('order.lodging.ReservationPaid', { source: '/lodging', type: 'jari.lodging.v1.ReservationPaid' }),
  );

  test.each(['payout.RequestPayout', 'payment.Refund'])('send a command that its code does not send: %s', (key) =>
    refused('lodging', (connection) =>
      publish(connection, published(message(key, { kind: 'command', source: '/lodging' }))),
    ),
  );

  test.each(['jari.events', 'jari.replays'])('tell an event of another on %s', async (exchange) => {
    for (const key of [
      'payment.PaymentCompleted',
      'order.seating.SelectionPaid',
      'order.payment.X',
      'ops.ReplayRequested',
    ])
      await refused('lodging', (connection) => publish(connection, { ...own, exchange, routingKey: key }));
  });

  test('say that another sent it', () =>
    as('lodging', (connection) =>
      expect(publish(connection, { ...own, userId: 'payment' })).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' }),
    ));

  test('put anything into a queue past the exchanges, or among the dead letters of another', async () => {
    await refused('lodging', (connection) => publish(connection, { routingKey: 'payout' }));
    await refused('lodging', (connection) => publish(connection, { exchange: 'jari.dead', routingKey: 'payout' }));
  });

  test('read the queue or the dead letters of another', async () => {
    for (const queue of ['payment', 'payment.dead', 'views']) {
      await refused('lodging', (connection) => connection.basicGet({ queue }));
      await refused('lodging', async (connection) => (await connection.acquire()).basicConsume({ queue }, () => {}));
    }
  });

  test('declare, empty or delete what is not its own', async () => {
    for (const queue of ['payment', 'payment.dead', 'lodging2', 'xlodging', 'lodging@1', 'anything'])
      await refused('lodging', (connection) => connection.queueDeclare({ queue, durable: true }));
    await refused('lodging', (connection) => connection.queuePurge({ queue: 'payment' }));
    await refused('lodging', (connection) => connection.queueDelete({ queue: 'payment' }));
    await refused('lodging', (connection) => connection.exchangeDeclare({ exchange: 'own', type: 'topic' }));
    for (const exchange of ['jari.events', 'jari.commands'])
      await refused('lodging', (connection) => connection.exchangeDelete({ exchange }));
  });

  test('take away the bindings of another, or listen to what its code does not hear', async () => {
    await refused('lodging', (connection) =>
      connection.queueUnbind({ queue: 'payment', exchange: 'jari.commands', routingKey: 'payment.RequestPayment' }),
    );
    await refused('lodging', (connection) =>
      connection.queueBind({ queue: 'payment', exchange: 'jari.events', routingKey: 'order.lodging.X' }),
    );
    for (const [exchange, routingKey] of [
      ['jari.events', '#'],
      ['jari.events', 'order.#'],
      ['jari.events', 'payout.PayoutCompleted'],
      ['jari.commands', 'payment.RequestPayment'],
      ['jari.commands', '#'],
      ['jari.replays', '#'],
      ['jari.dead', 'payment'],
    ] as const)
      await refused('lodging', (connection) => connection.queueBind({ queue: 'lodging', exchange, routingKey }));
  });
});

describe('who hears a message (9)', () => {
  const { userId, ...nameless } = published(message('order.lodging.ReservationPaid', { source: '/lodging' }));
  const forged = {
    'hides who sent it': nameless,
    'names another source than the user that sent it': {
      ...nameless,
      userId,
      headers: { ...nameless.headers, 'cloudEvents:source': '/payment' },
    },
  };

  test.each(Object.entries(forged))('does not handle one that %s: it is a dead letter', async (_, envelope) => {
    const { subscription, ids } = subscriptionOf('notification');
    const bus = busOf('notification');
    const consumption = bus.subscribe(subscription);
    await ready(bus);
    const messageId = v7();
    await as('lodging', (connection) => publish(connection, { ...envelope, messageId } as Published));
    await as('jari', async (connection) => {
      const next = () => connection.basicGet({ queue: 'notification.dead', noAck: true });
      await eventually(next, (dead) => dead && dead.messageId === messageId);
    });
    await consumption.stop();
    expect(ids()).not.toContain(messageId);
  });
});

describe('a listener that is none of ours (9)', () => {
  const queue = 'python-listener';
  test('hears orders in a queue of its own', () =>
    as(queue, async (connection) => {
      await connection.queueDeclare({ queue, durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await connection.queueBind({ queue, exchange: 'jari.events', routingKey: 'order.preorder.#' });
      await sendUntilSafe(busOf('preorder'), [message('order.preorder.PreorderShipped', { source: '/preorder' })]);
      await eventually(() => connection.basicGet({ queue, noAck: true }));
    }));

  test('writes nothing, and hears nothing else', async () => {
    for (const exchange of ['jari.events', 'jari.commands', 'jari.replays', 'jari.dead', ''])
      await refused(queue, (connection) =>
        publish(connection, { exchange, routingKey: 'order.preorder.PreorderShipped' }),
      );
    for (const routingKey of ['#', 'payment.#'])
      await refused(queue, (connection) => connection.queueBind({ queue, exchange: 'jari.events', routingKey }));
    await refused(queue, (connection) => connection.basicGet({ queue: 'payment' }));
  });
});

describe('a folder of an earlier version', () => {
  test('loses guest, and its exchanges become such that have permissions; what lies in its queues stays', async () => {
    const home = mkdtempSync(join(tmpdir(), 'jari-earlier-'));
    const ports = await rabbitMqPorts();
    let earlier = await startRabbitMq({ dir: home, ports });
    const connection = new Connection(earlier.url);
    await connection.exchangeDelete({ exchange: 'jari.commands' });
    await connection.exchangeDeclare({ exchange: 'jari.commands', type: 'direct', durable: true });
    await connection.queueDeclare({ queue: 'kept', durable: true });
    const publisher = connection.createPublisher({ confirm: true });
    await publisher.send({ routingKey: 'kept', durable: true }, 'still here');
    await publisher.close();
    await connection.close();
    await earlier.stop();
    rmSync(join(home, 'definitions.json'));
    earlier = await startRabbitMq({ dir: home, ports });
    try {
      const again = new Connection(earlier.url);
      await again.exchangeDeclare({ exchange: 'jari.commands', type: 'topic', durable: true });
      expect((await again.basicGet('kept'))?.body).toBe('still here');
      await again.close();
    } finally {
      await earlier.stop();
      rmSync(home, { recursive: true });
    }
  }, 120_000);
});
