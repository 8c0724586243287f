import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type AsyncMessage, type Connection, type Consumer, ConsumerStatus } from 'rabbitmq-client';
import { Unkeepable, type Consumption, type Subscription } from '#adapters/bus/bus.ts';
import { inFlightItems } from '#adapters/bus/in-flight.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { laidAside as whatWasLaidAside, received } from './envelope.ts';
import { oneWriteATurn } from './one-write.ts';
import { deadLettersOf, declare, declareDeadLetters, hasDeadLetters, topologyOf } from './topology.ts';

export interface Consuming extends Consumption {
  queue: string;
  /** Whether the queue is bound and delivers its messages. */
  ready(): boolean;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** Dead letters in progress at most: they are few, and may be large. */
const mostLaidAside = 4;

/** How long to wait for the broker when stopping. Without its answer, messages are only delivered again. */
const farewellMs = 2_000;

/** How often queues and bindings are declared again, in case somebody deleted them. */
const declareEveryMs = 30_000;

/** Consumes messages until it is stopped, and goes on after each loss of the connection. */
export function consume(connection: Connection, subscription: Subscription, prefetch: number, log: Logger): Consuming {
  const { queue } = subscription;
  const inHand = inFlightItems<Promise<ConsumerStatus>>();
  const inOneWrite = oneWriteATurn(connection);
  let ready = false;
  let stopped = false;
  let isQueueLost = false;
  let trying = new AbortController();

  const take = async (message: AsyncMessage): Promise<ConsumerStatus> => {
    if (stopped) return ConsumerStatus.REQUEUE;
    let envelope: Envelope;
    try {
      envelope = received(message);
    } catch (error) {
      log.error(
        { err: error, queue, routingKey: message.routingKey, messageId: message.messageId },
        'a message that cannot be read goes to the dead letters',
      );
      return ConsumerStatus.DROP;
    }
    return untilDone(() => subscription.handle(envelope), queue, envelope, trying.signal, log);
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
  /** Messages in progress will be delivered again. The library waits for them before it consumes others. */
  const lost = (): void => {
    ready = false;
    trying.abort();
    trying = new AbortController();
  };
  connection.on('error', lost);
  consumer.on('ready', () => void settle());
  consumer.on('error', (error: Error & { code?: string }) => {
    lost();
    isQueueLost ||= error.code === 'CANCEL_FORCED';
    log.warn({ err: error, queue }, 'the queue does not deliver; trying again');
  });

  let laidAside: Consumer | undefined;
  let settling = Promise.resolve();
  /** Declares the queue of dead letters. If it is missing, the broker is new or lost its data: that is reported first, until it succeeds. */
  const settle = (): Promise<void> => {
    const { signal } = trying;
    return (settling = settling.then(() => settled(signal)));
  };
  async function settled(signal: AbortSignal): Promise<void> {
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        if (!subscription.rebuilding) {
          await subscription.onQueue?.(isQueueLost || !(await hasDeadLetters(connection, queue)));
          isQueueLost = false;
          await declareDeadLetters(connection, queue);
          if (!stopped) laidAside ??= takeLaidAside();
        }
        ready = !signal.aborted;
        return;
      } catch (error) {
        log.warn(error, `the dead letters' queue of ${queue} is not declared yet`);
        await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }
  function takeLaidAside(): Consumer | undefined {
    const { layAside } = subscription;
    if (!layAside) return undefined;
    const taking = connection.createConsumer(
      { ...deadLettersOf(queue), qos: { prefetchCount: mostLaidAside }, concurrency: mostLaidAside },
      (message) => {
        const found = whatWasLaidAside(message);
        return untilDone(() => layAside(found), queue, found.envelope, trying.signal, log);
      },
    );
    taking.on('error', (error: Error) =>
      log.warn({ err: error, queue }, 'the dead letters are not delivered; trying again'),
    );
    return taking;
  }
  const declaring = setInterval(() => {
    if (!ready) return;
    declare(connection, subscription).catch((error: Error) =>
      log.warn({ err: error, queue }, 'the queue could not be declared again'),
    );
  }, declareEveryMs).unref();

  return {
    queue,
    ready: () => ready,
    overdue: inHand.overdue,
    async stop() {
      stopped = true;
      clearInterval(declaring);
      trying.abort();
      connection.off('error', lost);
      const done = async (): Promise<unknown> => {
        await Promise.all(inHand.all());
        return sleep(farewellMs, undefined, { ref: false });
      };
      const closed = Promise.all([consumer, laidAside].map((each) => each?.close().catch(() => undefined)));
      await Promise.race([closed, done()]);
      await Promise.all(inHand.all()); // also if the connection broke while closing
      if (subscription.rebuilding) await connection.queueDelete(queue).catch(() => undefined); // it goes by itself, later
    },
  };
}

/**
 * Calls the handler again after longer and longer pauses. Returning the message to the broker would count as a delivery, and a database
 * that is away for an hour must not make dead letters.
 */
async function untilDone(
  work: () => Promise<void>,
  queue: string,
  { id, correlationId }: Envelope,
  givenUp: AbortSignal,
  log: Logger,
): Promise<ConsumerStatus> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      await work();
      return ConsumerStatus.ACK;
    } catch (error) {
      const about = { err: error, queue, messageId: id, correlationId };
      if (error instanceof Unkeepable) {
        log.error(about, 'a message that can be neither handled nor stored goes to the dead letters');
        return ConsumerStatus.DROP;
      }
      log.warn(about, 'the message could not be handled; trying again');
      await sleep(pauseMs, undefined, { signal: givenUp }).catch(() => {});
      if (givenUp.aborted) return ConsumerStatus.REQUEUE;
    }
  }
}
