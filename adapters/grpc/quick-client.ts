import type { Logger } from 'pino';
import { seconds } from '#kernel/time.ts';
import type { ServiceToken } from '#adapters/auth/service-token.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { grpcClient, type Callable, type GrpcClient } from './client.ts';

/**
 * Asks another service for what the asker can do without: one short try, behind a circuit breaker that answers at once
 * while the other fails.
 */
export function quickClient<Definition extends Record<string, Callable>>({
  definition,
  address,
  from,
  to,
  log,
  tls,
  token,
}: {
  definition: Definition;
  address: string;
  /** The asking service, and the asked one. */
  from: string;
  to: string;
  log: Logger;
  tls?: Tls | undefined;
  /** None for methods that anyone may call. */
  token?: ServiceToken;
}): GrpcClient<Definition> & { policies: readonly Policy[] } {
  const way = policy({
    name: to,
    timeoutMs: 500,
    attempts: 1,
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
    bulkhead: { concurrent: 128, queued: 512 },
    onStateChange: (breaker) => log.warn({ breaker }, `${from}: the circuit breaker for ${to} changed its state`),
  });
  return {
    ...grpcClient({ definition, address, policy: way, ...(tls && { tls }), ...(token && { token }) }),
    policies: [way],
  };
}
