import { issueToken } from '#adapters/auth/token.ts';
import { loadProcess, type LoadResult } from '../../bench/load.ts';
import { family, memoryOf, processes } from '../../bench/machine.ts';
import { makeRooms } from './lodging/rooms.ts';
import type { Native } from './native.ts';
import { slowTable } from './slow-table.ts';

export interface Overload {
  /** Reservations accepted a second, with as many callers as it likes to have. */
  peak: number;
  /** The same while five times as many are asked for. */
  goodput: number;
  under: LoadResult;
  /** Megabytes at the end, by part. */
  memory: Record<string, number>;
}

/** Enough to have lodging always busy, and few enough to be taken on. */
const callers = 128;
const times = 5;

/**
 * Five times as many reservations as lodging can accept, by REST through the gateway or by gRPC past it. What it can is bounded by a
 * slow database: a bound that is the same on every machine, and leaves the processor to the load itself.
 */
export async function overload(place: Native, by: 'rest' | 'grpc', seconds: number): Promise<Overload> {
  const tokens = await Promise.all(Array.from({ length: 8 }, (_, nth) => issueToken(`crowd-${nth}`, place.key)));
  const { asking } = await makeRooms(place);
  const load = loadProcess({ lodging: place.grpcOf('lodging'), rest: place.rest, views: '', tokens });
  const call = `accept-${by}` as const;
  const quickAgain = await slowTable(place, 'lodging', 'reservation', 15);
  try {
    const calm = await load.run({ call, of: asking, loop: 'closed', inFlight: callers, seconds: Math.min(4, seconds) });
    const peak = calm.done / calm.seconds;
    const under = await load.run({ call, of: asking, loop: 'open', perSecond: times * peak, seconds });
    const all = processes();
    const memory = Object.fromEntries(
      place.stack.parts.map(({ name, running }) => [name, memoryOf(family(all, running()?.pid ?? 0))]),
    );
    return { peak, goodput: under.done / under.seconds, under, memory };
  } finally {
    load.stop();
    await quickAgain();
  }
}
