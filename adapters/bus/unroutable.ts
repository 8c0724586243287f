import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Envelope } from './messages.ts';

/** Counts a message that no queue takes, and logs it the first time. It is sent again until a queue takes it. */
export function unroutableReport(log: Logger): (envelope: Envelope) => void {
  const counter = metrics.getMeter('jari').createCounter('jari_bus_unroutable', {
    description: 'Attempts to send a message that no queue took; it stays in the outbox and is sent again',
  });
  const told = new Set<string>();
  return ({ routingKey, type, id }) => {
    counter.add(1, { type });
    if (told.has(routingKey)) return;
    told.add(routingKey);
    log.warn(
      { routingKey, type, messageId: id },
      'no queue takes this message; it stays in the outbox and is sent again',
    );
  };
}
