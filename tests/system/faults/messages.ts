import { pino } from 'pino';
import { Connection } from 'rabbitmq-client';
import type { Envelope } from '#adapters/bus/messages.ts';
import { rabbitmqBus } from '#adapters/rabbitmq/rabbitmq.ts';
import { eventually } from '../kit/eventually.ts';
import type { Native } from './native.ts';

/** Sends messages past everything that is ours, as an old outbox or a stranger might; resolves when the broker has all of them. */
export async function publish({ broker }: Native, envelopes: readonly Envelope[]): Promise<void> {
  const bus = rabbitmqBus({ url: broker, log: pino({ level: 'silent' }) });
  try {
    await eventually(
      async () => bus.status(),
      ({ ready }) => ready,
    );
    for (let from = 0; from < envelopes.length; from += 200) {
      const batch = envelopes.slice(from, from + 200);
      const taken = await bus.publish(batch);
      const lost = batch.filter(({ id }) => !taken.has(id));
      if (lost.length) throw new Error(`the broker did not take ${lost.length} messages, the first a ${lost[0]?.type}`);
    }
  } finally {
    await bus.close();
  }
}

/** All that any service ever told, told so many times more, in any order; resolves with how many messages there were to tell. */
export async function tellAgain(place: Native, times: number): Promise<number> {
  const told = (await Promise.all(place.services.map((service) => logOf(place, service)))).flat();
  const log = told.filter(({ type }) => !/\.(Republish\w+|TellAgainRequested)$/.test(type)); // a question: asked later, it is answered with what came since
  const anyOrder = Array.from({ length: times }, () => log)
    .flat()
    .map((envelope) => ({ envelope, at: Math.random() }));
  await publish(
    place,
    anyOrder.toSorted((a, b) => a.at - b.at).map(({ envelope }) => envelope),
  );
  return log.length;
}

/** Everything that a service ever told, as the bus carried it. */
async function logOf(place: Native, service: string): Promise<Envelope[]> {
  const rows = await place.rows<Omit<Envelope, 'time'> & { time: string }>(
    service,
    `select id::text, kind, type, routing_key "routingKey", '/' || $1::text source, subject, (extract(epoch from created_at) * 1000)::bigint::text "time",
      correlation_id "correlationId", causation_id "causationId", payload from outbox where published_at is not null`,
    service,
  );
  return rows.map((row) => ({ ...row, time: Number(row.time) }));
}

/** Waits until no service has a message to send or before it. */
export async function queuesAreEmpty(place: Native): Promise<void> {
  const waiting = (): Promise<object[][]> =>
    Promise.all(place.services.map((service) => place.rows(service, 'select from outbox where published_at is null')));
  await eventually(waiting, (rows) => rows.flat().length === 0);
  const connection = new Connection({ url: place.broker });
  try {
    await eventually(
      () =>
        Promise.all(
          place.services.map(async (queue) => (await connection.queueDeclare({ queue, passive: true })).messageCount),
        ),
      (waiting) => waiting.every((count) => count === 0),
      60_000,
    );
  } finally {
    await connection.close();
  }
}

/** All that every service keeps, by service, as `everythingIn` says. */
export const everything = async (place: Native, ...except: readonly string[]): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    await Promise.all(
      place.services.map(async (service) => [service, await everythingIn(place, service, except)] as const),
    ),
  );

/** All that a service keeps, but which messages it has seen, how many somebody was written, and what is about the given orders: each row in words. When a message was last offered is no matter. */
async function everythingIn(place: Native, service: string, except: readonly string[]): Promise<string[]> {
  const tables = await place.rows<{ name: string }>(
    service,
    `select tablename name from pg_tables where schemaname = current_schema() and tablename not in ('inbox', 'allowance')`,
  );
  const told = `(to_jsonb(t) - array['published_at', 'not_before', 'claimed_until'])::text`;
  const rows = await Promise.all(
    tables.map(({ name }) =>
      place.rows<{ row: string }>(service, `select '${name} ' || ${told} "row" from "${name}" t`),
    ),
  );
  const all = rows.flat().map(({ row }) => row);
  return all
    .filter((row) => !except.some((id) => row.includes(id) || row.includes(Buffer.from(id).toString('hex'))))
    .sort();
}
