import type { Logger } from 'pino';
import { seconds } from '#kernel/time.ts';
import { grpcClient, type GrpcClient } from '#adapters/grpc/client.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { PropertyServiceService } from '#proto/jari/property/v1/property.ts';
import type { Nights } from '../ports.ts';

/** Property over gRPC, behind a circuit breaker: while it fails, a quote says at once that the nights are not checked. Anyone may ask it. */
export function grpcNights(
  address: string,
  log: Logger,
  tls?: Tls,
): Nights & { policies: readonly Policy[]; close(): void } {
  const way = policy({
    name: 'property',
    timeoutMs: 500,
    attempts: 1,
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
    bulkhead: { concurrent: 128, queued: 512 },
    onStateChange: (breaker) => log.warn({ breaker }, 'lodging: the circuit breaker for property changed its state'),
  });
  const client = grpcClient({ definition: PropertyServiceService, address, policy: way, ...(tls && { tls }) });
  return { policies: [way], close: () => client.close(), ...nightsOver(client.call) };
}

/** What property's answers mean to lodging. */
export const nightsOver = (
  call: Pick<GrpcClient<typeof PropertyServiceService>['call'], 'getAvailability'>,
): Nights => ({
  async free(roomId, from, to) {
    try {
      const { nights } = await call.getAvailability({ roomId, from, to });
      return new Set(nights.filter(({ free }) => free).map(({ date }) => date));
    } catch {
      return undefined; // the reservation does without it, and so does the quote
    }
  },
});
