import { RpcError } from '#adapters/grpc/errors.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { Refused } from './errors.ts';
import { rateLimit, type RateLimit } from './limits.ts';

export interface Rates {
  /** Requests per second, with bursts of twice that; 0 is no limit. */
  perSubject: number;
  perAddress: number;
}

/** Refuses what is too much, and whoever shows a token that does not hold; no token at all is the service's to judge. */
export function createGuard(verifier: Verifier, rates: Rates): (address: string, authorization: string | undefined) => Promise<void> {
  const perAddress = rateLimit(rates.perAddress);
  const perSubject = rateLimit(rates.perSubject);
  return async (address, authorization) => {
    spend(perAddress, address);
    const [, token] = /^Bearer (.*)$/.exec(authorization ?? '') ?? [];
    if (token !== undefined) spend(perSubject, await subjectOf(token, verifier));
  };
}

function spend(limit: RateLimit, key: string): void {
  const seconds = limit(key);
  if (seconds > 0) throw new Refused(429, undefined, { retryAfterSeconds: seconds });
}

async function subjectOf(token: string, verifier: Verifier): Promise<string> {
  try {
    return (await verifier.verify(token)).id;
  } catch (error) {
    if (error instanceof RpcError && error.code === 'UNAUTHENTICATED') throw new Refused(401, error.message);
    throw new Refused(503, 'tokens cannot be verified at the moment');
  }
}
