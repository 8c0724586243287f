import type { Logger } from 'pino';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { quickClient } from '#adapters/grpc/quick-client.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { PropertyServiceService } from '#proto/jari/property/v1/property.ts';
import type { Nights } from '../ports.ts';

/** Property over gRPC, behind a circuit breaker: while it fails, a quote says at once that the nights are not checked. Anyone may ask it. */
export function grpcNights(
  address: string,
  log: Logger,
  tls?: Tls,
): Nights & { policies: readonly Policy[]; close(): void } {
  const client = quickClient({
    definition: PropertyServiceService,
    ...{ address, from: 'lodging', to: 'property', log, tls },
  });
  return { policies: client.policies, close: () => client.close(), ...nightsOver(client.call) };
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
