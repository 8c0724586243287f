import type { Connection, ConsumerProps } from 'rabbitmq-client';
import type { Subscription } from '#adapters/bus/bus.ts';
import { exchanges } from './envelope.ts';

/** The broker's definitions create the exchanges. A service has no right to, and only checks that they exist. */
export const neededExchanges = Object.values(exchanges).map((exchange) => ({ exchange, passive: true }));

const deadLettersName = (queue: string): string => `${queue}.dead`;

/** The queue of a rebuild expires when its consumer has been away for this long. */
const forgottenAfterMs = 600_000;

/** A service's queues survive the broker's restart, and are declared again at each connection. */
export const topologyOf = ({
  queue,
  events,
  commands,
  rebuilding,
}: Subscription): Pick<ConsumerProps, 'queue' | 'queueOptions' | 'exchanges' | 'queueBindings'> => ({
  queue,
  queueOptions: {
    durable: true,
    arguments: {
      'x-queue-type': 'quorum',
      // Counts only deliveries whose consumer went away before it answered, because a failing handler is retried in place. So this limit
      // is for a message that ends its consumer; RabbitMQ 3 would deliver that one for ever.
      'x-delivery-limit': 20,
      'x-overflow': 'reject-publish',
      ...(rebuilding
        ? { 'x-expires': forgottenAfterMs }
        : {
            'x-dead-letter-exchange': exchanges.dead,
            'x-dead-letter-routing-key': queue,
            // A dead letter leaves its queue only when the dead letters' queue has it.
            'x-dead-letter-strategy': 'at-least-once',
          }),
    },
  },
  exchanges: neededExchanges,
  queueBindings: [
    ...events.flatMap((routingKey) =>
      (rebuilding ? [exchanges.event, exchanges.replay] : [exchanges.event]).map((exchange) => ({
        queue,
        exchange,
        routingKey,
      })),
    ),
    ...commands.map((routingKey) => ({ queue, exchange: exchanges.command, routingKey })),
  ],
});

/** Declares the queue and its bindings again, in case they were deleted. */
export async function declare(connection: Connection, subscription: Subscription): Promise<void> {
  const { queueOptions, exchanges: all = [], queueBindings = [] } = topologyOf(subscription);
  for (const each of all) await connection.exchangeDeclare(each);
  await connection.queueDeclare({ ...queueOptions, queue: subscription.queue });
  for (const each of queueBindings) await connection.queueBind(each);
  if (!subscription.rebuilding) await declareDeadLetters(connection, subscription.queue);
}

/**
 * The queue of messages that cannot be read or stored, or that killed their consumers. It is declared last: when it is missing, the broker
 * has lost its data.
 */
export async function declareDeadLetters(connection: Connection, queue: string): Promise<void> {
  await connection.queueDeclare({
    queue: deadLettersName(queue),
    durable: true,
    arguments: { 'x-queue-type': 'quorum' },
  });
  await connection.queueBind({ queue: deadLettersName(queue), exchange: exchanges.dead, routingKey: queue });
}

/** Whether the broker has the queue of dead letters. */
export async function hasDeadLetters(connection: Connection, queue: string): Promise<boolean> {
  try {
    await connection.queueDeclare(deadLettersOf(queue).queueOptions);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** To consume the queue of dead letters, which must exist. */
export const deadLettersOf = (queue: string) => ({
  queue: deadLettersName(queue),
  queueOptions: { queue: deadLettersName(queue), passive: true },
});
