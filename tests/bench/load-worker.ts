// The load, in a process of its own: `fork`ed by load.ts, told what to do message by message.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CreateReservationRequest } from '#proto/jari/lodging/v1/lodging.ts';
import { callers, ComeAgain, type Callers } from './callers.ts';
import type { Load, LoadResult, Target } from './load.ts';
import { sightings } from './sightings.ts';

interface Told {
  latencies: number[];
  refusals: number[];
  failed: number;
  failure?: string;
}

/** Does it once; it counts from `since`. */
type Once = (since: number) => Promise<void>;

const day = 86_400_000;
/** Every reservation has its own night, so that none is refused for want of one, until all nights that can be booked have been asked for once. */
const firstNight = Date.now() + 20 * day;
const nights = 700;
let asked = 0;

/** A stay of one night that nobody else asks for. */
function nextStay(rooms: readonly string[]): CreateReservationRequest {
  const nth = asked++;
  const night = firstNight + (Math.floor(nth / rooms.length) % nights) * day;
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return {
    roomId: rooms[nth % rooms.length] as string,
    checkIn: date(night),
    checkOut: date(night + day),
    guests: 2,
    agreedTotal: undefined,
  };
}

/** As many at once as `inFlight`; each begins when one has ended. */
async function closedLoop(inFlight: number, seconds: number, once: Once): Promise<Told> {
  const told: Told = { latencies: [], refusals: [], failed: 0 };
  const end = performance.now() + seconds * 1_000;
  const one = async (): Promise<void> => {
    while (performance.now() < end) await timed(told, performance.now(), once);
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return told;
}

/** Each begins at its time, whatever became of those before; and its latency counts from that time, not from when it could be sent. */
async function openLoop(perSecond: number, seconds: number, once: Once): Promise<Told> {
  const told: Told = { latencies: [], refusals: [], failed: 0 };
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let nth = 0; nth < perSecond * seconds; nth++) {
    const due = began + (nth * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    all.push(timed(told, due, once));
  }
  await Promise.all(all);
  return told;
}

async function timed(told: Told, since: number, once: Once): Promise<void> {
  const began = performance.now();
  try {
    await once(since);
    told.latencies.push(performance.now() - since);
  } catch (error) {
    told.failed++;
    if (error instanceof ComeAgain) told.refusals.push(performance.now() - began);
    else told.failure ??= (error as Error).message;
    await pause(20); // a system that refuses is not asked as fast as it can refuse
  }
}

async function run(load: Load, target: Target, by: Callers): Promise<LoadResult> {
  const accepts: number[] = [];
  const waits: number[] = [];
  const paid = load.call === 'reserve' ? await sightings(target.views, load.loop === 'open' ? 4 : 20) : undefined;
  const calls: Record<Load['call'], Once> = {
    'accept-grpc': async () => void (await by.acceptByGrpc(nextStay(load.of), randomUUID())),
    'accept-rest': async () => void (await by.acceptByRest(nextStay(load.of), randomUUID())),
    get: () => by.get(load.of),
    list: () => by.list(),
    async reserve(since) {
      const id = await by.acceptByGrpc(nextStay(load.of), randomUUID());
      const accepted = performance.now();
      accepts.push(accepted - since);
      await paid?.seen(id);
      waits.push(performance.now() - accepted);
    },
  };
  const began = performance.now();
  const once = calls[load.call];
  const { latencies, refusals, failed, failure } =
    load.loop === 'open'
      ? await openLoop(load.perSecond, load.seconds, once)
      : await closedLoop(load.inFlight, load.seconds, once);
  const seconds = (performance.now() - began) / 1_000;
  await paid?.close();
  const refused = { count: refusals.length, p50: quantile(refusals, 0.5), p95: quantile(refusals, 0.95) };
  return {
    done: latencies.length,
    failed,
    refused,
    ...(failure ? { failure } : {}),
    seconds,
    latency: quantiles(latencies),
    accept: quantiles(accepts),
    afterAccept: quantiles(waits),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
const quantiles = (values: readonly number[]): LoadResult['latency'] => ({
  p50: quantile(values, 0.5),
  p99: quantile(values, 0.99),
});

let target: Target | undefined;
let by: Callers | undefined;
process.on('message', (message: { target: Target } | { load: Load }) => {
  if ('target' in message) {
    target = message.target;
    by = callers(target);
  } else if (target && by) {
    const tell = (answer: { result: LoadResult } | { error: string }): void => void process.send?.(answer);
    run(message.load, target, by).then(
      (result) => tell({ result }),
      (error: Error) => tell({ error: error.message }),
    );
  }
});
process.on('disconnect', () => process.exit());
