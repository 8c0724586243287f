import type { Logger } from 'pino';
import type { GrpcClient } from '#adapters/grpc/client.ts';
import { quickClient } from '#adapters/grpc/quick-client.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { Seat_State, StudycafeServiceService } from '#proto/jari/studycafe/v1/studycafe.ts';
import type { Seats } from '../ports.ts';

/** Studycafe over gRPC, behind a circuit breaker: while it fails, a quote says at once that the seat is not checked. Anyone may ask it. */
export function grpcSeats(
  address: string,
  log: Logger,
  tls?: Tls,
): Seats & { policies: readonly Policy[]; close(): void } {
  const client = quickClient({
    definition: StudycafeServiceService,
    ...{ address, from: 'seating', to: 'studycafe', log, tls },
  });
  return { policies: client.policies, close: () => client.close(), ...seatsOver(client.call) };
}

/** What studycafe's answers mean to seating. A seat that is held for another customer is taken. */
export const seatsOver = (call: Pick<GrpcClient<typeof StudycafeServiceService>['call'], 'listSeats'>): Seats => ({
  async states(cafeId, { start, end }) {
    try {
      const { seats } = await call.listSeats({ cafeId, startTime: new Date(start), endTime: new Date(end) });
      return new Map(
        seats.map(({ id, state }) => [
          id,
          state === Seat_State.FREE ? 'free' : state === Seat_State.BLOCKED ? 'blocked' : 'taken',
        ]),
      );
    } catch {
      return undefined; // the selection does without it, and so does the quote
    }
  },
});
