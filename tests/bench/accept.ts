import { about, cpuEach, failures, middle, roundsPerFigure, type Bench, type Figure, type Row } from './figure.ts';
import { ceilingText } from './pgbench.ts';
import { rounds } from './rounds.ts';
import { costing, quiet } from './system.ts';

/** So many that nothing stands idle; and a few, as they wait for each other on a quieter day. */
const inFlight = 128;
const few = 32;

/** How fast reservations are accepted, and what one costs. */
async function accepted(bench: Bench, by: 'grpc' | 'rest'): Promise<Row[]> {
  const { system, load, rooms, ceiling, seconds } = bench;
  const onStack = system.name === 'stack';
  const call = by === 'grpc' ? 'accept-grpc' : 'accept-rest';
  const run = (length: number, callers = inFlight) =>
    load.run({ call, of: rooms.asking, loop: 'closed', inFlight: callers, seconds: length });
  // Accepting must need nobody else (L8); on the stack what follows waits until it is measured elsewhere.
  const others = ['property', 'payment', 'views'];
  await quiet(system);
  system.freeze?.(others);
  try {
    await run(seconds);
    const measured = await rounds(roundsPerFigure, async () => ({
      ceiling: await ceiling?.run(seconds),
      few: await run(seconds, few),
      ...(await costing(system, () => run(seconds))),
    }));
    const cpu = cpuEach(measured, (one) => one);
    const trouble = failures(measured.kept.map(({ result }) => result));
    const ms = (of: (one: (typeof measured.kept)[number]) => number): string =>
      `${middle(measured, of)?.toFixed(1)} ms`;
    const fewer = middle(measured, ({ few: { done, seconds: took } }) => done / took);
    const goals = by === 'grpc' ? { ratio: 0.4, cpu: 0.5 } : { ratio: 0.18, cpu: 0.9 };
    const name = by === 'grpc' ? 'accept by gRPC' : onStack ? 'accept by REST, Envoy' : 'accept by REST';
    const what = `CreateReservation with idempotency key and JWT, ${inFlight} in flight, ${
      by === 'grpc'
        ? 'at lodging itself'
        : onStack
          ? 'through Envoy with its whole chain'
          : 'through the embedded gateway'
    }; ${onStack ? 'property, payment and views stand still' : 'the one process also does all that follows (stay request, read model), which competes with it'}`;
    const common = { on: system.name, ...about(measured) };
    return [
      {
        what: name,
        value: middle(measured, ({ result }) => result.done / result.seconds),
        unit: 'accepts/s',
        ceiling: { value: middle(measured, (one) => one.ceiling), what: ceilingText },
        ...(onStack && { goal: { least: goals.ratio, of: 'ratio' as const } }),
        detail: `p50 ${ms(({ result }) => result.latency.p50)}, p99 ${ms(({ result }) => result.latency.p99)}; with ${few} in flight ${fewer?.toFixed(0)}/s, p50 ${ms((one) => one.few.latency.p50)}${trouble}`,
        meaning: what,
        ...common,
      },
      {
        what: `${name}: processor time`,
        value: cpu.sum,
        unit: 'ms each',
        ...(onStack && { goal: { most: goals.cpu, of: 'value' as const } }),
        detail: cpu.detail,
        meaning: `processor time of every process for one of these, until all that follows ${onStack ? '(relay and broker)' : ''} is done`,
        ...common,
      },
    ];
  } finally {
    system.thaw?.(others);
  }
}

export const acceptByGrpc: Figure = {
  name: 'accept',
  on: ['embedded', 'stack'],
  measure: (bench) => accepted(bench, 'grpc'),
};
export const acceptByRest: Figure = {
  name: 'rest',
  on: ['embedded', 'stack'],
  measure: (bench) => accepted(bench, 'rest'),
};
