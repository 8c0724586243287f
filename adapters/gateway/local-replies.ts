import type { FieldViolation } from '#adapters/rpc/errors.ts';

/** An answer of the gateway itself, before or instead of a service. */
export interface LocalReply {
  /** HTTP status. */
  status: number;
  /** gRPC's number for the same. */
  code: number;
  /** `ErrorInfo.reason`; the domain is always `jari`. */
  reason: string;
  /** Used when nothing more exact is known. */
  message: string;
  /** When a retry helps: RetryInfo in the body, `Retry-After` in the headers. */
  retryAfterSeconds?: number;
}

/**
 * One row per HTTP status, because that is all that Envoy's `local_reply_config` can go by: its generator (deploy/envoy) and the
 * embedded gateway read the same table, so that a client cannot tell them apart.
 */
export const localReplies: readonly LocalReply[] = [
  { status: 400, code: 3, reason: 'MALFORMED', message: 'the request is malformed' },
  { status: 401, code: 16, reason: 'UNAUTHENTICATED', message: 'the token is not valid' },
  { status: 403, code: 7, reason: 'PERMISSION_DENIED', message: 'the caller may not do this' },
  { status: 404, code: 5, reason: 'NOT_FOUND', message: 'no such path or method' },
  { status: 405, code: 12, reason: 'METHOD_NOT_ALLOWED', message: 'this path does not allow this HTTP method' },
  { status: 408, code: 4, reason: 'REQUEST_TIMEOUT', message: 'the request took too long to arrive' },
  { status: 413, code: 3, reason: 'BODY_TOO_LARGE', message: 'the body is over 64 KiB' },
  {
    status: 415,
    code: 3,
    reason: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'the body must be JSON, with content-type application/json',
  },
  { status: 421, code: 5, reason: 'UNKNOWN_HOST', message: 'this host name is not served here' },
  { status: 429, code: 8, reason: 'RATE_LIMITED', message: 'too many requests', retryAfterSeconds: 1 },
  { status: 431, code: 3, reason: 'HEADERS_TOO_LARGE', message: 'the headers are over 32 KiB' },
  { status: 500, code: 13, reason: 'INTERNAL', message: 'internal error' },
  {
    status: 502,
    code: 14,
    reason: 'BAD_GATEWAY',
    message: 'the answer of the service cannot be read, or is over 4 MiB',
  },
  { status: 503, code: 14, reason: 'UNAVAILABLE', message: 'the service cannot be reached', retryAfterSeconds: 1 },
  { status: 504, code: 4, reason: 'DEADLINE_EXCEEDED', message: 'the service did not answer in time' },
];

const internal = localReplies.find(({ status }) => status === 500) as LocalReply;

/** The row for an HTTP status; an unknown status is a fault of the gateway. */
export const localReply = (status: number): LocalReply => localReplies.find((row) => row.status === status) ?? internal;

/** The body of a reply: google.rpc.Status as the transcoder prints it. */
export const statusJson = (
  { code, reason, message, retryAfterSeconds }: LocalReply,
  said = message,
  fields: readonly FieldViolation[] = [],
) => ({
  code,
  message: said,
  details: [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'jari', metadata: {} },
    ...(fields.length > 0
      ? [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: fields.map((field) => ({ ...field, reason: '' })),
          },
        ]
      : []),
    ...(retryAfterSeconds === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` }]),
  ],
});
