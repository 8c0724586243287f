import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { check, type Report } from './checker.ts';
import { injector, type Injector } from './injector.ts';
import { startLoad } from './load.ts';
import type { Native } from './native.ts';
import { makeRooms } from './rooms.ts';
import type { Snapshot } from './snapshot.ts';

export interface Run {
  report: Report;
  snapshot: Snapshot;
  faults: Injector['faults'];
  surprises: Injector['surprises'];
}

/** Reservations at a steady rate while `trouble` goes on; then the client learns what it does not know yet, and all is checked. */
export async function underLoad(place: Native, perSecond: number, trouble: (injector: Injector) => Promise<void>): Promise<Run> {
  const journal = join(place.folder, `journal-${randomUUID()}.jsonl`);
  const inject = injector(place);
  const load = await startLoad(place, await makeRooms(place), { perSecond, journal });
  try {
    await trouble(inject);
  } finally {
    await load.stop();
  }
  return { ...(await check(place, journal)), faults: inject.faults, surprises: inject.surprises };
}
