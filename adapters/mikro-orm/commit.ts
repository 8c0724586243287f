import type { PoolClient } from 'pg';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Envelope } from '#adapters/bus/messages.ts';
import { outOfScope, type Once } from '#adapters/scope/scope.ts';
import { withTimeout, isConnectionTrouble, isDiskFull, isLocked, isSlow, type Database } from './database.ts';
import { envelopeOf } from './outbox.ts';
import { planBatch, writesNothing, type Claimant, type Job, type Outcome, type Plan } from './plan.ts';
import type { PreparedPool, Statement } from './sessions.ts';
import { stateFrom } from './state.ts';
import type { AnyStored } from './store.ts';
import { Conflict, writePlan } from './write.ts';

interface CommitterDeps {
  database: Pick<Database, 'prepared' | 'service' | 'disk' | 'clock'>;
  /** Hears of each transaction, and of the messages in it as they are to be sent. */
  committed(plan: Plan, messages: readonly Envelope[]): void;
  /** Who fires the timers that are due as they are set, in this process. */
  claimant(): Claimant | undefined;
}

/** Jobs of one transaction at most. Past a few dozen the gain is small, a conflict costs more, and on a slow disk all wait for the last. */
const batchSize = 128;

/** Aggregates that another session had locked when they were last asked for, as `table/id`. */
type Suspects = Set<string>;

/** So long does an update that nobody waits for wait for others to go along with. */
const batchWaitMs = 10;

/**
 * Group commit: while one transaction is under way, the updates that arrive wait, and go together in the next; so the updates of one
 * process never race. What nobody waits for rides along with what somebody does: alone it would cost as much as all of them together. A
 * batch that meets a conflict is halved until what meets it is alone. A row that another session has locked is waited for once: while it is
 * known to be locked, updates of it are left out.
 */
export interface Committer {
  submit(job: Job): Promise<Outcome>;
  /** Resolves when nothing is under way, and nothing waits. */
  idle(): Promise<void>;
}

export function groupCommit(deps: CommitterDeps): Committer {
  let waiting: { job: Job; due: number; settle: (outcome: Outcome) => void }[] = [];
  let running: Promise<void> | undefined;
  let later: NodeJS.Timeout | undefined;
  const suspects: Suspects = new Set();

  const isTime = (): boolean => waiting.length >= batchSize || waiting.some(({ due }) => due <= Date.now());

  function start(): void {
    clearTimeout(later);
    later = undefined;
    running ??= outOfScope(run);
  }

  /** Begins now, or when the first that waits is due. */
  function begin(): void {
    if (running || !waiting[0]) return;
    const { due } = waiting[0];
    if (isTime()) start();
    else later ??= outOfScope(() => setTimeout(start, due - Date.now()));
  }

  async function run(): Promise<void> {
    // One turn of the event loop: whatever arrived with the first job joins its batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    do {
      const batch = waiting.slice(0, batchSize);
      waiting = waiting.slice(batchSize);
      const outcomes = await commitTogether(
        batch.map(({ job }) => job),
        { ...deps, suspects },
      );
      batch.forEach(({ settle }, index) => settle(outcomes[index] as Outcome));
    } while (isTime());
    running = undefined;
    begin();
  }

  return {
    submit: (job) =>
      new Promise((settle) => {
        waiting.push({ job, due: job.scope?.batchable ? Date.now() + batchWaitMs : 0, settle });
        begin();
      }),
    async idle() {
      while (waiting.length || running) {
        start();
        await running;
      }
    },
  };
}

/** What a batch does beyond reading and writing, because of what it met before. */
interface Care {
  /** Looks up which messages were handled and which timers are gone. Hardly ever is one, so this is left out until there was a conflict. */
  looks?: true;
  /** Looks up which aggregates another session has locked, and leaves those out. */
  probes?: true;
}

/** A conflict or a lock costs the neighbours of what meets it a little time, never the result. */
async function commitTogether(
  jobs: readonly Job[],
  deps: CommitterDeps & { suspects: Suspects },
  care: Care = {},
): Promise<Outcome[]> {
  let client: PoolClient | undefined;
  let plan: Plan;
  let messages: readonly Envelope[] | undefined;
  try {
    client = await deps.database.prepared.connect();
    const now = deps.database.clock.now();
    const [loaded, isSpent] = await read(client, jobs, care, deps.suspects);
    plan = planBatch(jobs, loaded, isSpent, now);
    if (!writesNothing(plan)) {
      messages = await write(client, plan, deps, now);
      deps.database.disk.full = false;
    }
    client.release();
  } catch (error) {
    if (isDiskFull(error)) deps.database.disk.full = true;
    client?.release(isConnectionTrouble(error)); // nothing is open: a transaction ends in the write that begins it
    if (isConnectionTrouble(error)) return jobs.map(() => ({ kind: 'failed', error }));
    const again = (some: readonly Job[], more: Care = {}): Promise<Outcome[]> =>
      commitTogether(some, deps, { ...care, ...more });
    if (error instanceof Conflict && !care.looks) return again(jobs, { looks: true });
    if (isLockedTable(error) && jobs.every(({ of }) => of.name === jobs[0]?.of.name))
      return jobs.map(() => ({ kind: 'locked' }));
    if (isLocked(error) && !isLockedTable(error) && !care.probes) return again(jobs, { probes: true });
    if (jobs.length === 1) return [alone(error)];
    if (isSlow(error)) return oneByOne(jobs, again);
    const half = Math.ceil(jobs.length / 2);
    const parts = isLockedTable(error)
      ? Map.groupBy(jobs, ({ of }) => of.name).values()
      : [jobs.slice(0, half), jobs.slice(half)];
    const outcomes = new Map<Job, Outcome>();
    for (const part of parts)
      (await again(part)).forEach((outcome, index) => outcomes.set(part[index] as Job, outcome));
    return jobs.map((job) => outcomes.get(job) as Outcome);
  }
  if (messages) deps.committed(plan, messages); // beyond the catch: what is committed is not tried again
  return plan.outcomes;
}

/** PostgreSQL says where in a table it waited for a row, and nothing where it waited for a whole table. */
const isLockedTable = (error: unknown): boolean => isLocked(error) && !(error as { where?: string }).where;

/** Each takes its time: halves would take that time again and again. When a second one is slow it is the database, and the rest is not tried. */
async function oneByOne(
  jobs: readonly Job[],
  commit: (some: readonly Job[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const slow: Outcome[] = [];
  for (const job of jobs) {
    const [outcome] = slow.length > 1 ? slow : await commit([job]);
    if (!outcome) continue;
    if (outcome.kind === 'failed' && isSlow(outcome.error)) slow.push(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Answers with the plan's messages as they lie in the outbox. Timers that are due go to the process that sets them, if it has room. */
async function write(
  client: PoolClient,
  plan: Plan,
  { database, claimant }: CommitterDeps,
  now: number,
): Promise<readonly Envelope[]> {
  const [due, claims] = [[...plan.timers.values()].filter(({ at }) => at <= now), claimant()];
  if (claims) for (const timer of due.slice(0, claims.room)) timer.claimedBy = claims.number;
  const messages = plan.outbox.map((made) => envelopeOf(made, database.service, now));
  await writePlan(client, plan, messages);
  return messages;
}

function alone(error: unknown): Outcome {
  if (error instanceof Conflict)
    return { kind: error.over === 'key' ? 'key-taken' : error.over === 'timer' ? 'timer-gone' : 'lost' };
  if (isLocked(error)) return { kind: 'locked' };
  // Serialisation failure, deadlock: PostgreSQL asks to try again.
  if (['40001', '40P01'].includes((error as { code?: string }).code ?? '')) return { kind: 'lost' };
  return { kind: 'failed', error };
}

const read = (client: PoolClient, jobs: readonly Job[], care: Care, suspects: Suspects) =>
  Promise.all([load(client, jobs, care, suspects), care.looks ? spent(client, jobs) : () => false]);

type Loaded = (aggregate: string, id: string) => StoredAggregate<unknown> | 'locked' | undefined;

async function load(client: PoolClient, jobs: readonly Job[], { probes }: Care, suspects: Suspects): Promise<Loaded> {
  const wanted = new Map<string, { of: AnyStored; ids: Set<string> }>();
  for (const { of, id } of jobs) {
    const table = wanted.get(of.name) ?? { of, ids: new Set() };
    wanted.set(of.name, table);
    table.ids.add(id);
  }
  const found = new Map<string, StoredAggregate<unknown> | 'locked'>();
  await Promise.all(
    [...wanted.values()].map(async ({ of, ids }) => {
      const suspect = [...ids].filter((id) => probes || suspects.has(`${of.name}/${id}`));
      const [kept, free] = await Promise.all([
        loadAggregates(client, of, [...ids]),
        suspect.length ? freeIn(client, of.name, suspect) : undefined,
      ]);
      for (const each of kept) found.set(`${of.name}/${each.id}`, each);
      for (const key of suspect.map((id) => `${of.name}/${id}`)) {
        if (!found.has(key) || free?.has(key)) suspects.delete(key);
        else {
          suspects.add(key);
          found.set(key, 'locked');
        }
      }
    }),
  );
  return (aggregate, id) => found.get(`${aggregate}/${id}`);
}

/** Those that nobody has locked just now, as `table/id`. */
async function freeIn(client: PoolClient, table: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const text = `select id::text from "${table}" where id = any($1::uuid[]) for no key update skip locked`;
  const { rows } = await client.query<{ id: string }>(withTimeout({ name: `free ${table}`, text, values: [ids] }));
  return new Set(rows.map(({ id }) => `${table}/${id}`));
}

/** Aggregates as committed. */
export const loadAggregates = (
  client: Pick<PreparedPool, 'query'>,
  of: AnyStored,
  ids: readonly string[],
): Promise<StoredAggregate<unknown>[]> =>
  selectAggregates(client, of, { name: `load ${of.name}`, which: 'where id = any($1::uuid[])', values: [ids] });

export async function selectAggregates(
  client: Pick<PreparedPool, 'query'>,
  of: AnyStored,
  { name, which, values }: { name: string; which: string; values: unknown[] },
): Promise<StoredAggregate<unknown>[]> {
  // As text: the driver's own parsing depends on who else uses the pool.
  const text = `select id::text, version, state::text, (extract(epoch from created_at) * 1000)::bigint::text created,
    (extract(epoch from updated_at) * 1000)::bigint::text updated from "${of.name}" kept ${which}`;
  const { rows } = await client.query<{ id: string; version: number; state: string; created: string; updated: string }>(
    withTimeout({ name, text, values }),
  );
  return rows.map((row) => ({
    id: row.id,
    version: Number(row.version),
    state: stateFrom(of, row.state),
    createdAt: Number(row.created),
    updatedAt: Number(row.updated),
  }));
}

/** Messages that are handled and timers that are gone. */
async function spent(client: PoolClient, jobs: readonly Job[]): Promise<(once: Once) => boolean> {
  const messages = jobs.flatMap(({ once }) => (once?.by === 'message' ? [once] : []));
  const timers = jobs.flatMap(({ once }) => (once?.by === 'timer' ? [once.timerId] : []));
  const [handled, set] = await Promise.all([
    known(client, messages, {
      name: 'inbox-known',
      text: `select consumer || '/' || message_id id from inbox where (consumer, message_id) in (select * from unnest($1::text[], $2::text[]))`,
      values: [messages.map((once) => once.consumer), messages.map((once) => once.messageId)],
    }),
    known(client, timers, {
      name: 'timers-set',
      text: 'select id::text from timer where id = any($1::uuid[])',
      values: [timers],
    }),
  ]);
  return (once) =>
    (once.by === 'message' && handled.has(`${once.consumer}/${once.messageId}`)) ||
    (once.by === 'timer' && !set.has(once.timerId));
}

/** Which of `asked` the query finds; nothing is not asked for. */
async function known(client: PoolClient, asked: readonly unknown[], query: Statement): Promise<ReadonlySet<string>> {
  if (!asked.length) return new Set();
  const { rows } = await client.query<{ id: string }>(withTimeout(query));
  return new Set(rows.map(({ id }) => id));
}
