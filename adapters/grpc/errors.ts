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
  /** How long to wait before trying again helps, in milliseconds; none where it does not. */
  readonly retryAfterMs: number | undefined;

  constructor(code: CodeName, reason: string, message: string, more: { fields?: readonly FieldViolation[]; retryAfterMs?: number } = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.fields = more.fields ?? [];
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** `no-such-room` → NO_SUCH_ROOM, the public reason. */
export const reasonOf = (refusal: string): string => refusal.toUpperCase().replaceAll('-', '_');

export const invalid = (...fields: FieldViolation[]): RpcError =>
  new RpcError('INVALID_ARGUMENT', 'INVALID_FIELDS', fields.map(({ field, description }) => `${field}: ${description}`).join('; '), { fields });

export const notFound = (what: string): RpcError => new RpcError('NOT_FOUND', 'NOT_FOUND', `no such ${what}`);
