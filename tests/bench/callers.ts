import { Agent, request } from 'node:http';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromTrailers } from '#adapters/grpc/trailers.ts';
import {
  LodgingServiceService as lodging,
  type CreateReservationRequest,
  type Reservation,
} from '#proto/jari/lodging/v1/lodging.ts';
import type { Target } from './load.ts';

/** Refused for now; the answer says when to come again, to programs of either kind. */
export class ComeAgain extends Error {
  override readonly name = 'ComeAgain';
}

/** The calls that a load is made of. Each rejects unless it is answered well. */
export interface Callers {
  /** Answers with the reservation's id. */
  acceptByGrpc(stay: CreateReservationRequest, key: string): Promise<string>;
  acceptByRest(stay: CreateReservationRequest, key: string): Promise<string>;
  /** One of these reservations, by chance. */
  get(ids: readonly string[]): Promise<void>;
  /** The guest's newest 50. */
  list(): Promise<void>;
}

export function callers({ lodging: address, rest, tokens }: Target): Callers {
  // A client has one connection; several keep the server's flow control from being what is measured.
  const clients = Array.from(
    { length: 4 },
    () => new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
  );
  const authorizations = tokens.map((token) => `Bearer ${token}`);
  const agent = new Agent({ keepAlive: true });
  let calls = 0;

  function call<Request, Response>(
    {
      path,
      requestSerialize,
      responseDeserialize,
    }: { path: string; requestSerialize(value: Request): Buffer; responseDeserialize(bytes: Buffer): Response },
    message: Request,
    key?: string,
  ): Promise<Response> {
    const nth = calls++;
    const metadata = new Metadata();
    metadata.set('authorization', authorizations[nth % authorizations.length] as string);
    if (key) metadata.set('idempotency-key', key);
    return new Promise((resolve, reject) => {
      const client = clients[nth % clients.length] as Client;
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        metadata,
        { deadline: Date.now() + 10_000 },
        (error, response) => (response ? resolve(response) : reject(asRefusal(error as ServiceError))),
      );
    });
  }

  return {
    acceptByGrpc: async (stay, key) =>
      (await call<CreateReservationRequest, Reservation>(lodging.createReservation, stay, key)).id,

    acceptByRest: ({ roomId, checkIn, checkOut, guests }, key) =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify({ room_id: roomId, check_in: checkIn, check_out: checkOut, guests });
        const authorization = authorizations[calls++ % authorizations.length] as string;
        const headers = {
          authorization,
          'idempotency-key': key,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        };
        const sent = request(`${rest}/v1/lodging/reservations`, { agent, method: 'POST', headers }, (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => {
            if (answer.statusCode === 200) return resolve((JSON.parse(text) as { id: string }).id);
            const saysWhen = answer.headers['retry-after'] && text.includes('google.rpc.RetryInfo');
            reject(new (saysWhen ? ComeAgain : Error)(`${answer.statusCode} ${text}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      }),

    async get(ids) {
      await call(lodging.getReservation, { reservationId: ids[Math.floor(Math.random() * ids.length)] as string });
    },

    async list() {
      await call(lodging.listReservations, { status: 0, pageSize: 50, pageToken: '' });
    },
  };
}

const asRefusal = (error: ServiceError): Error =>
  fromTrailers(error.metadata).retryAfterMs && error.metadata.get('retry-after').length
    ? new ComeAgain(error.message)
    : error;
