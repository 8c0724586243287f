import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Connection } from 'rabbitmq-client';
import type { Bus } from '#adapters/bus/bus.ts';
import { certificateProblem, clientTls, type Tls } from '#adapters/tls/tls.ts';
import { consume, type Consuming } from './consume.ts';
import { confirmTimeoutMs, publisher } from './publish.ts';

export interface RabbitMq {
  /** `amqp://user:password@host:5672` */
  url: string;
  /** For `amqps://`. */
  tls?: Tls;
  log: Logger;
  /** Prefetch: how many messages a consumer handles at the same time. */
  prefetch?: number;
}

/** The bus on RabbitMQ, from 3.10 on. Keeps working while the broker is away; `status` says so. */
export function rabbitmqBus({ url, tls, log, prefetch = 200 }: RabbitMq): Bus {
  const connection = new Connection({
    url,
    ...(tls && url.startsWith('amqps:') && { tls: clientTls(tls) }),
    acquireTimeout: confirmTimeoutMs,
    connectionTimeout: 5_000,
    heartbeat: 10,
    noDelay: true,
    retryLow: 200,
    retryHigh: 3_000,
  });
  const { host } = new URL(url);
  // The library's own `ready` is also false while a write is batched.
  let open = false;
  let blocked = false;
  let distrusted: string | undefined;
  connection.on('connection', () => {
    open = true;
    blocked = false;
    distrusted = undefined;
    log.info({ host }, 'connected to RabbitMQ');
  });
  connection.on('error', (error: Error) => {
    open = false;
    distrusted = certificateProblem(error);
    log.warn({ err: error, host }, 'no connection to RabbitMQ; trying again');
  });
  connection.on('connection.blocked', (reason) => {
    blocked = true;
    log.warn({ host, reason }, 'RabbitMQ accepts no messages');
  });
  connection.on('connection.unblocked', () => (blocked = false));

  const { publish, replay, close } = publisher(connection, log);
  const consuming = new Set<Consuming>();

  return {
    publish,
    replay,

    subscribe(subscription) {
      const started = consume(connection, subscription, prefetch, log);
      consuming.add(started);
      return {
        overdue: started.overdue,
        stop() {
          consuming.delete(started);
          return started.stop();
        },
      };
    },

    status() {
      if (blocked) return { ready: false, waitsFor: `RabbitMQ at ${host}, which is low on memory or disk` };
      if (!open) return { ready: false, waitsFor: `RabbitMQ at ${host}${distrusted ? `: ${distrusted}` : ''}` };
      const waiting = [...consuming].find(({ ready }) => !ready());
      return waiting ? { ready: false, waitsFor: `queue ${waiting.queue}` } : { ready: true };
    },

    async close() {
      await Promise.all([...consuming].map((each) => each.stop()));
      consuming.clear();
      // A broker that is frozen or away does not confirm that the connection is closed.
      await Promise.race([Promise.allSettled([close(), connection.close()]), sleep(1_000)]);
      connection.unsafeDestroy();
    },
  };
}
