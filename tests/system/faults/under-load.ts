import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Business, Evidence } from './business.ts';
import { check, type Report } from './checker.ts';
import { injector, type Injector } from './injector.ts';
import type { Native } from './native.ts';

export interface Run<Seen extends Evidence = Evidence> {
  report: Report;
  snapshot: Seen;
  faults: Injector['faults'];
  surprises: readonly string[];
}

/**
 * Orders at a steady rate while `trouble` goes on; then the client learns what it does not know yet, and all is checked. What `trouble`
 * answers with is wrong as well.
 */
export async function underLoad<Seen extends Evidence>(
  place: Native,
  business: Business<Seen>,
  perSecond: number,
  trouble: (injector: Injector) => Promise<readonly string[] | void>,
): Promise<Run<Seen>> {
  const journal = join(place.folder, `journal-${randomUUID()}.jsonl`);
  const inject = injector(place);
  const load = await business.begin(place, { perSecond, journal });
  let wrong: readonly string[] | void;
  try {
    wrong = await trouble(inject);
  } finally {
    await load.stop();
  }
  return {
    ...(await check(place, business, journal)),
    faults: inject.faults,
    surprises: [...inject.surprises, ...(wrong ?? [])],
  };
}
