import type { Metadata } from '@grpc/grpc-js';
import { bearerToken } from '#adapters/auth/bearer.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { newId } from '#kernel/ids.ts';
import { preferredLanguage } from '#kernel/language.ts';
import { minutes } from '#kernel/time.ts';
import type { Scope } from '#adapters/scope/scope.ts';
import { isTraceparent } from '#adapters/telemetry/tracing.ts';
import { addressHeader, clientAddress, gatewayHeader, withoutPort } from './client-address.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { has, type Caller, type RpcService } from '#adapters/rpc/rpc.ts';

const first = (metadata: Metadata, name: string): string | undefined => metadata.get(name)[0]?.toString();

/**
 * What everything done for this call is marked with. A caller's own id is taken over, so that its log and ours tell one story; what others
 * are shown as the cause of an event is an id of ours, in which nobody can write.
 */
export function scopeOf(metadata: Metadata, deadline: number, address: string): Scope {
  const given = first(metadata, 'x-request-id');
  const id = newId();
  const traceparent = first(metadata, 'traceparent');
  return {
    correlationId: given && /^[\x21-\x7e]{1,200}$/.test(given) ? given : id,
    causationId: id,
    clientAddress: address,
    ...(deadline !== Infinity && { deadline }),
    ...(traceparent && isTraceparent(traceparent) && { traceparent }),
  };
}

/** The language that the call asks for, if it is one of ours. */
export function languageIn(metadata: Metadata): Pick<Caller, 'language'> {
  const language = preferredLanguage(first(metadata, 'accept-language'));
  return language ? { language } : {};
}

/** Where callers connect from. */
export interface InboundRules {
  /** Number of trusted proxies in front, whose `x-forwarded-for` counts. */
  trustedHops: number;
  /** What the gateway in this process shows; without it every caller is a gateway or one of our services, as in a network of their own. */
  gatewaySecret?: string;
}

/** Whether a gateway passes the call on, which has counted it already. */
export const isFromGateway = (metadata: Metadata, { gatewaySecret }: InboundRules): boolean =>
  gatewaySecret === undefined || first(metadata, gatewayHeader) === gatewaySecret;

/** The client address that the gateway sends; otherwise the peer of the connection. */
export function addressOfClient(metadata: Metadata, peer: string, door: InboundRules): string {
  const told = isFromGateway(metadata, door) ? first(metadata, addressHeader) : undefined;
  return (
    told ??
    clientAddress(
      withoutPort(peer),
      first(metadata, 'x-forwarded-for'),
      door.gatewaySecret === undefined ? 0 : door.trustedHops,
    )
  );
}

/** The caller, if there is a token. An invalid token is refused even where none is needed. */
export async function authenticated(
  metadata: Metadata,
  verifier: Verifier,
  refused: () => void,
): Promise<Caller | undefined> {
  try {
    const token = bearerToken(first(metadata, 'authorization'));
    return token === undefined ? undefined : await verifier.verify(token);
  } catch (error) {
    refused();
    throw error;
  }
}

/** Refuses callers without a role of `who`. */
export function authorise(
  who: RpcService['methods'][number]['implementation']['who'],
  caller: Caller | undefined,
): void {
  if (who === 'anyone') return;
  if (!caller)
    throw new RpcError('UNAUTHENTICATED', 'UNAUTHENTICATED', 'a token is required (authorization: Bearer TOKEN)');
  if (!has(caller, ...who))
    throw new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', `this needs the role ${who.join(' or ')}`);
}

/** How long a sign-in is recent. */
const recentMs = minutes(5);

/** Refuses callers who did not prove who they are within the last minutes. The token is good: it is not UNAUTHENTICATED, which asks for another one. */
export function requireRecentSignIn({ authTime = 0 }: Caller, now = Date.now()): void {
  if (now - authTime > recentMs)
    throw new RpcError(
      'FAILED_PRECONDITION',
      'SIGN_IN_AGAIN',
      'this needs a sign-in of the last five minutes: sign in again, then repeat the call',
    );
}

/** Refuses callers whose token says that they have not verified their e-mail address. Whoever verifies it gets through with the next token. */
export function requireVerifiedEmail({ emailVerified }: Caller): void {
  if (emailVerified === false)
    throw new RpcError(
      'FAILED_PRECONDITION',
      'VERIFY_FIRST',
      'this needs a verified e-mail address: follow the link that was mailed to you, or ask for another one on the page /account, then repeat the call',
    );
}

export function idempotencyKey(metadata: Metadata): string | undefined {
  const key = first(metadata, 'idempotency-key');
  if (key !== undefined && !/^[\x20-\x7e]{1,200}$/.test(key))
    throw new RpcError(
      'INVALID_ARGUMENT',
      'INVALID_IDEMPOTENCY_KEY',
      'the idempotency key must have 1 to 200 printable ASCII characters',
    );
  return key;
}

/** Until when a repetition may wait for the first call's answer, so that its own still arrives in time. */
export function callDeadline({ deadline = Infinity }: Scope): number {
  return deadline - Math.min(250, (deadline - Date.now()) / 5);
}
