import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { Writable } from 'node:stream';
import { newId } from '#kernel/ids.ts';
import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { newKey, publicJwks, type SigningKey } from '#adapters/auth/keys.ts';
import { audience, issuer, issueToken } from '#adapters/auth/token.ts';
import { createVerifier } from '#adapters/auth/verifier.ts';
import { currentScope, spendOnce, type Scope } from '#adapters/scope/scope.ts';
import { logger } from '#adapters/telemetry/log.ts';
import {
  CancelPreview,
  LodgingServiceService,
  Reservation,
  type CancelReservationRequest,
  type CreateReservationRequest,
} from '#proto/jari/lodging/v1/lodging.ts';
import { ViewsServiceService, WatchOrderResponse } from '#proto/jari/views/v1/views.ts';
import { KeyTaken, type KeptAnswer, type KeptAnswers, type KeyedCall } from '#adapters/rpc/idempotency.ts';
import type { Limits } from './limits.ts';
import { notFound } from '#adapters/rpc/errors.ts';
import { command, openQuery, query, rpcService, stream } from '#adapters/rpc/rpc.ts';
import { startGrpcServer, type GrpcServer, type GrpcServerOptions } from './server.ts';
import { fromTrailers } from './trailers.ts';

/** A booking that succeeds unless its room has ideas of its own. */
type Booking = StoredAggregate<{ roomId: string; guestId: string }>;
type Room = (
  book: () => Booking,
) => Promise<Updated<Booking['state'], 'nights-taken' | 'too-many-guests' | 'too-many-holds'>>;

/** Kept answers in memory. `kept` may be shared, as a database is by processes. */
export function memoryAnswers(
  kept = new Map<string, KeptAnswer>(),
): KeptAnswers & { kept: Map<string, KeptAnswer>; keep(call: KeyedCall, answer: KeptAnswer): void } {
  const id = ({ caller, method, key }: KeyedCall): string => [caller, method, key].join(' ');
  const keep = (call: KeyedCall, answer: KeptAnswer): void => {
    if (kept.has(id(call))) throw new KeyTaken();
    kept.set(id(call), answer);
  };
  return {
    kept,
    keep,
    find: async (call) => kept.get(id(call)),
    keepRefusal: async (call, fingerprint, refusal) => keep(call, { fingerprint, refusal }),
  };
}

/** A small lodging service and a stream, in memory, behind the real server. */
export async function openTestServer(
  more: {
    limits?: Partial<Limits>;
    metrics?: GrpcServerOptions['metrics'];
    answers?: ReturnType<typeof memoryAnswers>;
    port?: number;
    key?: SigningKey;
  } & Pick<GrpcServerOptions, 'rates' | 'door' | 'trails' | 'verifiedEmail' | 'staffRolesOf'> = {},
) {
  const { answers = memoryAnswers(), limits = {}, metrics, port = 0, key = await newKey() } = more;
  const { rates, door, trails, verifiedEmail = false, staffRolesOf } = more;
  const bookings = new Map<string, Booking>();
  const rooms = new Map<string, Room>();
  const scopes: Scope[] = [];
  const watched: { signal?: AbortSignal; source: () => AsyncIterable<WatchOrderResponse> } = {
    source: async function* () {},
  };

  /** What the store does: state and proof of having been done once, in one step. */
  const book = (roomId: string, guestId: string) => (): Booking => {
    const after: Booking = {
      id: newId(),
      version: 1,
      createdAt: Date.now(),
      updatedAt: Date.now(),
      state: { roomId, guestId },
    };
    const once = spendOnce();
    if (once?.by === 'key')
      answers.keep(once, { fingerprint: once.fingerprint, response: once.answer(after as never) });
    bookings.set(after.id, after);
    return after;
  };
  const toReservation = ({ id, state }: Booking): Reservation => Reservation.fromPartial({ id, ...state });
  const never = query<never, never>([], () => Promise.reject(new Error('not reached')));

  const lodging = rpcService(LodgingServiceService, {
    quoteReservation: never,
    createReservation: command(['customer'], {
      verifiedEmail: true,
      run: async ({ roomId }: CreateReservationRequest, caller) => {
        scopes.push(currentScope()!);
        const room = rooms.get(roomId) ?? (async (made) => ({ accepted: true, after: made() }));
        return room(book(roomId, caller.id));
      },
      answer: toReservation,
      refusals: {
        'nights-taken': { code: 'FAILED_PRECONDITION', text: 'these nights are taken' },
        'too-many-guests': { code: 'INVALID_ARGUMENT', text: 'the room holds 2', field: 'guests' },
        'too-many-holds': { code: 'RESOURCE_EXHAUSTED', text: 'enough for now' },
      },
    }),
    getReservation: openQuery(async ({ reservationId }) => {
      const found = bookings.get(reservationId);
      if (!found) throw notFound('reservation');
      return toReservation(found);
    }),
    listReservations: query(['admin', 'agent'], async () => ({
      reservations: [...bookings.values()].map(toReservation),
      nextPageToken: '',
    })),
    cancelReservation: command(['customer'], {
      rate: { times: 3, withinMs: 3_600_000 },
      onRecord: true,
      hidden: (fingerprint) => `hidden ${fingerprint}`,
      run: async ({ reservationId }: CancelReservationRequest, { id }) =>
        reservationId === id ? { accepted: true, after: book(id, id)() } : { accepted: false, refusal: 'not-yours' },
      answer: toReservation,
      refusals: { 'not-yours': { code: 'FAILED_PRECONDITION', text: 'somebody else made it' } },
    }),
    previewCancellation: query(['service'], async () => {
      scopes.push(currentScope()!);
      return CancelPreview.fromPartial({});
    }),
  });
  const views = rpcService(ViewsServiceService, {
    listOrders: never,
    getOrder: never,
    getKpis: never,
    watchOrder: stream(['customer'], (_request, _caller, signal) => {
      watched.signal = signal;
      return watched.source();
    }),
    watchOrders: stream(['customer'], () => watched.source() as AsyncIterable<never>),
  });

  const log: Record<string, unknown>[] = [];
  const server = await startGrpcServer({
    services: [lodging, views],
    address: `127.0.0.1:${port}`,
    verifier: createVerifier({ jwks: publicJwks(key), issuer, audience }),
    idempotency: answers,
    log: logger(
      'lodging',
      new Writable({ write: (line, _encoding, done) => (log.push(JSON.parse(String(line))), done()) }),
    ),
    limits,
    verifiedEmail,
    ...(metrics && { metrics }),
    ...(rates && { rates }),
    ...(door && { door }),
    ...(trails && { trails }),
    ...(staffRolesOf && { staffRolesOf }),
  });
  server.setServing(true);
  const token = (name: string): Promise<string> => issueToken(name, key);
  return {
    server,
    address: `127.0.0.1:${server.port}`,
    bookings,
    rooms,
    scopes,
    watched,
    log,
    answers,
    key,
    token,
    ...caller(server, token),
  };
}

export interface Asked {
  /** Whose token to show. */
  as?: string;
  metadata?: Record<string, string>;
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** How a call ended: `code` 0 with bytes, or a status with its details. */
export interface Ended {
  code: number;
  response?: Buffer;
  message?: string;
  /** The plain message beside the status. */
  details?: string;
  reason?: string;
  fields?: readonly unknown[];
  retryAfterMs?: number;
  retryAfter?: unknown;
}

/** A client that can send anything. */
function caller({ port }: GrpcServer, token: (name: string) => Promise<string>) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const headers = async ({ as, metadata = {} }: Asked): Promise<Metadata> => {
    const sent = new Metadata();
    if (as) sent.set('authorization', `Bearer ${await token(as)}`);
    for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
    return sent;
  };
  const ended = (error: ServiceError): Ended => ({
    code: error.code,
    details: error.details,
    message: error.details,
    ...fromTrailers(error.metadata),
    retryAfter: error.metadata.get('retry-after')[0],
  });

  return {
    client,
    async send(path: string, bytes: Uint8Array, asked: Asked = {}): Promise<Ended> {
      const sent = await headers(asked);
      return new Promise((resolve) => {
        const options = asked.deadlineMs === undefined ? {} : { deadline: Date.now() + asked.deadlineMs };
        const call = client.makeUnaryRequest(path, same, same, Buffer.from(bytes), sent, options, (error, response) =>
          resolve(error ? ended(error) : { code: 0, response: response! }),
        );
        asked.signal?.addEventListener('abort', () => call.cancel());
      });
    },
    async watch(path: string, bytes: Uint8Array, asked: Asked = {}) {
      const call = client.makeServerStreamRequest(
        path,
        same,
        WatchOrderResponse.decode,
        Buffer.from(bytes),
        await headers(asked),
        {},
      );
      const responses: WatchOrderResponse[] = [];
      call.on('data', (response: WatchOrderResponse) => responses.push(response));
      const end = new Promise<Ended>((resolve) =>
        call.on('error', (error: ServiceError) => resolve(ended(error))).on('end', () => resolve({ code: 0 })),
      );
      return { call, responses, end };
    },
  };
}
