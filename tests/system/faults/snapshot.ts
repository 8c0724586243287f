import { Connection } from 'rabbitmq-client';
import type { Envelope } from '#adapters/bus/messages.ts';
import type { Reservation } from '../../../services/lodging/reservation.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import type { StayRequest } from '../../../services/property/stay.ts';
import type { OrderView } from '../../../services/views/order-view.ts';
import { acceptedIds, readJournal, type Account } from './journal.ts';
import type { Native } from './native.ts';

export interface Row<State> {
  version: number;
  state: State;
}

/** A line of the payment provider's own books. */
export interface Entry {
  order_id: string;
  type: 'CHARGE' | 'REFUND';
  amount: number;
}

/** What can be seen from outside at one moment: what the client was told, every database, the provider's ledger, the broker. */
export interface Snapshot {
  journal: readonly Account[];
  reservations: ReadonlyMap<string, Row<Reservation>>;
  stays: ReadonlyMap<string, Row<StayRequest>>;
  payments: ReadonlyMap<string, Row<Payment>>;
  views: ReadonlyMap<string, Row<OrderView>>;
  /** Nights that are taken: `room/date`, and by which stay or room. */
  claims: readonly { key: string; holder: string }[];
  /** Every message about these orders that any service sent or will send. */
  messages: readonly (Envelope & { published: boolean })[];
  ledger: readonly Entry[];
  /** Messages that somebody would have to look at, in words. */
  deadLetters: readonly string[];
}

/** Of all that happened to the rooms of the journal; a run has rooms of its own. */
export async function takeSnapshot(place: Native, journal: string): Promise<Snapshot> {
  const accounts = readJournal(journal);
  const rooms = [...new Set(accounts.flatMap(({ intent }) => (intent.what === 'reserve' ? [intent.roomId] : [])))];
  const reservations = await table<Reservation>(place, 'lodging', `reservation where state #>> '{booking,roomId}' = any($1)`, rooms);
  // A stay that was released before it was asked for knows no room.
  const stays = await table<StayRequest>(place, 'property', 'stay_request where room_id = any($1) or id = any($2::uuid[])', rooms, [...reservations.keys()]);
  // Also what the client was told and nobody knows.
  const ids = [...new Set([...reservations.keys(), ...stays.keys(), ...accounts.flatMap(acceptedIds)])];
  const known = new Set(ids);
  return {
    ...{ journal: accounts, reservations, stays },
    payments: await table<Payment>(place, 'payment', 'payment where id = any($1::uuid[])', ids),
    views: await table<OrderView>(place, 'views', 'order_view where id = any($1::uuid[])', ids),
    claims: await place.rows('property', `select key, holder::text from claim where split_part(key, '/', 1) = any($1)`, rooms),
    messages: (await Promise.all(place.services.map((service) => sentBy(place, service, ids)))).flat(),
    ledger: (await ledgerSince(place, accounts[0]?.at ?? 1)).filter(({ order_id }) => known.has(order_id)),
    deadLetters: await deadLetters(place),
  };
}

async function table<State>(place: Native, service: string, which: string, ...values: (readonly string[])[]): Promise<Map<string, Row<State>>> {
  const rows = await place.rows<Row<State> & { id: string }>(service, `select id::text, version, state from ${which}`, ...values);
  return new Map(rows.map(({ id, version, state }) => [id, { version, state }]));
}

async function sentBy(place: Native, service: string, ids: readonly string[]): Promise<Snapshot['messages']> {
  const rows = await place.rows<Omit<Envelope, 'time'> & { time: string; published: boolean }>(
    service,
    `select id::text, kind, type, routing_key "routingKey", '/' || $1::text source, subject, (extract(epoch from created_at) * 1000)::bigint::text "time",
      correlation_id "correlationId", causation_id "causationId", payload, published_at is not null published from outbox where subject = any($2)`,
    ...[service, ids],
  );
  return rows.map((row) => ({ ...row, time: Number(row.time) }));
}

async function ledgerSince({ provider }: Native, since: number): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let after = 0; ; ) {
    const { entries } = (await (await fetch(`${provider}/ledger?since=${since}&after=${after}`)).json()) as { entries: (Entry & { seq: number })[] };
    if (!entries.length) return all;
    all.push(...entries);
    after = entries.at(-1)?.seq ?? after;
  }
}

async function deadLetters(place: Native): Promise<string[]> {
  const inDatabases = await Promise.all(
    place.services.map(async (service) => {
      const rows = await place.rows<{ error: string; type: string }>(service, `select error, envelope->>'type' type from dead_letter where redriven_at is null`);
      return rows.map(({ error, type }) => `${service}: ${type}: ${error}`);
    }),
  );
  const connection = new Connection({ url: place.broker });
  try {
    const queues = await Promise.all(place.services.map(async (service) => connection.queueDeclare({ queue: `${service}.dead`, passive: true })));
    return [...inDatabases.flat(), ...queues.flatMap(({ queue, messageCount }) => (messageCount ? [`queue ${queue}: ${messageCount} messages`] : []))];
  } finally {
    await connection.close();
  }
}
