import { Connection } from 'rabbitmq-client';
import type { Envelope } from '#adapters/bus/messages.ts';
import type { OrderView } from '../../../services/views/order-view.ts';
import type { Evidence, Row } from './business.ts';
import type { Native } from './native.ts';

/** What every business leaves behind about the given orders. */
export async function evidenceOf(
  place: Native,
  ids: readonly string[],
): Promise<Pick<Evidence, 'views' | 'messages' | 'deadLetters'>> {
  return {
    views: await table<OrderView>(place, 'views', 'order_view where id = any($1::uuid[])', ids),
    messages: (await Promise.all(place.services.map((service) => sentBy(place, service, ids)))).flat(),
    deadLetters: await deadLetters(place),
  };
}

/** Rows of aggregates, by id. */
export async function table<State>(
  place: Native,
  service: string,
  which: string,
  ...values: (readonly string[])[]
): Promise<Map<string, Row<State>>> {
  const rows = await place.rows<Row<State> & { id: string }>(
    service,
    `select id::text, version, state from ${which}`,
    ...values,
  );
  return new Map(rows.map(({ id, version, state }) => [id, { version, state }]));
}

async function sentBy(place: Native, service: string, ids: readonly string[]): Promise<Evidence['messages']> {
  const rows = await place.rows<Omit<Envelope, 'time'> & { time: string; published: boolean }>(
    service,
    `select id::text, kind, type, routing_key "routingKey", '/' || $1::text source, subject, (extract(epoch from created_at) * 1000)::bigint::text "time",
      correlation_id "correlationId", causation_id "causationId", payload, published_at is not null published from outbox where subject = any($2)`,
    ...[service, ids],
  );
  return rows.map((row) => ({ ...row, time: Number(row.time) }));
}

async function deadLetters(place: Native): Promise<string[]> {
  const inDatabases = await Promise.all(
    place.services.map(async (service) => {
      const rows = await place.rows<{ error: string; type: string }>(
        service,
        `select error, envelope->>'type' type from dead_letter where redriven_at is null`,
      );
      return rows.map(({ error, type }) => `${service}: ${type}: ${error}`);
    }),
  );
  const connection = new Connection({ url: place.broker });
  try {
    const queues = await Promise.all(
      place.services.map(async (service) => connection.queueDeclare({ queue: `${service}.dead`, passive: true })),
    );
    return [
      ...inDatabases.flat(),
      ...queues.flatMap(({ queue, messageCount }) =>
        messageCount ? [`queue ${queue}: ${messageCount} messages`] : [],
      ),
    ];
  } finally {
    await connection.close();
  }
}
