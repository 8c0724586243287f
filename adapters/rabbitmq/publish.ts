import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Connection } from 'rabbitmq-client';
import type { Envelope } from '#adapters/bus/messages.ts';
import { unroutableReport } from '#adapters/bus/unroutable.ts';
import { body, exchanges, published } from './envelope.ts';
import { oneWriteATurn } from './one-write.ts';
import { neededExchanges } from './topology.ts';

/** A frozen broker does not close its connection, so waiting for its confirm has a limit. */
export const confirmTimeoutMs = 4_000;

/** Messages that wait for their confirm at most, also after the time-out. More would fill the memory while the broker is frozen. */
const mostUnconfirmed = 5_000;

/** Sends messages without waiting for the confirm of each; answers with the ids of those that a queue has stored. */
export function publisher(connection: Connection, log: Logger) {
  const inOneWrite = oneWriteATurn(connection);
  const reportUnroutable = unroutableReport(log);
  /** How often each message came back; the same one may be sent twice at a time. */
  const returned = new Map<string, number>();
  let unconfirmed = 0;
  const channel = connection.createPublisher({ confirm: true, exchanges: neededExchanges });
  channel.on(
    'basic.return',
    ({ messageId }) => messageId !== undefined && returned.set(messageId, (returned.get(messageId) ?? 0) + 1),
  );

  function cameBack({ id }: Envelope): boolean {
    const times = returned.get(id);
    if (times && times > 1) returned.set(id, times - 1);
    else returned.delete(id);
    return times !== undefined;
  }

  async function send(envelopes: readonly Envelope[], exchange?: string): Promise<ReadonlySet<string>> {
    const batch = envelopes.slice(0, Math.max(0, mostUnconfirmed - unconfirmed));
    const confirmed = new Set<string>();
    let failure: unknown;
    inOneWrite();
    const sent = batch.map(async (envelope) => {
      unconfirmed++;
      try {
        await channel.send(published(envelope, exchange), body(envelope));
        confirmed.add(envelope.id);
      } catch (error) {
        failure = error;
      } finally {
        unconfirmed--;
      }
    });
    await atMost(confirmTimeoutMs, batch.length > 0 ? Promise.all(sent) : new Promise(() => {}));
    // A return arrives before its confirm, but the library reports it a turn later.
    await nextTurn();

    const safe = new Set<string>();
    for (const envelope of batch) {
      if (cameBack(envelope)) reportUnroutable(envelope);
      else if (confirmed.has(envelope.id)) safe.add(envelope.id);
    }
    const missing = envelopes.length - confirmed.size;
    if (missing > 0)
      log.warn(
        { err: failure, missing, of: envelopes.length },
        'RabbitMQ did not confirm; the messages stay in the outbox',
      );
    return safe;
  }

  return {
    publish: (envelopes: readonly Envelope[]) => send(envelopes),
    replay: (envelopes: readonly Envelope[]) => send(envelopes, exchanges.replay),
    close: (): Promise<void> => channel.close(),
  };
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
