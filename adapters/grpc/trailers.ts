import { Metadata } from '@grpc/grpc-js';
import type { Details } from '#kernel/decision.ts';
import { BadRequest, ErrorInfo, RetryInfo } from '#proto/google/rpc/error_details.ts';
import { Status } from '#proto/google/rpc/status.ts';
import { Code, statusOf, type FieldViolation } from '#adapters/rpc/errors.ts';

/** How a call ends unhappily, in the words of grpc-js. */
export interface Trailers {
  code: number;
  details: string;
  metadata: Metadata;
}

const detailsKey = 'grpc-status-details-bin';

/** `error` for the wire: google.rpc.Status beside the plain code, and for HTTP clients `retry-after` in whole seconds. */
export function toTrailers(error: unknown): Trailers {
  const status = statusOf(error);
  const metadata = new Metadata();
  metadata.set(detailsKey, Buffer.from(Status.encode(status).finish()));
  const delay = detail(status, 'google.rpc.RetryInfo', RetryInfo)?.retryDelay;
  // HTTP wants every 401 to say how to do better; gateways pass it on.
  if (status.code === Code.UNAUTHENTICATED) metadata.set('www-authenticate', 'Bearer');
  if (delay) {
    metadata.set('retry-after', String(Math.ceil(Number(delay.seconds) + delay.nanos / 1e9)));
    // The caller should retry, not Envoy: Envoy would not wait, and would triple the load.
    metadata.set('x-envoy-ratelimited', 'true');
  }
  // Headers have narrow bounds; the whole text is in the status. A pair cut in half would not encode.
  return { code: status.code, details: status.message.slice(0, 400).toWellFormed(), metadata };
}

/** What `toTrailers` wrote; all optional, since a proxy or another server may have answered. */
export function fromTrailers(metadata: Metadata): {
  message?: string;
  reason?: string;
  metadata?: Details;
  fields?: FieldViolation[];
  retryAfterMs?: number;
} {
  const [bytes] = metadata.get(detailsKey);
  if (!Buffer.isBuffer(bytes)) return {};
  const status = Status.decode(bytes);
  const info = detail(status, 'google.rpc.ErrorInfo', ErrorInfo);
  const request = detail(status, 'google.rpc.BadRequest', BadRequest);
  const delay = detail(status, 'google.rpc.RetryInfo', RetryInfo)?.retryDelay;
  return {
    message: status.message,
    ...(info && { reason: info.reason, metadata: info.metadata }),
    ...(request && { fields: request.fieldViolations.map(({ field, description }) => ({ field, description })) }),
    ...(delay && { retryAfterMs: Number(delay.seconds) * 1_000 + delay.nanos / 1e6 }),
  };
}

function detail<Detail>(
  status: Status,
  type: string,
  codec: { decode(bytes: Uint8Array): Detail },
): Detail | undefined {
  const found = status.details.find(({ typeUrl }) => typeUrl === `type.googleapis.com/${type}`);
  return found && codec.decode(found.value);
}
