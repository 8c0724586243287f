import type { Details } from '#kernel/decision.ts';
import { currentScope } from '#adapters/scope/scope.ts';
import { ClocksDiffer, Contended, Unavailable } from '#adapters/failures/failures.ts';
import { BadRequest, ErrorInfo, RetryInfo } from '#proto/google/rpc/error_details.ts';
import type { Status } from '#proto/google/rpc/status.ts';

/** gRPC status names that we answer with, and their numbers. */
export const Code = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
export type CodeName = keyof typeof Code;

export interface FieldViolation {
  /** Path in the request, proto names: `price_per_night.units`. */
  field: string;
  description: string;
}

/** An error that the caller may see as it is. Anything else becomes INTERNAL with only the correlation id. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: CodeName;
  /** `ErrorInfo.reason`, UPPER_SNAKE; the domain is always `jari`. */
  readonly reason: string;
  readonly fields: readonly FieldViolation[];
  /** `ErrorInfo.metadata`: what a program needs to know to do better, e.g. today's total. */
  readonly metadata: Details;
  /** How long to wait before trying again helps, in milliseconds; none where it does not. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: CodeName,
    reason: string,
    message: string,
    more: { fields?: readonly FieldViolation[]; metadata?: Details; retryAfterMs?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.fields = more.fields ?? [];
    this.metadata = more.metadata ?? {};
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** `no-such-room` → NO_SUCH_ROOM, the public reason. */
export const reasonOf = (refusal: string): string => refusal.toUpperCase().replaceAll('-', '_');

/** Further violations are left out: they must fit into a trailer, which peers limit to some KiB. */
const toldViolations = 20;

export function invalid(...violations: FieldViolation[]): RpcError {
  const fields = violations.slice(0, toldViolations);
  const message = fields.map(({ field, description }) => (field ? `${field}: ${description}` : description)).join('; ');
  return new RpcError('INVALID_ARGUMENT', 'INVALID_FIELDS', message, { fields });
}

export const notFound = (what: string): RpcError => new RpcError('NOT_FOUND', 'NOT_FOUND', `no such ${what}`);

/** Refused before anything was begun. */
export const overloaded = (): RpcError =>
  new RpcError('UNAVAILABLE', 'OVERLOADED', 'the service is overloaded; try again in a moment', {
    retryAfterMs: 1_000,
  });

/** The error that the caller gets. For a fault only the correlation id, by which the log has the details. */
export function asRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof ClocksDiffer)
    return new RpcError(
      'UNAVAILABLE',
      'CLOCK_SKEW',
      'the clocks of two services differ by more than the tolerance; try again later',
      error,
    );
  if (error instanceof Unavailable)
    return new RpcError('UNAVAILABLE', 'UNAVAILABLE', 'the service is not available now; try again in a moment', error);
  if (error instanceof Contended)
    return new RpcError('ABORTED', 'CONTENDED', 'too many changes of the same resource at once; try again', {
      retryAfterMs: 1_000,
    });
  return new RpcError(
    'INTERNAL',
    'INTERNAL',
    `internal error; report the correlation id ${currentScope()?.correlationId ?? ''}`,
  );
}

/** `error` as google.rpc.Status: for trailers, and for the `error` that a stream sends before an unhappy end. */
export function statusOf(error: unknown): Status {
  const { code, reason, message, fields, metadata, retryAfterMs } = asRpcError(error);
  const details = [any('google.rpc.ErrorInfo', ErrorInfo.encode({ reason, domain: 'jari', metadata }))];
  if (fields.length)
    details.push(
      any(
        'google.rpc.BadRequest',
        BadRequest.encode({
          fieldViolations: fields.map((field) => ({ reason: '', localizedMessage: undefined, ...field })),
        }),
      ),
    );
  if (retryAfterMs !== undefined)
    details.push(
      any(
        'google.rpc.RetryInfo',
        RetryInfo.encode({
          retryDelay: { seconds: BigInt(Math.floor(retryAfterMs / 1_000)), nanos: (retryAfterMs % 1_000) * 1_000_000 },
        }),
      ),
    );
  return { code: Code[code], message, details };
}

const any = (type: string, message: { finish(): Uint8Array }): Status['details'][number] => ({
  typeUrl: `type.googleapis.com/${type}`,
  value: Buffer.from(message.finish()),
});
