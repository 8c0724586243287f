import { Client, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { decodeJwt } from 'jose';
import type { Instant } from '#kernel/time.ts';
import type { ServiceToken } from '#adapters/auth/service-token.ts';
import { ClocksDiffer, Unavailable } from '#adapters/failures/failures.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { channelTo } from './channel.ts';
import { Code, RpcError, type CodeName } from '#adapters/rpc/errors.ts';
import { fromTrailers } from './trailers.ts';

/** Of the time that our own caller gives, what is left for saying what became of the call. */
const ownShareMs = 20;

/** What a call is given up with where `onlyIf` says no: nothing was asked, which says nothing of the callee. */
export const notIntended = new RpcError('CANCELLED', 'NOT_INTENDED', 'nothing was asked');

/** Makes the call only if `intend` resolves with true. */
export const onlyIf = (intend: () => Promise<boolean>) => async (): Promise<void> => {
  if (!(await intend())) throw notIntended;
};

/** One method of a generated service definition, seen from the caller. */
export interface Callable {
  path: string;
  responseStream: boolean;
  requestSerialize(request: never): Buffer;
  responseDeserialize(bytes: Buffer): unknown;
}

type Call<Method> = Method extends {
  responseStream: false;
  requestSerialize: (request: infer Request) => Buffer;
  responseDeserialize: (bytes: Buffer) => infer Response;
}
  ? (request: Request, options?: CallOptions) => Promise<Response>
  : never;

export interface CallOptions {
  /** Makes a command safe to repeat where the callee does not know it by its order. */
  idempotencyKey?: string;
  /**
   * Runs when the call is about to be sent, before the callee can receive it: records an intent that must survive. Runs again for each
   * attempt.
   */
  before?: () => Promise<unknown>;
}

export interface GrpcClient<Definition> {
  call: { [Name in keyof Definition]: Call<Definition[Name]> };
  close(): void;
}

/**
 * Calls another service in the course of the current scope: its request id and trace go along, and the answer is due before its own. The
 * token is the calling service's; for whom the call is made, its request says. Every method may be called more than once for one call
 * here, as the policy says.
 *
 * Rejects with `Unavailable` when the callee is not there, overloaded, or silent, and with the callee's `RpcError` when it refuses what is
 * asked.
 */
export function grpcClient<Definition extends Record<string, Callable>>(options: {
  definition: Definition;
  /** `lodging:50051`; all addresses that the name has are used in turn (K7). */
  address: string;
  policy: Policy;
  /** None for methods that anyone may call. */
  token?: ServiceToken;
  tls?: Tls;
  /** The time by which the token is signed. */
  now?: () => Instant;
}): GrpcClient<Definition> {
  const { definition, address, policy, token, tls, now = () => Date.now() } = options;
  const channel = channelTo(address, tls);
  const client = new Client(address, channel.credentials, {
    ...channel.options,
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.enable_retries': 0, // the policy tries again; two layers would multiply
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.dns_min_time_between_resolutions_ms': 2_000,
    // A peer that froze or vanished is found out, and not waited for call by call.
    'grpc.keepalive_time_ms': 10_000,
    'grpc.keepalive_timeout_ms': 3_000,
  });
  const call = Object.entries(definition).map(([name, method]) => [
    name,
    (request: never, { idempotencyKey, before }: CallOptions = {}) =>
      policy.run(async (signal) => {
        const shown = await token?.();
        const metadata = metadataOf(shown, idempotencyKey);
        await before?.();
        return attempt(client, method, request, metadata, policy, signal).catch((error: unknown) => {
          throw error instanceof OutOfTime && shown && isGood(shown, now())
            ? new ClocksDiffer(error.message, { cause: error })
            : error;
        });
      }),
  ]);
  return { call: Object.fromEntries(call) as GrpcClient<Definition>['call'], close: () => client.close() };
}

function attempt(
  client: Client,
  method: Callable,
  request: never,
  metadata: Metadata,
  { name, timeoutMs }: Policy,
  signal: AbortSignal,
): Promise<unknown> {
  const due = (currentScope()?.deadline ?? Infinity) - ownShareMs;
  const deadline = Math.min(Date.now() + timeoutMs, due);
  return new Promise((resolve, reject) => {
    if (deadline <= Date.now()) return reject(overdue(name));
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline },
      (error, response) => (error ? reject(meaning(error, name, deadline === due)) : resolve(response)),
    );
    signal.addEventListener('abort', () => call.cancel(), { once: true });
  });
}

function metadataOf(token: string | undefined, idempotencyKey: string | undefined): Metadata {
  const scope = currentScope();
  const metadata = new Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  if (idempotencyKey) metadata.set('idempotency-key', idempotencyKey);
  if (scope) metadata.set('x-request-id', scope.correlationId);
  if (scope?.traceparent) metadata.set('traceparent', scope.traceparent);
  return metadata;
}

/**
 * A caller that left too little time says nothing about the callee: that is not `Unavailable`, and breakers do not count it. A callee
 * that refuses this service's token says nothing about our caller, whose own token was valid: that is a fault.
 */
function meaning(error: ServiceError, callee: string, leftTooLittle: boolean): unknown {
  const { message = error.details, reason = 'UNKNOWN', ...more } = fromTrailers(error.metadata);
  if (error.code === status.DEADLINE_EXCEEDED)
    return leftTooLittle ? overdue(callee) : new Unavailable(`${callee} did not answer in time`, { cause: error });
  if (error.code === status.UNAVAILABLE) return new Unavailable(`${callee}: ${message}`, { cause: error, ...more });
  if (reason === 'TOKEN_OUT_OF_TIME')
    return new OutOfTime(`${callee} refuses the token of this service: ${message}`, { cause: error });
  if (error.code === status.UNAUTHENTICATED || error.code === status.PERMISSION_DENIED)
    return new Error(`${callee} refuses the token of this service: ${message}`, { cause: error });
  return new RpcError(codeName(error.code), reason, message, more);
}

/** By the callee's clock our token holds no longer, or not yet. */
class OutOfTime extends Error {}

const isGood = (token: string, now: Instant): boolean => (decodeJwt(token).exp ?? 0) * 1_000 > now;

const overdue = (callee: string): RpcError =>
  new RpcError('DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', `the deadline passed before ${callee} could answer`);

const names = new Map(Object.entries(Code).map(([name, code]) => [code as number, name as CodeName]));
const codeName = (code: number): CodeName => names.get(code) ?? 'INTERNAL';
