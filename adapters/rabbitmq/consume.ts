import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type AsyncMessage, type Connection, ConsumerStatus } from 'rabbitmq-client';
import type { Consumption, Subscription } from '#adapters/bus/bus.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { received } from './envelope.ts';
import { oneWriteATurn } from './one-write.ts';
import { declareDeadLetters, topologyOf } from './topology.ts';

export interface Consuming extends Consumption {
  queue: string;
  /** Whether the queue is bound and its messages come. */
  ready(): boolean;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** How long a broker that does not answer may hold up stopping. Its side of it only saves a redelivery. */
const farewellMs = 2_000;

/** Takes messages until stopped, through every loss of the connection. */
export function consume(connection: Connection, subscription: Subscription, prefetch: number, log: Logger): Consuming {
  const { queue } = subscription;
  const inHand = new Set<Promise<ConsumerStatus>>();
  const inOneWrite = oneWriteATurn(connection);
  let ready = false;
  let stopped = false;
  let trying = new AbortController();

  const declareDead = (): void => {
    if (subscription.rebuilding) return;
    void declareDeadLetters(connection, subscription).catch((error) => log.warn(error, `the dead letters' queue of ${queue} is not declared yet`));
  };
  connection.on('connection', declareDead);
  if (connection.ready) declareDead();

  const take = async (message: AsyncMessage): Promise<ConsumerStatus> => {
    if (stopped) return ConsumerStatus.REQUEUE;
    let envelope: Envelope;
    try {
      envelope = received(message);
    } catch (error) {
      log.error({ err: error, queue, routingKey: message.routingKey, messageId: message.messageId }, 'a message that cannot be read goes to the dead letters');
      return ConsumerStatus.DROP;
    }
    return handled(subscription, envelope, trying.signal, log);
  };
  const consumer = connection.createConsumer(
    { ...topologyOf(subscription), qos: { prefetchCount: prefetch }, concurrency: prefetch },
    (message) => {
      const taking = take(message).finally(() => {
        inHand.delete(taking);
        inOneWrite(); // the acknowledgement, with those of its neighbours in the batch
      });
      inHand.add(taking);
      return taking;
    },
  );
  /** What was in hand will be delivered again, and the library waits for it to end before it takes anything. */
  const lost = (): void => {
    ready = false;
    trying.abort();
    trying = new AbortController();
  };
  connection.on('error', lost);
  consumer.on('ready', () => (ready = true));
  consumer.on('error', (error: Error) => {
    lost();
    log.warn({ err: error, queue }, 'the queue does not deliver; trying again');
  });

  return {
    queue,
    ready: () => ready,
    async stop() {
      stopped = true;
      trying.abort();
      connection.off('connection', declareDead).off('error', lost);
      const settled = async (): Promise<unknown> => {
        await Promise.all(inHand);
        return sleep(farewellMs, undefined, { ref: false });
      };
      await Promise.race([consumer.close().catch(() => undefined), settled()]);
      await Promise.all(inHand); // also where the connection broke while we said farewell
      if (subscription.rebuilding) await connection.queueDelete(queue).catch(() => undefined); // it goes by itself, later
    },
  };
}

/**
 * Asks the handler again, after longer and longer pauses, instead of giving the message back: that would count as a delivery, and a
 * database that is away for an hour must not make dead letters.
 */
async function handled({ queue, handle }: Subscription, envelope: Envelope, givenUp: AbortSignal, log: Logger): Promise<ConsumerStatus> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      await handle(envelope);
      return ConsumerStatus.ACK;
    } catch (error) {
      log.warn({ err: error, queue, messageId: envelope.id, correlationId: envelope.correlationId }, 'the message could not be handled; trying again');
      await sleep(pauseMs, undefined, { signal: givenUp }).catch(() => {});
      if (givenUp.aborted) return ConsumerStatus.REQUEUE;
    }
  }
}
