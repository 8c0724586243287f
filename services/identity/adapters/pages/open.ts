import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { seconds } from '#kernel/time.ts';
import { serviceToken } from '#adapters/auth/service-token.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { grpcClient } from '#adapters/grpc/client.ts';
import { policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { SignInServiceService } from '#proto/jari/identity/v1/identity.ts';
import { signInPages } from './plugin.ts';

/** The sign-in pages for a server of web pages, which calls identity at `address`. */
export function openSignIn({
  address,
  settings,
  tls,
  verifier,
  development,
  log,
  addressOf,
}: {
  /** `identity:50051` */
  address: string;
  settings: Readonly<Record<string, unknown>>;
  tls: Tls | undefined;
  verifier: Verifier;
  development: boolean;
  log: Logger;
  addressOf(request: FastifyRequest): string;
}): { pages: FastifyPluginAsync; close(): void } {
  const client = grpcClient({
    definition: SignInServiceService,
    address,
    policy: policy({
      name: 'identity',
      timeoutMs: seconds(5),
      attempts: 1, // a second attempt to sign in would count as one
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      bulkhead: { concurrent: 128, queued: 512 },
      onStateChange: (breaker) => log.warn({ breaker }, 'the circuit breaker for identity changed its state'),
    }),
    token: serviceToken('web', settings),
    ...(tls && { tls }),
  });
  const publicUrl = String(settings['JARI_PUBLIC_URL'] ?? '');
  return {
    pages: signInPages({ identity: client.call, verifier, publicUrl, development, addressOf }),
    close: () => client.close(),
  };
}
