// `npm run soak -- [--minutes N] [--rate N]`: a long run of faults on the real stack; ends with 1 when a promise was broken, or when too
// little happened to prove anything.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lodgingServices } from './kit/lodging.ts';
import { ok, person } from './kit/people.ts';
import { native, type Native } from './faults/native.ts';
import { underLoad, type Run } from './faults/under-load.ts';
import { leaderOf, type Injector } from './faults/injector.ts';

interface Round {
  name: string;
  /** Fewer prove nothing. */
  leastFaults: number;
  leastAccepted: number;
  /** Share of reservations that must be accepted at the first call. */
  leastAtOnce: number;
  trouble(place: Native, inject: Injector): Promise<void>;
}

const { values: wanted } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '30' } } });
const [minutes, perSecond] = [Number(wanted.minutes), Number(wanted.rate)];

const stormSeconds = 120;
const frozenMs = 60_000;
const seconds = (count: number): number => 1_000 * count;
const down = async (place: Native, service: string, forMs: number): Promise<void> => {
  await place.kill(service);
  await pause(forMs);
  await place.start(service);
};
const provider = (place: Native, mode: string, delay_ms = 0): Promise<unknown> => ok(person(place, 'admin').post('/v1/sandbox/payment-provider', { mode, delay_ms }));

/** While others are in trouble, lodging goes on: 99.9 % are accepted at once. */
const accepting = { leastFaults: 0, leastAccepted: 10 * perSecond, leastAtOnce: 0.999 };

const rounds: readonly Round[] = [
  {
    name: `storm of kills, ${stormSeconds} s`,
    leastFaults: 30,
    leastAccepted: 0.5 * stormSeconds * perSecond,
    leastAtOnce: 0,
    trouble: (place, { storm }) => storm({ seconds: stormSeconds, parts: place.stack.parts.map(({ name }) => name), lanes: 3, pauseMs: 500 }),
  },
  ...lodgingServices
    .filter((service) => service !== 'lodging')
    .map((service): Round => ({ ...accepting, name: `${service} down, 20 s`, trouble: (place) => down(place, service, seconds(20)) })),
  ...(['DOWN', 'SLOW', 'LOSES_ANSWERS', 'DECLINING'] as const).map(
    (mode): Round => ({
      ...accepting,
      name: `payment provider ${mode}, 20 s`,
      async trouble(place) {
        await provider(place, mode, mode === 'SLOW' ? seconds(4) : 0);
        await pause(seconds(20));
        await provider(place, 'NORMAL');
      },
    }),
  ),
  { ...accepting, name: 'broker down, 45 s', leastFaults: 1, trouble: (_, { strike }) => strike('rabbitmq', seconds(45)) },
  { ...accepting, name: `broker frozen, ${frozenMs / 1_000} s`, leastFaults: 1, trouble: (_, { freeze }) => freeze('rabbitmq', frozenMs) },
  { ...accepting, name: `property's leading relay frozen, ${frozenMs / 1_000} s`, leastFaults: 1, trouble: async (place, { freeze }) => freeze(await leaderOf(place, 'property'), frozenMs) },
  { ...accepting, name: `a consumer of payment frozen in mid-handler, ${frozenMs / 1_000} s`, leastFaults: 1, trouble: (_, { freezeAtWork }) => freezeAtWork('payment-2', frozenMs) },
];

function shortcomings({ leastFaults, leastAccepted, leastAtOnce }: Round, { report, faults, surprises }: Run): string[] {
  return [
    ...Object.entries(report.violations).flatMap(([invariant, all]) => all.map((violation) => `${invariant}: ${violation}`)),
    ...surprises,
    ...(faults.length < leastFaults ? [`only ${faults.length} faults of ${leastFaults}`] : []),
    ...(report.accepted < leastAccepted ? [`only ${report.accepted} accepted of ${leastAccepted}`] : []),
    ...(report.atOnce < leastAtOnce ? [`only ${(100 * report.atOnce).toFixed(2)} % accepted at once: ${JSON.stringify(report.troubles)}`] : []),
  ];
}

function told({ report, faults }: Run): string {
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

const place = await native({ JARI_PAYMENT_ANSWER_SECONDS: '2' }, { services: lodgingServices, replicasEach: 2 });
let broken = 0;
let runs = 0;
try {
  await place.stack.up(console.log);
  for (const end = Date.now() + minutes * 60_000; runs === 0 || Date.now() < end; runs++) {
    const round = rounds[runs % rounds.length] as Round;
    console.log(`\n== ${round.name}, ${perSecond} reservations a second`);
    const run = await underLoad(place, perSecond, (inject) => round.trouble(place, inject));
    const wrong = shortcomings(round, run);
    console.log(`${wrong.length ? '✗' : '✓'} ${told(run)}`);
    for (const each of wrong) console.log(`  ${each}`);
    broken += wrong.length ? 1 : 0;
  }
} finally {
  await place.remove();
}
console.log(`\n${runs - broken} rounds held, ${broken} did not`);
process.exitCode = broken ? 1 : 0;
