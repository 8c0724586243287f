import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { status as Grpc, type ServiceError } from '@grpc/grpc-js';
import { RpcError } from '#adapters/rpc/errors.ts';
import { localReply, statusJson, type LocalReply } from './local-replies.ts';
import { Malformed } from './malformed.ts';
import type { Transcoder } from './transcode.ts';

/** Refused by the gateway itself. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reply: LocalReply;
  /** With 405: by what the path may be asked. */
  readonly allow: string | undefined;

  constructor(
    status: number,
    message = localReply(status).message,
    { retryAfterSeconds, allow }: { retryAfterSeconds?: number; allow?: string } = {},
  ) {
    super(message);
    this.allow = allow;
    this.reply = { ...localReply(status), ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  }
}

/** How an error goes out. */
export interface ErrorAnswer {
  status: number;
  /** google.rpc.Status, as JSON. */
  body: string;
  retryAfterSeconds?: number | undefined;
}

/** As `convert_grpc_status` has it. */
const httpStatus: Readonly<Partial<Record<Grpc, number>>> = {
  [Grpc.CANCELLED]: 499,
  [Grpc.INVALID_ARGUMENT]: 400,
  [Grpc.DEADLINE_EXCEEDED]: 504,
  [Grpc.NOT_FOUND]: 404,
  [Grpc.ALREADY_EXISTS]: 409,
  [Grpc.PERMISSION_DENIED]: 403,
  [Grpc.RESOURCE_EXHAUSTED]: 429,
  [Grpc.FAILED_PRECONDITION]: 400,
  [Grpc.ABORTED]: 409,
  [Grpc.OUT_OF_RANGE]: 400,
  [Grpc.UNIMPLEMENTED]: 501,
  [Grpc.UNAVAILABLE]: 503,
  [Grpc.UNAUTHENTICATED]: 401,
};

export function serviceAnswer(error: ServiceError, transcoder: Transcoder): ErrorAnswer {
  const [details] = error.metadata.get('grpc-status-details-bin');
  const status = httpStatus[error.code] ?? 500;
  if (Buffer.isBuffer(details)) return { status, body: transcoder.status(details) };
  return { status, body: JSON.stringify({ code: error.code, message: error.details, details: [] }) };
}

/** Nothing came from a service: the call never arrived, its connection broke, or it took too long. */
export const isOurs = (error: ServiceError): boolean => Object.keys(error.metadata.getMap()).length === 0;

export function ownAnswer(error: unknown): ErrorAnswer {
  const reply = replyTo(error);
  const said =
    error instanceof Refused || error instanceof RpcError || error instanceof Malformed ? error.message : reply.message;
  const body = JSON.stringify(statusJson(reply, said, error instanceof Malformed ? error.fields : []));
  return { status: reply.status, body, retryAfterSeconds: reply.retryAfterSeconds };
}

function replyTo(error: unknown): LocalReply {
  if (error instanceof Refused) return error.reply;
  if (error instanceof RpcError)
    return error.code === 'RESOURCE_EXHAUSTED'
      ? { ...localReply(429), retryAfterSeconds: Math.ceil((error.retryAfterMs ?? 1_000) / 1_000) }
      : localReply(401);
  if (error instanceof Malformed || error instanceof URIError) return localReply(400);
  if (isServiceError(error))
    return localReply(error.code === Grpc.DEADLINE_EXCEEDED ? 504 : error.code === Grpc.UNAVAILABLE ? 503 : 502);
  return localReply(error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500);
}

export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'metadata' in error && 'details' in error;

/** What could not even be read as a request is answered on the bare socket. */
export function refuseUnread(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, body } = ownAnswer(
    new Refused(error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400),
  );
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
