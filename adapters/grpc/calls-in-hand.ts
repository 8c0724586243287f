import type { Limits } from './limits.ts';

export interface CallsInHand {
  /** Whether one more may begin. If so it counts until its `ended()`. */
  begins(): boolean;
  ended(): void;
}

/** Nobody waits longer than that for those before him: far less than callers give, or all would be done too late. */
const waitSeconds = 2;

/**
 * Tells a burst, which is worth waiting for, from overload, in which all would wait until nobody wants the answer any more: what is in
 * hand is no more than what was done in the last two seconds. The rest is refused before anything is begun.
 */
export function callsInHand(limits: Pick<Limits, 'leastCalls' | 'calls' | 'burstCalls' | 'burstMs'>, now = () => performance.now()): CallsInHand {
  const { leastCalls, calls, burstCalls, burstMs } = limits;
  let inHand = 0;
  let most = leastCalls;
  /** Calls that have ended since they were last counted. */
  let done = 0;
  let countedAt = now();
  /** Since when there is too much to do. */
  let since: number | undefined;

  function count(at: number): void {
    const seconds = (at - countedAt) / 1_000;
    if (seconds < 1) return;
    most = Math.max(leastCalls, Math.min(calls, (done / seconds) * waitSeconds));
    [done, countedAt] = [0, at];
  }

  return {
    begins() {
      const at = now();
      count(at);
      if (inHand >= most) {
        since ??= at;
        if (inHand >= burstCalls || at - since > burstMs) return false;
      }
      inHand++;
      return true;
    },
    ended() {
      inHand--;
      done++;
      // Half, for overload that stands hovers about the limit: it must not count as a new burst each time that one call ends.
      if (inHand < most / 2) since = undefined;
    },
  };
}
