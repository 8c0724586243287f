import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '#kernel/time.ts';

/** The time of the database, without asking it each time. */
export interface Clock {
  /** Counts on from the last measurement by the machine's monotonic clock, so that setting the system clock does not change it. */
  now(): Instant;
  /** By how much the process's own clock is ahead of the database's; negative where it is behind. */
  skewMs(): number;
  /** Asks the database for the time. Rejects when it does not answer; then the measurement before stays. */
  measure(): Promise<void>;
}

/** Of so many answers the fastest counts: half its round trip is the most by which it can be wrong. */
const asks = 3;

// Bound at the start, so that tests that set the time do not set this.
const monotonic = performance.now.bind(performance);

/** `ask` answers with the database's time in milliseconds. Until the first measurement the process's own clock counts. */
export function clockOf(ask: () => Promise<number>): Clock {
  let ahead = Date.now() - monotonic();
  let isMeasured = false;

  async function sample(): Promise<{ ahead: number; within: number }> {
    const asked = monotonic();
    const time = await ask();
    const answered = monotonic();
    return { ahead: time - (asked + answered) / 2, within: (answered - asked) / 2 };
  }

  const now = (): Instant => Math.floor(monotonic() + ahead);
  return {
    now,
    skewMs: () => Date.now() - now(),
    async measure() {
      let best = await sample();
      for (let more = 1; more < asks; more++) {
        const next = await sample();
        if (next.within < best.within) best = next;
      }
      // A difference that the measurement itself may have made moves nothing.
      if (!isMeasured || Math.abs(best.ahead - ahead) > best.within) ahead = best.ahead;
      isMeasured = true;
    },
  };
}

/** How often the clock is measured. */
const everyMs = 60_000;

/** Measures every minute until `signal` is aborted; `measured` hears of each time. A database that does not answer is asked a minute later. */
export async function keepMeasuring(clock: Clock, measured: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    measured();
    await pause(everyMs, undefined, { ref: false, signal }).catch(() => undefined);
    if (!signal.aborted) await clock.measure().catch(() => undefined);
  }
}

/** Says by how much the process's clock is wrong, where that is more than is tolerated. */
export function skewOver(clock: Clock, toleratedSeconds: number): string | undefined {
  const skew = Math.round(clock.skewMs() / 1_000);
  if (Math.abs(skew) <= toleratedSeconds) return undefined;
  return `a right clock (CLOCK_SKEW): the machine's clock is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the database's, ${toleratedSeconds} s are tolerated`;
}
