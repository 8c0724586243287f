import { about, cpuEach, failures, middle, roundsPerFigure, type Bench, type Figure, type Row } from './figure.ts';
import { ceilingText } from './pgbench.ts';
import { rounds } from './rounds.ts';
import { costing } from './system.ts';

const inFlight = 128;
const perSecond = 100;
/** Until the code is compiled: a service runs for days. */
const warmUpSeconds = 10;

/** Whole reservations: asked for, confirmed by the room itself, paid, and seen in the read model. */
async function measure({ system, load, rooms, ceiling, seconds }: Bench): Promise<Row[]> {
  const busy = (length: number) =>
    load.run({ call: 'reserve', of: rooms.instant, loop: 'closed', inFlight, seconds: length });
  const calm = () => load.run({ call: 'reserve', of: rooms.instant, loop: 'open', perSecond, seconds: 2 * seconds });
  await busy(warmUpSeconds);
  const measured = await rounds(roundsPerFigure, async () => ({
    ceiling: await ceiling?.run(seconds),
    busy: await costing(system, () => busy(seconds)),
    calm: await costing(system, calm),
  }));
  const onStack = system.name === 'stack';
  const common = { on: system.name, ...about(measured) };
  const busyCpu = cpuEach(measured, (one) => one.busy);
  const calmCpu = cpuEach(measured, (one) => one.calm);
  const ms = (of: (one: (typeof measured.kept)[number]) => number): string => `${middle(measured, of)?.toFixed(0)} ms`;
  const wait = (quantile: 'p50' | 'p99', most: number): Row => ({
    what: `accept to PAID at ${perSecond}/s, ${quantile}`,
    value: middle(measured, ({ calm: { result } }) => result.afterAccept[quantile]),
    unit: 'ms',
    ...(onStack && { goal: { most, of: 'value' } }),
    detail: `accepted ${ms(({ calm: { result } }) => result.accept[quantile])} after its time, PAID ${ms(({ calm: { result } }) => result.latency[quantile])} after its time${failures(measured.kept.map((one) => one.calm.result))}`,
    meaning: `${perSecond} reservations a second, each begun at its time whatever became of the others; from the answer until the read model shows PAID (looked up every 4 ms)`,
    ...common,
  });
  return [
    {
      what: 'whole reservations',
      value: middle(measured, ({ busy: { result } }) => result.done / result.seconds),
      unit: 'reservations/s',
      ceiling: { value: middle(measured, (one) => one.ceiling), what: ceilingText },
      ...(onStack && { goal: { least: 300, of: 'value' } }),
      detail: `p50 ${ms(({ busy: { result } }) => result.latency.p50)}, p99 ${ms(({ busy: { result } }) => result.latency.p99)}${failures(measured.kept.map((one) => one.busy.result))}`,
      meaning: `CreateReservation of an instant-book room by gRPC until the read model shows PAID, ${inFlight} in flight; some ten durable steps in four services each, so its ceiling is far above it by nature`,
      ...common,
    },
    {
      what: 'whole reservations: processor time',
      value: busyCpu.sum,
      unit: 'ms each',
      ...(onStack && { goal: { most: 4, of: 'value' } }),
      detail: busyCpu.detail,
      meaning: 'processor time of every process for one of these, when busy',
      ...common,
    },
    {
      what: `whole reservations at ${perSecond}/s: processor time`,
      value: calmCpu.sum,
      unit: 'ms each',
      ...(onStack && { goal: { most: 8, of: 'value' } }),
      detail: calmCpu.detail,
      meaning: 'the same at a calm rate: batches are small, and looking for work that is not there counts too',
      ...common,
    },
    wait('p50', 30),
    wait('p99', 100),
  ];
}

export const reservations: Figure = { name: 'reservations', on: ['embedded', 'stack'], measure };
