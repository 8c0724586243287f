import { AsyncLocalStorage } from 'node:async_hooks';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  circuitBreaker,
  CircuitState,
  CountBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { RpcError, type CodeName } from '#adapters/rpc/errors.ts';
import { ClocksDiffer, NotCalled, TooManyCalls, Unavailable } from '#adapters/failures/failures.ts';

export type BreakerState = 'closed' | 'half-open' | 'open';

export interface PolicyOptions {
  /** The called service or provider: `inventory`, `payment-provider`. */
  name: string;
  /** Of one attempt. */
  timeoutMs: number;
  /** Attempts of a call; 1 for calls that must not be repeated automatically. */
  attempts: number;
  /** Opens when more than `failureShare` (0–1) of the last `calls` failed, of at least `minimum`; lets one call try again after `openMs`. */
  breaker: { failureShare: number; calls: number; minimum: number; openMs: number };
  /** Most calls at once, and most that wait for one of them to end, so that a slow callee cannot block more. */
  bulkhead: { concurrent: number; queued: number };
  onStateChange?(state: BreakerState): void;
}

/** The way out to one callee, over gRPC or HTTP alike. */
export interface Policy {
  readonly name: string;
  readonly timeoutMs: number;
  breakerState(): BreakerState;
  /** Rejects with `Unavailable` for an open breaker, a full bulkhead, and no answer in time; else with what `call` rejected with. */
  run<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

/** A call that keeps to its own deadline ends before it is cut off, and says more about it. */
const cutOffMs = 50;

export function policy(options: PolicyOptions): Policy {
  const { name, timeoutMs, attempts, breaker, onStateChange } = options;
  const budget = retryBudget();
  const retrying = retry(
    handleWhen((error) => isTransient(error) && budget.spend()),
    { maxAttempts: attempts - 1, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) }, // jittered
  );
  const breaking = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: breaker.openMs,
    breaker: new CountBreaker({
      threshold: breaker.failureShare,
      size: breaker.calls,
      minimumNumberOfCalls: breaker.minimum,
    }),
  });
  const guarded = wrap(
    breaking,
    bulkhead(options.bulkhead.concurrent, options.bulkhead.queued),
    timeout(timeoutMs + cutOffMs, TimeoutStrategy.Aggressive),
  );

  /** While one call sees whether the callee is back, all others would wait for what it finds: as long as a callee that is silent takes. */
  async function attempt<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (breaking.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return guarded.execute(({ signal }) => call(signal));
  }

  const breakerState = (): BreakerState => states[breaking.state];
  if (onStateChange) breaking.onStateChange((state) => onStateChange(states[state]));

  return {
    name,
    timeoutMs,
    breakerState,
    async run(call) {
      // A waiting call is started by the one before it; it must still run in its own scope, deadline and trace.
      const inOwnScope = AsyncLocalStorage.snapshot();
      try {
        const result = await retrying.execute(() => attempt((signal) => inOwnScope(call, signal)));
        budget.earn();
        return result;
      } catch (error) {
        if (error instanceof BrokenCircuitError)
          throw new NotCalled(`${name} fails; calls to it are suspended for a moment`, {
            cause: error,
            retryAfterMs: breaker.openMs,
          });
        if (error instanceof BulkheadRejectedError)
          throw new NotCalled(`too many calls to ${name} at once`, { cause: error });
        if (error instanceof TaskCancelledError)
          throw new Unavailable(`${name} did not answer in time`, { cause: error });
        throw error;
      }
    },
  };
}

const states: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
};

/** Answers that say something of the callee; all others (NOT_FOUND, FAILED_PRECONDITION …) say something of the request. */
const sick: ReadonlySet<CodeName> = new Set(['INTERNAL', 'UNAVAILABLE']);

const isFailure = (error: unknown): boolean =>
  !(error instanceof BulkheadRejectedError || error instanceof ClocksDiffer || error instanceof TooManyCalls) &&
  (!(error instanceof RpcError) || sick.has(error.code));

const isTransient = (error: unknown): boolean =>
  (error instanceof Unavailable && !(error instanceof ClocksDiffer)) ||
  error instanceof TaskCancelledError ||
  (error instanceof RpcError && error.code === 'ABORTED');

/**
 * For ten calls that were answered, one that was not may be tried again: a callee in trouble is not given the rest with twice the calls,
 * and those who wait for it do not hold its places twice as long. Some are free at the start.
 */
function retryBudget(): { earn(): void; spend(): boolean } {
  let saved = 10;
  return {
    earn: () => void (saved = Math.min(10, saved + 0.1)),
    spend() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
