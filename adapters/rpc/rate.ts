/** How often one caller may do what is cheap to ask for and costs others something: so many at once, and as many again within the time. */
export interface Rate {
  times: number;
  withinMs: number;
}

/** Changes of listings: properties, rooms, cafes, products and lessons together, in each process. A setting gives another number. */
export const listingChanges: Rate = { times: 300, withinMs: 600_000 };

/** Callers of whom something is remembered. Beyond that the oldest are forgotten. */
const mostCallers = 10_000;

/** Counts by caller, within this process. */
export interface RateCount {
  /** 0, or the time in milliseconds until the caller may again. Counts nothing. */
  wait(caller: string): number;
  count(caller: string): void;
}

export function rateCount({ times, withinMs }: Rate, now: () => number = Date.now): RateCount {
  const left = new Map<string, { times: number; at: number }>();
  const oneMs = withinMs / times;
  const has = (caller: string): number => {
    const known = left.get(caller);
    return known ? Math.min(times, known.times + (now() - known.at) / oneMs) : times;
  };
  return {
    wait: (caller) => Math.ceil(Math.max(0, 1 - has(caller)) * oneMs),
    count(caller) {
      const after = Math.max(0, has(caller) - 1);
      left.delete(caller); // the newest stand last
      left.set(caller, { times: after, at: now() });
      if (left.size > mostCallers) left.delete(left.keys().next().value as string);
    },
  };
}

/** Counts each call that may be made. Answers with 0, or with the time in milliseconds until the caller may again. */
export function rateLimiter(rate: Rate, now?: () => number): (caller: string) => number {
  const { wait, count } = rateCount(rate, now);
  return (caller) => {
    const waitMs = wait(caller);
    if (!waitMs) count(caller);
    return waitMs;
  };
}

/** One limiter for each rate, so that methods with the same one share what a caller may. `timesOf`: so many at once; 0 is no limit. */
export function rateLimiters(
  timesOf: (rate: Rate) => number = ({ times }) => times,
  now?: () => number,
): (rate: Rate) => (caller: string) => number {
  const limiters = new Map<Rate, (caller: string) => number>();
  return (rate) => {
    const times = timesOf(rate);
    const limiter = limiters.get(rate) ?? (times ? rateLimiter({ ...rate, times }, now) : () => 0);
    limiters.set(rate, limiter);
    return limiter;
  };
}
