import { userId } from '#adapters/auth/token.ts';
import { embedded } from './embedded.ts';
import { about, failures, middle, roundsPerFigure, type Row } from './figure.ts';
import { loadProcess, type Load, type LoadProcess, type LoadResult } from './load.ts';
import { makeRooms, tokenOf } from './rooms.ts';
import { rounds } from './rounds.ts';
import { query, quiet, urlOf, type System } from './system.ts';

const few = 1_000;
/** Guests whom the load speaks for; each guest has as many reservations in both systems, so that lists are as long. */
const guests = Array.from({ length: 20 }, (_, nth) => `grower-${nth}`);
const ofEachGuest = few / guests.length;
const inFlight = 16;

interface Grown {
  system: System;
  run(call: 'accept' | 'get' | 'list'): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Two systems side by side, one with many reservations stored: does it take longer? */
export async function measureGrowth({
  stored,
  seconds,
  say,
}: {
  stored: number;
  seconds: number;
  say(line: string): void;
}): Promise<Row[]> {
  const open: Grown[] = [];
  try {
    for (const count of [few, stored]) {
      const began = performance.now();
      open.push(await grown(count, seconds));
      say(
        `growth: ${count.toLocaleString('en')} reservations are stored (${((performance.now() - began) / 1_000).toFixed(0)} s)`,
      );
    }
    const [small, large] = open as [Grown, Grown];
    const both = async (call: 'accept' | 'get' | 'list') => ({
      small: await calm(small, call),
      large: await calm(large, call),
    });
    for (const call of ['accept', 'get', 'list'] as const) await both(call);
    const measured = await rounds(roundsPerFigure, async () => ({
      accept: await both('accept'),
      get: await both('get'),
      list: await both('list'),
    }));
    const row = (
      call: 'accept' | 'get' | 'list',
      what: string,
      unit: string,
      of: (result: LoadResult) => number,
    ): Row => ({
      what: `${what}, ${stored.toLocaleString('en')} stored`,
      on: 'embedded',
      value: middle(measured, (one) => of(one[call].large)),
      unit,
      ceiling: {
        value: middle(measured, (one) => of(one[call].small)),
        what: `the same with ${few.toLocaleString('en')} stored, side by side`,
      },
      goal: { least: 0.9, of: 'ratio' },
      detail: `${inFlight} in flight${failures(measured.kept.map((one) => one[call].large))}`,
      meaning:
        'reservations, their stay requests, views, messages and kept answers copied by SQL, then vacuumed as time would do it',
      ...about(measured),
    });
    return [
      row('accept', 'accept by gRPC', 'accepts/s', ({ done, seconds: took }) => done / took),
      row('get', 'GetReservation p99', 'ms', ({ latency }) => latency.p99),
      row('list', 'ListReservations p99', 'ms', ({ latency }) => latency.p99),
    ];
  } finally {
    for (const each of open) await each.stop();
  }
}

async function calm(each: Grown, call: 'accept' | 'get' | 'list'): Promise<LoadResult> {
  const result = await each.run(call);
  await quiet(each.system);
  return result;
}

async function grown(count: number, seconds: number): Promise<Grown> {
  const system = await embedded();
  const loads: LoadProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const load of loads) load.stop();
    await system.stop();
  };
  try {
    const { asking } = await makeRooms(system);
    const loadOf = async (people: readonly string[]): Promise<LoadProcess> => {
      const load = loadProcess({
        ...system,
        views: system.databaseOf('views'),
        tokens: await Promise.all(people.map(tokenOf)),
      });
      loads.push(load);
      return load;
    };
    const [byGuests, byAgent] = [await loadOf(guests), await loadOf(['agent'])];
    const closed = { loop: 'closed', inFlight, seconds } as const;
    await byGuests.run({ ...closed, call: 'accept-grpc', of: asking, inFlight: 1, seconds: 0.1 });
    await quiet(system);
    const ids = await store(system, count);
    const loadFor: Record<'accept' | 'get' | 'list', [LoadProcess, Load]> = {
      accept: [byGuests, { ...closed, call: 'accept-grpc', of: asking }],
      list: [byGuests, { ...closed, call: 'list', of: [] }],
      get: [byAgent, { ...closed, call: 'get', of: ids }],
    };
    return { system, stop, run: (call) => loadFor[call][0].run(loadFor[call][1]) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Copies all rows of the newest reservation so often, each time under another id and guest; answers with some of the ids. */
async function store(system: System, count: number): Promise<string[]> {
  const url = urlOf(system.admin, 'jari');
  const everywhere = (sql: string, ...values: unknown[]): Promise<object[]> => query(url, sql, values);
  await everywhere(
    `create unlogged table public.copy as
     select n, uuidv7(make_interval(secs => n - $1)) id, coalesce(($2::text[])[1 + n % $3], md5((n % $3)::text)::uuid::text) guest
     from generate_series(1, $1::int) n`,
    count,
    guests.map(userId),
    Math.max(guests.length, count / ofEachGuest),
  );
  const [sample] = await query<{ id: string; guest: string }>(
    url,
    'select id::text, guest_id::text guest from lodging.reservation order by id desc limit 1',
  );
  if (!sample) throw new Error('no reservation was accepted yet');
  const copied = `replace(replace(row.state::text, '${sample.id}', copy.id::text), '${sample.guest}', copy.guest)`;
  const from = (table: string): string => `from ${table} row, public.copy`;
  for (const [table, state] of [
    ['lodging.reservation', copied],
    ['property.stay_request', `replace(${copied}, '"pending"', '"confirmed"')`],
    ['views.order_view', copied],
  ] as const)
    await everywhere(
      `insert into ${table} (id, version, state, created_at, updated_at)
       select copy.id, row.version, ${state}::jsonb, row.created_at, row.updated_at ${from(table)} where row.id = $1 order by n`,
      sample.id,
    );
  await everywhere(
    `insert into lodging.kept_answer (caller, method, key, fingerprint, response, created_at)
     select copy.guest, row.method, gen_random_uuid()::text, row.fingerprint, row.response, now() ${from('(select * from lodging.kept_answer limit 1)')}`,
  );
  await everywhere(
    `insert into lodging.outbox (id, kind, type, routing_key, subject, correlation_id, causation_id, payload, created_at, published_at)
     select uuidv7(), row.kind, row.type, row.routing_key, copy.id::text, copy.id::text, row.causation_id, row.payload, now(), now()
     ${from('lodging.outbox')} where row.subject = $1 order by n`,
    sample.id,
  );
  const some = await query<{ id: string }>(url, 'select id::text from public.copy order by random() limit 1000');
  await everywhere('vacuum analyze');
  await everywhere('checkpoint');
  return some.map(({ id }) => id);
}
