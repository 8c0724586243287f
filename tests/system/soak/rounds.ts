import { setTimeout as pause } from 'node:timers/promises';
import type { Business, Evidence } from '../faults/business.ts';
import type { Injector } from '../faults/injector.ts';
import type { Native } from '../faults/native.ts';
import { underLoad, type Run } from '../faults/under-load.ts';

/** One trouble while orders come in, and what must have happened for it to prove anything. */
export interface Round {
  name: string;
  /** Orders a second. */
  perSecond: number;
  /** Fewer prove nothing. */
  leastFaults: number;
  leastAccepted: number;
  /** Share of orders that must be accepted at the first call. */
  leastAtOnce: number;
  /** What else the run lacks to prove anything, in words. */
  lacks?(run: Run): string[];
  /** Answers with what was wrong, in words. */
  trouble(place: Native, inject: Injector): Promise<readonly string[] | void>;
}

/** A stack, a business on it, and its troubles one after the other. */
export interface Campaign<Seen extends Evidence = Evidence> {
  business: Business<Seen>;
  open(): Promise<Native>;
  rounds: readonly Round[];
}

/** While others are in trouble, orders go on: 99.9 % are accepted at once. */
export const accepting = (perSecond: number) => ({
  perSecond,
  leastFaults: 0,
  leastAccepted: 10 * perSecond,
  leastAtOnce: 0.999,
});

const stormSeconds = 120;

export const storm = (perSecond: number): Round => ({
  ...{ name: `storm of kills, ${stormSeconds} s`, perSecond },
  ...{ leastFaults: 30, leastAccepted: 0.5 * stormSeconds * perSecond, leastAtOnce: 0 },
  trouble: (place, inject) =>
    inject.storm({ seconds: stormSeconds, parts: place.stack.parts.map(({ name }) => name), lanes: 3, pauseMs: 500 }),
});

export const down = (service: string, perSecond: number): Round => ({
  ...accepting(perSecond),
  name: `${service} down, 20 s`,
  async trouble(place) {
    await place.kill(service);
    await pause(20_000);
    await place.start(service);
  },
});

export const brokerDown = (perSecond: number): Round => ({
  ...accepting(perSecond),
  ...{ name: 'broker down, 45 s', leastFaults: 1 },
  trouble: (_, { strike }) => strike('rabbitmq', 45_000),
});

/** Plays these rounds in turn until the time is over, and each that was begun to its end; answers with how many held, and how many did not. */
export async function play<Seen extends Evidence>(
  { business, open, rounds }: Campaign<Seen>,
  minutes: number,
): Promise<{ held: number; broken: number }> {
  const place = await open();
  // Ctrl-C leaves nothing running.
  const leave = (): void =>
    void place
      .remove()
      .catch(console.error)
      .finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  const told = { held: 0, broken: 0 };
  try {
    await place.stack.up(console.log);
    for (let [end, nth] = [Date.now() + minutes * 60_000, 0]; nth === 0 || Date.now() < end; nth++) {
      const round = rounds[nth % rounds.length] as Round;
      console.log(`\n== ${round.name}, ${round.perSecond} orders a second`);
      const run = await underLoad(place, business, round.perSecond, (inject) => round.trouble(place, inject));
      const wrong = shortcomings(round, run);
      console.log(`${wrong.length ? '✗' : '✓'} ${summary(run)}`);
      for (const each of wrong) console.log(`  ${each}`);
      told[wrong.length ? 'broken' : 'held']++;
    }
  } finally {
    await place.remove();
    process.off('SIGINT', leave).off('SIGTERM', leave); // else it would end the process in the midst of the next campaign
  }
  return told;
}

function shortcomings({ leastFaults, leastAccepted, leastAtOnce, lacks }: Round, run: Run): string[] {
  const { report, faults, surprises } = run;
  return [
    ...Object.entries(report.violations).flatMap(([invariant, all]) =>
      all.map((violation) => `${invariant}: ${violation}`),
    ),
    ...surprises,
    ...(faults.length < leastFaults ? [`only ${faults.length} faults of ${leastFaults}`] : []),
    ...(report.accepted < leastAccepted ? [`only ${report.accepted} accepted of ${leastAccepted}`] : []),
    ...(report.atOnce < leastAtOnce
      ? [`only ${(100 * report.atOnce).toFixed(2)} % accepted at once: ${JSON.stringify(report.troubles)}`]
      : []),
    ...(lacks?.(run) ?? []),
  ];
}

function summary({ report, faults }: Run): string {
  const inside = faults.filter(({ inTransaction }) => inTransaction).length;
  return [
    `${faults.length} faults${inside ? ` (${inside} inside a transaction)` : ''}`,
    `${report.accepted} of ${report.asked} accepted, ${(100 * report.atOnce).toFixed(2)} % at once`,
    `p50 ${report.p50} ms, p99 ${report.p99} ms`,
    `at rest after ${report.settledSeconds.toFixed(1)} s`,
    Object.entries(report.states)
      .map(([state, count]) => `${count} ${state}`)
      .join(', '),
  ].join(' · ');
}
