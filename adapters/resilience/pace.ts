/** Parts of a limit on calls. None has a clock: each gets the time, in milliseconds. */

/** Calls a second over about `windowMs`. Older calls count less. */
export interface Meter {
  count(now: number, calls: number): void;
  perSecond(now: number): number;
}

/** Shortest time over which a rate is measured: a single call right after the start is no rate. */
const leastMs = 10_000;

export function meter(windowMs: number, start: number): Meter {
  let weight = 0;
  let weighedAt = start;
  function weigh(now: number): void {
    weight *= Math.exp((weighedAt - now) / windowMs);
    weighedAt = now;
  }
  return {
    count(now, calls) {
      weigh(now);
      weight += calls;
    },
    perSecond(now) {
      weigh(now);
      const filled = 1 - Math.exp(-Math.max(now - start, leastMs) / windowMs);
      return (weight * 1_000) / (windowMs * filled);
    },
  };
}

/** Spaces calls evenly. */
export interface Spacing {
  /** When the next call may be made. */
  nextAt(): number;
  take(now: number, calls: number): void;
}

/** Delay of a timer that does not slow the calls down. */
const latenessMs = 20;

export function spacing(perSecond: (now: number) => number): Spacing {
  let next = -Infinity;
  return {
    nextAt: () => next,
    take(now, calls) {
      next = (now - next <= latenessMs ? next : now) + (calls * 1_000) / perSecond(now);
    },
  };
}

/** A limit that trouble halves and answers raise, up to `most`. */
export interface Adaptive {
  perSecond(now: number): number;
  halve(now: number): void;
  grow(now: number): void;
  lift(): void;
}

interface AdaptiveOptions {
  most(now: number): number;
  /** What the first trouble halves. */
  from(now: number): number;
  /** By how much an answer raises the limit. */
  growth(now: number): number;
}

/** Several failures at once are one trouble. */
const halvingMs = 1_000;
const leastPerSecond = 1;

export function adaptive({ most, from, growth }: AdaptiveOptions): Adaptive {
  /** Infinity: no trouble, `most` holds. */
  let value = Infinity;
  let halvedAt = -Infinity;
  return {
    perSecond: (now) => Math.min(value, most(now)),
    halve(now) {
      if (now - halvedAt < halvingMs) return;
      halvedAt = now;
      value = Math.max(leastPerSecond, Math.min(value, from(now)) / 2);
    },
    grow(now) {
      if (value < Infinity) value += growth(now);
      if (value >= most(now)) value = Infinity;
    },
    lift() {
      value = Infinity;
    },
  };
}
