import type { Limits } from './limits.ts';

export interface CallsInHand {
  /** Whether one more may begin. If so it counts until its `ended()`. */
  begins(): boolean;
  ended(): void;
}

/**
 * Tells a burst, which is worth waiting for, from overload, in which all would wait until nobody wants the answer any more. What is
 * refused for overload is refused before anything is done for it: what is begun is finished, at the rate at which we finish.
 */
export function callsInHand({ calls, burstMs, burstCalls }: Pick<Limits, 'calls' | 'burstMs' | 'burstCalls'>, now = () => performance.now()): CallsInHand {
  let inHand = 0;
  /** Since when there is too much to do. */
  let since: number | undefined;
  return {
    begins() {
      if (inHand >= calls) {
        since ??= now();
        if (inHand >= burstCalls || now() - since > burstMs) return false;
      }
      inHand++;
      return true;
    },
    ended() {
      inHand--;
      // Half, for overload that stands hovers about the limit: it must not count as a new burst each time that one call ends.
      if (inHand < calls / 2) since = undefined;
    },
  };
}
