import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Alarm } from '../ports.ts';

/** Alarms as error lines in the log and as the counter `jari_payment_alarms` by type, which monitoring watches. */
export function loggedAlarms(log: Logger): (alarm: Alarm) => void {
  const raised = metrics.getMeter('jari').createCounter('jari_payment_alarms', {
    description: 'Alarms: refunds that the provider refuses, and books that differ',
  });
  return (alarm) => {
    raised.add(1, { type: alarm.type });
    log.error({ alarm, correlationId: alarm.id }, `payment: ${alarm.type}`);
  };
}
