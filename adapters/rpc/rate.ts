import { days } from '#kernel/time.ts';

interface Who {
  id: string;
  roles: readonly string[];
}

/** How often one caller may do what is cheap to ask for and costs others something: so many at once, and as many again within the time. */
export interface Rate {
  times: number;
  withinMs: number;
  /** Whose calls count; without it, everybody's. */
  of?(caller: Who): boolean;
  /** A call that is refused does not count. */
  onlyDone?: true;
}

/** Changes of listings: properties, rooms, cafes, products and lessons together, in each process. A setting gives another number. */
export const listingChanges: Rate = { times: 300, withinMs: 600_000 };

/**
 * Orders of one customer, in all businesses together in each process, however many of them are cancelled again: each costs its provider
 * messages, and may cost a charge and a refund. A setting gives another number.
 */
export const ordersMade: Rate = { times: 200, withinMs: days(1), onlyDone: true };

/**
 * Attempts to cancel by one person, in all businesses together in each process: each writes to others, also one that comes to nothing, and
 * the customer centre refunds orders in full. Administrators are not counted. A setting gives another number.
 */
export const cancellations: Rate = { times: 100, withinMs: days(1), of: ({ roles }) => !roles.includes('admin') };

/** Answers to persons that are kept for repetitions, of all methods together, in each process. A setting gives another number. */
export const newKeys: Rate = { times: 2_000, withinMs: 3_600_000, of: ({ roles }) => !roles.includes('service') };

/** Callers of whom something is remembered. Beyond that the oldest are forgotten. */
const mostCallers = 10_000;

/** Counts by caller, within this process. */
export interface RateCount {
  /** 0, or the time in milliseconds until the caller may again. Counts nothing. */
  wait(caller: string): number;
  count(caller: string): void;
  /** Takes a count back. */
  uncount(caller: string): void;
}

export function rateCount({ times, withinMs }: Rate, now: () => number = Date.now): RateCount {
  const left = new Map<string, { times: number; at: number }>();
  const oneMs = withinMs / times;
  const has = (caller: string): number => {
    const known = left.get(caller);
    return known ? Math.min(times, known.times + (now() - known.at) / oneMs) : times;
  };
  function keep(caller: string, more: number): void {
    const after = Math.min(times, Math.max(0, has(caller) + more));
    left.delete(caller); // the newest stand last
    left.set(caller, { times: after, at: now() });
    if (left.size > mostCallers) left.delete(left.keys().next().value as string);
  }
  return {
    wait: (caller) => Math.ceil(Math.max(0, 1 - has(caller)) * oneMs),
    count: (caller) => keep(caller, -1),
    uncount: (caller) => keep(caller, 1),
  };
}

/** Counts the calls of a method. */
export interface RateLimiter {
  /** Counts the call if it may be made. Answers with 0, or with the time in milliseconds until the caller may again. */
  ask(caller: Who): number;
  /** Nothing came of the call. */
  failed(caller: Who): void;
}

function rateLimiter(rate: Rate, now?: () => number): RateLimiter {
  const { wait, count, uncount } = rateCount(rate, now);
  const counts = (caller: Who): boolean => rate.of?.(caller) ?? true;
  return {
    ask(caller) {
      if (!counts(caller)) return 0;
      const waitMs = wait(caller.id);
      if (!waitMs) count(caller.id);
      return waitMs;
    },
    failed(caller) {
      if (rate.onlyDone && counts(caller)) uncount(caller.id);
    },
  };
}

const unlimited: RateLimiter = { ask: () => 0, failed: () => {} };

/** One limiter for each rate, so that methods with the same one share what a caller may. `timesOf`: so many at once; 0 is no limit. */
export function rateLimiters(
  timesOf: (rate: Rate) => number = ({ times }) => times,
  now?: () => number,
): (rate: Rate) => RateLimiter {
  const limiters = new Map<Rate, RateLimiter>();
  return (rate) => {
    const times = timesOf(rate);
    const limiter = limiters.get(rate) ?? (times ? rateLimiter({ ...rate, times }, now) : unlimited);
    limiters.set(rate, limiter);
    return limiter;
  };
}
