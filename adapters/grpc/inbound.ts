import type { Metadata } from '@grpc/grpc-js';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { newId } from '#kernel/ids.ts';
import type { Scope } from '#adapters/scope/scope.ts';
import { isTraceparent } from '#adapters/telemetry/tracing.ts';
import { RpcError } from './errors.ts';
import { has, type Caller, type RpcService } from './rpc.ts';

const first = (metadata: Metadata, name: string): string | undefined => metadata.get(name)[0]?.toString();

/** What everything done for this call is marked with. A caller's own id is taken over, so that its log and ours tell one story. */
export function scopeOf(metadata: Metadata, deadline: number): Scope {
  const given = first(metadata, 'x-request-id');
  const id = given && /^[\x21-\x7e]{1,200}$/.test(given) ? given : newId();
  const traceparent = first(metadata, 'traceparent');
  return {
    correlationId: id,
    causationId: id,
    ...(deadline !== Infinity && { deadline }),
    ...(traceparent && isTraceparent(traceparent) && { traceparent }),
  };
}

/** Who calls, or nobody; a token that does not hold is refused even where none is needed. */
export function authenticated(metadata: Metadata, verifier: Verifier): Caller | undefined | Promise<Caller> {
  const authorization = first(metadata, 'authorization');
  if (authorization === undefined) return undefined;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (!token) throw new RpcError('UNAUTHENTICATED', 'UNAUTHENTICATED', 'authorization must be: Bearer TOKEN');
  return verifier.verify(token);
}

/** Refuses everybody who is not named in `who`. */
export function authorise(who: RpcService['methods'][number]['implementation']['who'], caller: Caller | undefined): void {
  if (who === 'anyone') return;
  if (!caller) throw new RpcError('UNAUTHENTICATED', 'UNAUTHENTICATED', 'this needs a token (authorization: Bearer TOKEN)');
  if (!has(caller, ...who)) throw new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', `this needs a role: ${who.join(' or ')}`);
}

export function idempotencyKey(metadata: Metadata): string | undefined {
  const key = first(metadata, 'idempotency-key');
  if (key !== undefined && !/^[\x20-\x7e]{1,200}$/.test(key))
    throw new RpcError('INVALID_ARGUMENT', 'INVALID_IDEMPOTENCY_KEY', 'an idempotency key has 1 to 200 printable ASCII characters');
  return key;
}

/** Until when a repetition may wait for the first call's answer, so that its own still arrives in time. */
export function patience({ deadline = Infinity }: Scope): number {
  return deadline - Math.min(250, (deadline - Date.now()) / 5);
}
