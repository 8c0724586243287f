import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { issueToken } from '#adapters/auth/token.ts';
import {
  LodgingServiceService as lodging,
  type CreateReservationRequest,
  type Reservation,
} from '#proto/jari/lodging/v1/lodging.ts';
import type { Outcome } from './journal.ts';
import type { Native } from './native.ts';

/** How long one call may take before it is unknown what became of it; a little more than the gateway itself waits. */
const patienceMs = 12_000;

/** Calls through the gateway as several people's programs make them. No call rejects: not to know is an outcome. */
export interface FaultClient {
  /** A command by REST; accepted with the id of what the answer shows. */
  post(who: string, path: string, key: string, body: object): Promise<Outcome>;
  reserve(guest: string, by: 'rest' | 'grpc', wish: CreateReservationRequest, key: string): Promise<Outcome>;
  confirm(id: string, key: string): Promise<Outcome>;
  cancel(guest: string, id: string, key: string): Promise<Outcome>;
  /** What a GET answers with; undefined when it is not well answered. */
  read<Body>(who: string, path: string): Promise<Body | undefined>;
  close(): void;
}

/** For these people and nobody else. */
export async function faultClient(place: Native, people: readonly string[]): Promise<FaultClient> {
  const tokens = new Map(
    await Promise.all(people.map(async (name) => [name, await issueToken(name, place.key)] as const)),
  );
  const bearer = (name: string): string => `Bearer ${tokens.get(name)}`;
  // Without these it would wait up to two minutes before it looks for a gateway that was away.
  const grpc = new Client(place.grpc, credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
  });

  async function post(who: string, path: string, key: string, body: object): Promise<Outcome> {
    const headers = { authorization: bearer(who), 'content-type': 'application/json', 'idempotency-key': key };
    try {
      const answer = await fetch(place.rest + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      const text = await answer.text();
      if (answer.ok) return { is: 'accepted', id: (JSON.parse(text) as { id: string }).id };
      return { is: mayPass.has(answer.status) ? 'unknown' : 'refused', why: `${answer.status} ${reasonIn(text)}` };
    } catch (error) {
      return { is: 'unknown', why: told(error) };
    }
  }

  function reserveByGrpc(guest: string, wish: CreateReservationRequest, key: string): Promise<Outcome> {
    const metadata = new Metadata();
    metadata.set('authorization', bearer(guest));
    metadata.set('idempotency-key', key);
    const { path, requestSerialize, responseDeserialize } = lodging.createReservation;
    return new Promise((resolve) => {
      const answered = (error: ServiceError | null, reservation?: Reservation): void => {
        if (reservation) resolve({ is: 'accepted', id: reservation.id });
        else
          resolve({
            is: mayPassByGrpc.has(error?.code) ? 'unknown' : 'refused',
            why: `${error?.code} ${error?.details}`,
          });
      };
      grpc.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        wish,
        metadata,
        { deadline: Date.now() + patienceMs },
        answered,
      );
    });
  }

  return {
    post,
    reserve: (guest, by, wish, key) =>
      by === 'grpc'
        ? reserveByGrpc(guest, wish, key)
        : post(guest, '/v1/lodging/reservations', key, {
            room_id: wish.roomId,
            check_in: wish.checkIn,
            check_out: wish.checkOut,
            guests: wish.guests,
          }),
    confirm: (id, key) => post('host', `/v1/stay-requests/${id}:confirm`, key, {}),
    cancel: (guest, id, key) => post(guest, `/v1/lodging/reservations/${id}:cancel`, key, {}),
    async read<Body>(who: string, path: string) {
      const answer = await fetch(place.rest + path, {
        headers: { authorization: bearer(who) },
        signal: AbortSignal.timeout(patienceMs),
      }).catch(() => undefined);
      return answer?.ok ? ((await answer.json().catch(() => undefined)) as Body | undefined) : undefined;
    },
    close: () => grpc.close(),
  };
}

/** Conflict (ABORTED), too much, and every 5xx: another time it may go. */
const mayPass = new Set([409, 429, 499, 500, 502, 503, 504]);
/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL (a broken stream is told so), UNAVAILABLE. */
const mayPassByGrpc = new Set<number | undefined>([1, 2, 4, 8, 10, 13, 14]);

function reasonIn(text: string): string {
  try {
    const { details = [], message } = JSON.parse(text) as { details?: { reason?: string }[]; message?: string };
    return details.find(({ reason }) => reason)?.reason ?? message ?? '';
  } catch {
    return text.slice(0, 80);
  }
}

const told = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.message}: ${(cause as { code?: string }).code ?? cause.message}`
    : error.message;
};
