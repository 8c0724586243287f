import type { PoolClient } from 'pg';
import type { Envelope } from '#adapters/bus/messages.ts';
import { intoOutbox } from './outbox.ts';
import type { Plan } from './plan.ts';
import type { Statement } from './sessions.ts';
import { transaction } from './transaction.ts';

/** How long a timer belongs at most to who claimed it; past that its process is taken for hung. Longer than any handler may run. */
export const lease = "interval '30 seconds'";

/** Another transaction was first; nothing of this one is kept. */
export class Conflict extends Error {
  readonly over: 'message' | 'key' | 'timer' | 'version' | 'claim';
  constructor(over: Conflict['over']) {
    super(`another writer was first (${over})`);
    this.over = over;
  }
}

interface Checked extends Statement {
  /** How many rows it must touch; when it does not, another writer was first. */
  must?: { touch: number; over: Conflict['over'] };
}

/**
 * Writes a plan in one transaction. Proofs of having been done come first, so that a repetition stops before it has done anything;
 * row counts are checked, so that an effect is never left out beside its proof. Claims come before states: what was decided on facts
 * that are none any more is decided again, also where a constraint refuses what came of it. Rows go in the order of their keys: two
 * batches that meet wait for each other instead of locking each other out.
 *
 * PostgreSQL gets all of it at once, the commit as well: where a statement fails, the count of its rows among them, it rolls back.
 */
export async function writePlan(client: PoolClient, plan: Plan, messages: readonly Envelope[]): Promise<void> {
  const statements = [
    ...proofs(plan),
    ...claims(plan),
    ...aggregates(plan),
    ...timers(plan),
    ...(messages.length ? [intoOutbox(messages)] : []),
  ];
  try {
    await transaction(client, statements.map(checked));
  } catch (error) {
    throw conflictIn(error as { code?: string }) ?? error;
  }
}

/** PostgreSQL itself compares the count, see `must_touch`. */
function checked({ must, ...statement }: Checked): Statement {
  if (!must) return statement;
  const { name, text, values } = statement;
  return {
    name,
    text: `with touched as (${text} returning 1) select must_touch(count(*), $${values.length + 1}, '${must.over}') from touched`,
    values: [...values, must.touch],
  };
}

/** The error that `must_touch` raises. */
const conflictCode = 'JARI1';

const conflictIn = (error: { code?: string; detail?: string }): Conflict | undefined =>
  error.code === conflictCode ? new Conflict(error.detail as Conflict['over']) : undefined;

function* proofs({ messages, keys, firedTimers }: Plan): Iterable<Checked> {
  if (messages.length)
    yield {
      name: 'inbox',
      text: 'insert into inbox (consumer, message_id) select * from unnest($1::text[], $2::text[]) on conflict do nothing',
      values: [messages.map((row) => row.consumer), messages.map((row) => row.messageId)],
      must: { touch: messages.length, over: 'message' },
    };
  if (keys.length)
    yield {
      name: 'kept-answer',
      text: `insert into kept_answer (caller, method, key, fingerprint, response, created_at)
        select *, now() from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) on conflict do nothing`,
      values: [
        keys.map((row) => row.once.caller),
        keys.map((row) => row.once.method),
        keys.map((row) => row.once.key),
        keys.map((row) => row.once.fingerprint),
        keys.map((row) => Buffer.from(row.response)),
      ],
      must: { touch: keys.length, over: 'key' },
    };
  if (firedTimers.length)
    yield {
      name: 'timer-fired',
      text: 'delete from timer where id = any($1::uuid[])',
      values: [firedTimers],
      must: { touch: firedTimers.length, over: 'timer' },
    };
}

function* aggregates({ inserts, updates }: Plan): Iterable<Checked> {
  for (const [table, rows] of inserts) {
    rows.sort(byId);
    yield {
      name: `insert-${table}`,
      text: `insert into "${table}" (id, version, state, created_at, updated_at)
        select id, version, state, to_timestamp(at / 1000.0), to_timestamp(at / 1000.0)
        from unnest($1::uuid[], $2::int[], $3::jsonb[], $4::float8[]) row (id, version, state, at) on conflict do nothing`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.version),
        rows.map((row) => JSON.stringify(row.state)),
        rows.map((row) => row.updatedAt),
      ],
      must: { touch: rows.length, over: 'version' },
    };
  }
  for (const [table, rows] of updates) {
    rows.sort((a, b) => byId(a.now, b.now));
    yield {
      name: `update-${table}`,
      text: `update "${table}" kept set version = row.version, state = row.state, updated_at = to_timestamp(row.at / 1000.0)
        from unnest($1::uuid[], $2::int[], $3::int[], $4::jsonb[], $5::float8[]) row (id, was, version, state, at)
        where kept.id = row.id and kept.version = row.was`,
      values: [
        rows.map((row) => row.now.id),
        rows.map((row) => row.was),
        rows.map((row) => row.now.version),
        rows.map((row) => JSON.stringify(row.now.state)),
        rows.map((row) => row.now.updatedAt),
      ],
      must: { touch: rows.length, over: 'version' },
    };
  }
}

function* claims({ claims, releases }: Plan): Iterable<Checked> {
  const whole = releases.filter((release) => release.keys === 'all').map((release) => release.holder);
  if (whole.length)
    yield { name: 'release-all', text: 'delete from claim where holder = any($1::uuid[])', values: [whole] };
  const single = releases.flatMap(({ holder, keys }) =>
    keys === 'all' ? [] : keys.map(({ key }) => ({ holder, key })),
  );
  if (single.length)
    yield {
      name: 'release',
      text: 'delete from claim using unnest($1::text[], $2::uuid[]) row (key, holder) where claim.key = row.key and claim.holder = row.holder',
      values: [single.map((row) => row.key), single.map((row) => row.holder)],
    };
  if (!claims.length) return;
  claims.sort((a, b) => (a.key < b.key ? -1 : 1));
  yield {
    name: 'claim',
    text: 'insert into claim (key, holder) select * from unnest($1::text[], $2::uuid[]) on conflict do nothing',
    values: [claims.map((row) => row.key), claims.map((row) => row.holder)],
    must: { touch: claims.length, over: 'claim' },
  };
}

function* timers({ stoppedTimers, timers }: Plan): Iterable<Checked> {
  const stopped = stoppedTimers.flatMap(({ aggregate, id, names }) =>
    (names === 'all' ? [null] : names).map((name) => ({ aggregate, id, name })),
  );
  if (stopped.length)
    yield {
      name: 'timer-stop',
      text: `delete from timer using unnest($1::text[], $2::uuid[], $3::text[]) row (aggregate, id, name)
        where timer.aggregate_id = row.id and timer.aggregate = row.aggregate and timer.name = coalesce(row.name, timer.name)`,
      values: [stopped.map((row) => row.aggregate), stopped.map((row) => row.id), stopped.map((row) => row.name)],
    };
  const rows = [...timers.values()];
  if (rows.length)
    yield {
      name: 'timer-set',
      text: `insert into timer (id, aggregate, aggregate_id, name, due_at, traceparent, claimed_by, claimed_until)
        select id, aggregate, aggregate_id, name, to_timestamp(at / 1000.0), traceparent, claimed_by, case when claimed_by is not null then now() + ${lease} end
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::float8[], $6::text[], $7::int[])
          row (id, aggregate, aggregate_id, name, at, traceparent, claimed_by)
        on conflict (aggregate_id, aggregate, name) do update set id = excluded.id, due_at = excluded.due_at, traceparent = excluded.traceparent,
          claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until`,
      values: [
        rows.map((row) => row.id),
        rows.map((row) => row.aggregate),
        rows.map((row) => row.aggregateId),
        rows.map((row) => row.name),
        rows.map((row) => row.at),
        rows.map((row) => row.traceparent ?? null),
        rows.map((row) => row.claimedBy ?? null),
      ],
    };
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
