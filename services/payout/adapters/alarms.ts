import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Alarm } from '../ports.ts';

/** Alarms as error lines in the log and as the counter `jari_payout_alarms` by reason, which monitoring watches. */
export function loggedAlarms(log: Logger): (alarm: Alarm) => void {
  const raised = metrics
    .getMeter('jari')
    .createCounter('jari_payout_alarms', { description: 'Payouts that wait for an operator' });
  return (alarm) => {
    raised.add(1, { reason: alarm.reason });
    log.error({ alarm, correlationId: alarm.id }, `payout: a payout waits for an operator: ${alarm.reason}`);
  };
}
