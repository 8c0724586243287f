/** How often one caller may do what is cheap to ask for and costs others something: so many at once, and as many again within the time. */
export interface Rate {
  times: number;
  withinMs: number;
}

/** Callers of whom something is remembered. Beyond that the oldest are forgotten. */
const mostCallers = 10_000;

/** Counts by caller, within this process. Answers with 0, or with the time in milliseconds until the caller may again. */
export function rateLimiter({ times, withinMs }: Rate, now: () => number = Date.now): (caller: string) => number {
  const left = new Map<string, { times: number; at: number }>();
  const oneMs = withinMs / times;
  return (caller) => {
    const at = now();
    const known = left.get(caller);
    const has = known ? Math.min(times, known.times + (at - known.at) / oneMs) : times;
    if (has < 1) return Math.ceil((1 - has) * oneMs);
    left.delete(caller); // the newest stand last
    left.set(caller, { times: has - 1, at });
    if (left.size > mostCallers) left.delete(left.keys().next().value as string);
    return 0;
  };
}
