import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { brokerAlone } from './broker.ts';
import { about, middle, roundsPerFigure, type Bench, type Figure, type Row } from './figure.ts';
import { rounds } from './rounds.ts';
import { query, quiet, services, type System } from './system.ts';

const inFlight = 32;
const longestMs = 60_000;
const everybody = services;

/**
 * A backlog goes through the services one after the other: each stands still while messages for it gather, and is measured when it
 * alone takes them.
 */
async function measure(bench: Bench): Promise<Row[]> {
  const { system, load, rooms, seconds } = bench;
  const { broker, freeze, thaw } = system;
  if (!broker || !freeze || !thaw) return [];
  const alone = async (service: string, messages: number): Promise<number> => {
    const before = await handledBy(system, service);
    thaw([service]);
    const rate = await taking(system, service, before, messages);
    await sent(system, service);
    freeze([service]);
    return rate;
  };
  try {
    const measured = await rounds(roundsPerFigure, async () => {
      await quiet(system);
      freeze(everybody.filter((name) => name !== 'lodging'));
      const { done } = await load.run({
        call: 'accept-grpc',
        of: rooms.instant,
        loop: 'closed',
        inFlight,
        seconds: 2 * seconds,
      });
      await sent(system, 'lodging');
      freeze(['lodging']);
      const rates = {
        property: await alone('property', done),
        lodging: await alone('lodging', done),
        payment: await alone('payment', done),
        views: await alone('views', 4 * done),
        ceiling: await brokerAlone(broker, 2 * done),
      };
      thaw(everybody);
      await quiet(system);
      freeze(everybody);
      const relay = await relaying(system, thaw, Math.max(2_000, 5_000 * seconds));
      thaw(everybody);
      return { ...rates, relay, done };
    });
    const common = { on: system.name, unit: 'messages/s', ...about(measured) };
    const count = middle(measured, ({ done }) => done)?.toFixed(0);
    const consumer = (service: 'property' | 'lodging' | 'payment' | 'views', what: string): Row => ({
      what: `consumer ${service}`,
      value: middle(measured, (one) => one[service]),
      ceiling: {
        value: middle(measured, ({ ceiling }) => ceiling.given),
        what: 'RabbitMQ: one consumer that acknowledges and does nothing',
      },
      goal: { least: 5_000, of: 'value' },
      detail: `${what}; ${count} orders a round`,
      meaning:
        'messages handled (inbox, state and outgoing messages committed) out of a backlog, while the other services stand still',
      ...common,
    });
    return [
      {
        what: 'relay',
        value: middle(measured, ({ relay }) => relay),
        ceiling: {
          value: middle(measured, ({ ceiling }) => ceiling.taken),
          what: `RabbitMQ: one publisher, confirms pipelined`,
        },
        goal: { least: 10_000, of: 'value' },
        detail: 'RoomListed, by property',
        meaning:
          'messages out of a full outbox until they are confirmed by the broker and marked, while the other services stand still',
        ...common,
      },
      consumer('property', 'RequestStay, each answered'),
      consumer('lodging', 'StayConfirmed, each followed by RequestPayment'),
      consumer('payment', 'RequestPayment, each charged at the provider meanwhile'),
      consumer('views', 'all events'),
    ];
  } finally {
    thaw(everybody);
  }
}

async function handledBy({ databaseOf }: System, service: string): Promise<number> {
  const [row] = await query<{ count: string }>(databaseOf(service), 'select count(*)::text count from inbox');
  return Number(row?.count);
}

/** Messages a second between the first that the service takes and the last of so many. */
async function taking({ databaseOf }: System, service: string, before: number, messages: number): Promise<number> {
  const client = new pg.Client(databaseOf(service));
  await client.connect();
  try {
    let first: { at: number; count: number } | undefined;
    for (const deadline = Date.now() + longestMs; Date.now() < deadline; await pause(25)) {
      const { rows } = await client.query<{ count: string }>('select count(*)::text count from inbox');
      const now = { at: performance.now(), count: Number(rows[0]?.count) };
      if (now.count > before) first ??= now;
      if (first && now.count >= before + messages) return ((now.count - first.count) / (now.at - first.at)) * 1_000;
    }
    throw new Error(`${service} did not take ${messages} messages within ${longestMs / 1_000} s`);
  } finally {
    await client.end();
  }
}

/** Resolves when the service has sent all it has to, also what timers (a charge) will make. */
async function sent({ databaseOf }: System, service: string): Promise<void> {
  const toDo = `(select from outbox where published_at is null limit 1) union all (select from timer where due_at <= now() limit 1)`;
  for (const deadline = Date.now() + longestMs; Date.now() < deadline; await pause(50))
    if (!(await query(databaseOf(service), toDo)).length) return;
  throw new Error(`${service} still has messages to send after ${longestMs / 1_000} s`);
}

/** Fills property's outbox with what it tells of its rooms again and again, and lets it send; by the marks that it leaves. */
async function relaying(system: System, thaw: (names: readonly string[]) => void, messages: number): Promise<number> {
  const property = system.databaseOf('property');
  await query(
    property,
    `insert into outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, payload, created_at)
     select uuidv7(), kind, type, routing_key, subject, correlation_id, 'bench', payload, now()
     from (select * from outbox where type = 'jari.property.v1.RoomListed' limit 1), generate_series(1, $1)`,
    [messages],
  );
  thaw(['property']);
  await sent(system, 'property');
  const [marked] = await query<{ rate: string }>(
    property,
    `with marks as (select published_at at, count(*) messages from outbox where causation_id = 'bench' group by 1)
     select ((sum(messages) - (select messages from marks order by at limit 1)) / extract(epoch from max(at) - min(at)))::text rate from marks`,
  );
  await query(property, `delete from outbox where causation_id = 'bench'`);
  return Number(marked?.rate);
}

export const messages: Figure = { name: 'messages', on: ['stack'], measure };
