/** Says of each key whether it may go on, and if not, after how many seconds. */
export type RateLimit = (key: string) => number;

/**
 * A bucket per key, as Envoy's local rate limit has them: filled at `perSecond`, holding twice that. 0 is no limit.
 * A bucket that is full again is as good as none, so the oldest are forgotten by and by.
 */
export function rateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  if (perSecond === 0) return () => 0;
  const size = 2 * perSecond;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (key) => {
    const at = now();
    const bucket = buckets.get(key) ?? { tokens: size, at };
    const tokens = Math.min(size, bucket.tokens + ((at - bucket.at) / 1_000) * perSecond);
    for (const [other, { at: touched }] of buckets) {
      if (at - touched < 2_000) break;
      buckets.delete(other);
    }
    buckets.delete(key); // and set anew: the map stays in the order of the last touch
    buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at });
    return tokens < 1 ? Math.ceil((1 - tokens) / perSecond) : 0;
  };
}
