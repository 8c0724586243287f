import type { BreakerState } from '#adapters/resilience/policy.ts';
import type { Metrics } from '#adapters/telemetry/metrics.ts';
import type { Figures } from './figures.ts';
import type { Operations } from './operations.ts';

const tables: readonly { name: string; description: string; of: keyof Figures }[] = [
  { name: 'jari_outbox_waiting', description: 'Messages that are not sent yet', of: 'waiting' },
  { name: 'jari_outbox_lag_seconds', description: 'Age of the oldest message that is not sent yet', of: 'lagSeconds' },
  { name: 'jari_retries_waiting', description: 'Received messages that are tried again automatically', of: 'retries' },
  { name: 'jari_timers_due', description: 'Timers that are due and have not taken effect yet', of: 'timersDue' },
  { name: 'jari_dead_letters', description: 'Messages that wait for an operator', of: 'deadLetters' },
];

const severity: readonly BreakerState[] = ['closed', 'half-open', 'open'];

/** Shows monitoring what `GetStatus` shows people (K15). Figures that cannot be read now are left out. */
export function showGauges(
  metrics: Pick<Metrics, 'gauge'>,
  { service, breakers, limits, figures, overdue, skewMs, orders, oldest }: Operations,
): void {
  let reading: Promise<Figures> | undefined;
  /** One look serves all gauges of a scrape. */
  const look = (): Promise<Figures> => (reading ??= figures().finally(() => (reading = undefined)));

  for (const { name, description, of } of tables)
    metrics.gauge(name, description, { service }, () =>
      look().then(
        (found) => found[of],
        () => Number.NaN,
      ),
    );
  metrics.gauge(
    'jari_messages_in_hand_over_a_minute',
    'Messages that the process has been handling for more than a minute',
    { service },
    overdue,
  );
  metrics.gauge(
    'jari_clock_skew_seconds',
    "Seconds by which the clock of this machine is ahead of the database's; negative: behind",
    { service },
    () => skewMs() / 1_000,
  );
  for (const { of, notFinal } of orders)
    for (const status of notFinal)
      metrics.gauge(
        'jari_oldest_order_seconds',
        'Seconds that the oldest order in a state has been in it; 0 if there is none',
        { service, order: of.name, status: status.toUpperCase().replaceAll('-', '_') },
        () => oldest(of.name, status).catch(() => Number.NaN),
      );
  for (const { name, breakerState } of breakers)
    metrics.gauge(
      'jari_breaker_state',
      'Circuit breaker: 0 closed, 1 half-open, 2 open',
      { service, callee: name },
      () => severity.indexOf(breakerState()),
    );
  for (const { name, perSecond, waiting } of limits) {
    for (const calls of ['all', 'again'] as const)
      metrics.gauge(
        'jari_party_limit_per_second',
        'Most calls a second to an outside party; left out where there is no limit',
        { service, party: name, calls },
        () => finite(perSecond(calls)),
      );
    metrics.gauge(
      'jari_party_calls_waiting',
      'Calls to an outside party that wait for their turn',
      { service, party: name },
      waiting,
    );
  }
}

const finite = (value: number): number => (value < Infinity ? value : Number.NaN);
