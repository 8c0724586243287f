import { placeOf } from './client-address.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { rateLimit, type RateLimit } from '#adapters/rpc/rate-limit.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';

export interface Rates {
  /** Calls per second, with bursts of twice that; 0 is no limit. */
  perSubject: number;
  perAddress: number;
}

/** Counts calls; REST and gRPC of one process share one count. Throws RATE_LIMITED above the limit. */
export interface CallRates {
  ofAddress(address: string): void;
  /** Our own services are not counted. */
  ofCaller(caller: Caller): void;
}

export function callRates({ perSubject, perAddress }: Rates): CallRates {
  const addresses = rateLimit(perAddress);
  const subjects = rateLimit(perSubject);
  return {
    ofAddress: (address) => spend(addresses, placeOf(address)),
    ofCaller: ({ id, roles }) => roles.includes('service') || spend(subjects, id),
  };
}

function spend(limit: RateLimit, key: string): void {
  const seconds = limit(key);
  if (seconds > 0)
    throw new RpcError('RESOURCE_EXHAUSTED', 'RATE_LIMITED', 'too many requests', { retryAfterMs: seconds * 1_000 });
}
