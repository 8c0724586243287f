import type { Limits } from './limits.ts';

export interface CallsInFlight {
  /** Whether one more may begin. If so it counts until its `ended()`. */
  begins(): boolean;
  ended(): void;
}

/** Longest wait behind other calls; far less than the time-outs of callers, so that answers are in time. */
const waitSeconds = 2;

/**
 * Limits the calls in flight to the number that was finished in the last two seconds, with room for a short burst. Further calls are
 * refused before any work; otherwise under overload every answer would come after its caller has left.
 */
export function callsInFlight(
  limits: Pick<Limits, 'leastCalls' | 'calls' | 'burstCalls' | 'burstMs'>,
  now = () => performance.now(),
): CallsInFlight {
  const { leastCalls, calls, burstCalls, burstMs } = limits;
  let inFlight = 0;
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
      if (inFlight >= most) {
        since ??= at;
        if (inFlight >= burstCalls || at - since > burstMs) return false;
      }
      inFlight++;
      return true;
    },
    ended() {
      inFlight--;
      done++;
      // Half of the limit, because lasting overload stays close to it: the end of one call must not start a new burst.
      if (inFlight < most / 2) since = undefined;
    },
  };
}
