import type { Pool, PoolClient } from 'pg';
import type { Kept } from '#kernel/aggregate.ts';
import { outOfScope, type Once } from '#adapters/scope/scope.ts';
import { isConnectionTrouble } from './database.ts';
import { planBatch, writesNothing, type Job, type Outcome, type Plan } from './plan.ts';
import { atOnce, Conflict, writePlan } from './write.ts';

/** Jobs of one transaction at most; past a few dozen the gain is small, and a conflict costs more. */
const batchSize = 128;
/** Batches under way at once. An aggregate always goes by the same lane, so its updates never race within a process. */
const laneCount = 2;

/**
 * Group commit: while one transaction is under way, the updates that arrive wait, and go together in the next. A batch that meets a
 * conflict is halved until what meets it is alone: a neighbour's trouble costs a little time, never the result.
 */
export interface Committer {
  submit(job: Job): Promise<Outcome>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function groupCommit(pool: Pool, committed: (plan: Plan) => void): Committer {
  const lanes = Array.from({ length: laneCount }, () => lane(pool, committed));
  return {
    submit: (job) => (lanes[laneOf(job.id)] as Lane).submit(job),
    idle: async () => {
      await Promise.all(lanes.map((each) => each.idle()));
    },
  };
}

/** Ids are UUIDv7: the last digits are random. */
const laneOf = (id: string): number => parseInt(id.slice(-4), 16) % laneCount || 0;

type Lane = Committer;

function lane(pool: Pool, committed: (plan: Plan) => void): Lane {
  let waiting: { job: Job; settle: (outcome: Outcome) => void }[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // One turn of the event loop: whatever arrived with the first job joins its batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length) {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      const outcomes = await commitTogether(
        pool,
        batch.map(({ job }) => job),
        committed,
      );
      batch.forEach(({ settle }, index) => settle(outcomes[index] as Outcome));
    }
    running = undefined;
  }

  return {
    submit: (job) =>
      new Promise((settle) => {
        waiting.push({ job, settle });
        running ??= outOfScope(run);
      }),
    idle: async () => running,
  };
}

async function commitTogether(pool: Pool, jobs: readonly Job[], committed: (plan: Plan) => void): Promise<Outcome[]> {
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    const [loaded, isSpent] = await read(client, jobs);
    const plan = planBatch(jobs, loaded, isSpent, Date.now());
    if (!writesNothing(plan)) {
      await writePlan(client, plan);
      committed(plan);
    }
    client.release();
    return plan.outcomes;
  } catch (error) {
    await giveBack(client, error);
    if (isConnectionTrouble(error)) return jobs.map(() => ({ kind: 'failed', error }));
    if (jobs.length === 1) return [alone(error)];
    const half = Math.ceil(jobs.length / 2);
    return [...(await commitTogether(pool, jobs.slice(0, half), committed)), ...(await commitTogether(pool, jobs.slice(half), committed))];
  }
}

function alone(error: unknown): Outcome {
  if (error instanceof Conflict) return { kind: error.over === 'key' ? 'key-taken' : error.over === 'timer' ? 'timer-gone' : 'lost' };
  // Serialisation failure, deadlock: PostgreSQL asks to try again.
  if (['40001', '40P01'].includes((error as { code?: string }).code ?? '')) return { kind: 'lost' };
  return { kind: 'failed', error };
}

async function giveBack(client: PoolClient | undefined, error: unknown): Promise<void> {
  if (!client) return;
  if (isConnectionTrouble(error)) return client.release(true);
  try {
    await client.query('rollback');
    client.release();
  } catch {
    client.release(true);
  }
}

const read = (client: PoolClient, jobs: readonly Job[]) => atOnce(client, () => Promise.all([load(client, jobs), spent(client, jobs)]));

type Loaded = (aggregate: string, id: string) => Kept<unknown> | undefined;

async function load(client: PoolClient, jobs: readonly Job[]): Promise<Loaded> {
  const idsByTable = new Map<string, Set<string>>();
  for (const { of, id } of jobs) idsByTable.set(of.name, (idsByTable.get(of.name) ?? new Set()).add(id));
  const found = new Map<string, Kept<unknown>>();
  await Promise.all(
    [...idsByTable].map(async ([table, ids]) => {
      for (const kept of await loadKept(client, table, [...ids])) found.set(`${table}/${kept.id}`, kept);
    }),
  );
  return (aggregate, id) => found.get(`${aggregate}/${id}`);
}

/** Aggregates as committed. */
export async function loadKept(client: Pick<PoolClient, 'query'>, table: string, ids: readonly string[]): Promise<Kept<unknown>[]> {
  const { rows } = await client.query<{ id: string; version: number; state: string; created: string; updated: string }>({
    name: `load-${table}`,
    // As text: the driver's own parsing depends on who else uses the pool.
    text: `select id::text, version, state::text, (extract(epoch from created_at) * 1000)::bigint::text created,
      (extract(epoch from updated_at) * 1000)::bigint::text updated from "${table}" where id = any($1::uuid[])`,
    values: [ids],
  });
  return rows.map((row) => ({
    id: row.id,
    version: Number(row.version),
    state: JSON.parse(row.state) as unknown,
    createdAt: Number(row.created),
    updatedAt: Number(row.updated),
  }));
}

/** Messages that are handled and timers that are gone: seen before anything is written, they cost their neighbours nothing. */
async function spent(client: PoolClient, jobs: readonly Job[]): Promise<(once: Once) => boolean> {
  const messages = jobs.flatMap(({ once }) => (once?.by === 'message' ? [once] : []));
  const timers = jobs.flatMap(({ once }) => (once?.by === 'timer' ? [once.timerId] : []));
  const [handled, set] = await Promise.all([
    known(client, messages, {
      name: 'inbox-known',
      text: `select consumer || '/' || message_id id from inbox where (consumer, message_id) in (select * from unnest($1::text[], $2::text[]))`,
      values: [messages.map((once) => once.consumer), messages.map((once) => once.messageId)],
    }),
    known(client, timers, { name: 'timers-set', text: 'select id::text from timer where id = any($1::uuid[])', values: [timers] }),
  ]);
  return (once) => (once.by === 'message' && handled.has(`${once.consumer}/${once.messageId}`)) || (once.by === 'timer' && !set.has(once.timerId));
}

/** Which of `asked` the query finds; nothing is not asked for. */
async function known(client: PoolClient, asked: readonly unknown[], query: { name: string; text: string; values: unknown[] }): Promise<ReadonlySet<string>> {
  if (!asked.length) return new Set();
  const { rows } = await client.query<{ id: string }>(query);
  return new Set(rows.map(({ id }) => id));
}
