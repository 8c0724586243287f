import type { StoredAggregate } from '#kernel/aggregate.ts';
import { KeyTaken } from '#adapters/rpc/idempotency.ts';
import type { Made } from '#adapters/mikro-orm/outbox.ts';
import { planBatch, type Outcome, type Plan, type PlannedTimer } from '#adapters/mikro-orm/plan.ts';
import { TimerGone, type Store } from '#adapters/mikro-orm/store.ts';
import { currentScope, spendOnce, type Once } from '#adapters/scope/scope.ts';

export interface SentMessage extends Made {
  /** When it was committed. */
  at: number;
}

/** What one service has on its disk. */
export interface Disk {
  tables: Map<string, Map<string, StoredAggregate<unknown>>>;
  inbox: Set<string>;
  /** How often each message changed something here; the machinery's promise is: once at most. */
  effects: Map<string, number>;
  keys: Map<string, { fingerprint: string; response: Uint8Array }>;
  claims: Map<string, string>;
  timers: Map<string, PlannedTimer>;
  /** In the order of commits; the log that read models are rebuilt from. */
  log: SentMessage[];
  /** Of the log, what no relay has sent and marked yet. */
  unsent: SentMessage[];
}

export const emptyDisk = (): Disk => ({
  tables: new Map(),
  inbox: new Set(),
  effects: new Map(),
  keys: new Map(),
  claims: new Map(),
  timers: new Map(),
  log: [],
  unsent: [],
});

/** Where a bug can be planted or a process die. */
export interface Hooks {
  /** Before a transaction commits; throwing undoes it. */
  beforeCommit?(plan: Plan): void;
  /** After it; throwing loses the answer, not the effect. */
  afterCommit?(plan: Plan): void;
}

export interface MemoryStore extends Store {
  disk: Disk;
}

/** The store of the simulation: it plans as the real one does, and writes to memory. Passes the real one's contract. */
export function memoryStore(disk: Disk, now: () => number, hooks: Hooks = {}): MemoryStore {
  const table = (name: string) => disk.tables.get(name) ?? disk.tables.set(name, new Map()).get(name)!;

  function commit(plan: Plan): boolean {
    if (plan.messages.some(({ consumer, messageId }) => disk.inbox.has(`${consumer} ${messageId}`))) return false;
    if (plan.firedTimers.some((id) => !disk.timers.has(id))) throw new TimerGone();
    if (plan.keys.some(({ once }) => disk.keys.has(keyOf(once)))) throw new KeyTaken();
    const freed = new Set(
      [...disk.claims].flatMap(([key, holder]) =>
        plan.releases.some(
          (release) =>
            release.holder === holder && (release.keys === 'all' || release.keys.some((each) => each.key === key)),
        )
          ? [key]
          : [],
      ),
    );
    if (plan.claims.some(({ key }) => disk.claims.has(key) && !freed.has(key))) return false;
    if (new Set(plan.claims.map(({ key }) => key)).size < plan.claims.length) return false;
    hooks.beforeCommit?.(plan);

    for (const { consumer, messageId } of plan.messages) disk.inbox.add(`${consumer} ${messageId}`);
    for (const { once, response } of plan.keys) disk.keys.set(keyOf(once), { fingerprint: once.fingerprint, response });
    for (const id of plan.firedTimers) disk.timers.delete(id);
    for (const [name, rows] of plan.inserts) for (const row of rows) table(name).set(row.id, row);
    for (const [name, rows] of plan.updates) for (const { now: row } of rows) table(name).set(row.id, row);
    for (const key of freed) disk.claims.delete(key);
    for (const { key, holder } of plan.claims) disk.claims.set(key, holder);
    for (const { aggregate, id, names } of plan.stoppedTimers)
      for (const timer of disk.timers.values())
        if (
          timer.aggregate === aggregate &&
          timer.aggregateId === id &&
          (names === 'all' || names.includes(timer.name))
        )
          disk.timers.delete(timer.id);
    for (const timer of plan.timers.values()) {
      for (const other of disk.timers.values())
        if (other.aggregate === timer.aggregate && other.aggregateId === timer.aggregateId && other.name === timer.name)
          disk.timers.delete(other.id);
      disk.timers.set(timer.id, timer);
    }
    for (const made of plan.outbox) {
      const sent = { ...made, at: now() };
      disk.log.push(sent);
      disk.unsent.push(sent);
    }
    hooks.afterCommit?.(plan);
    return true;
  }

  return {
    disk,
    async update(of, id, decide, facts) {
      const once = spendOnce();
      for (;;) {
        const known = (await facts?.()) as never;
        const job = { of, id, once, scope: currentScope(), decide: (state: unknown) => decide(state as never, known) };
        const isSpent = (proof: Once) =>
          proof.by === 'message' && disk.inbox.has(`${proof.consumer} ${proof.messageId}`);
        const plan = planBatch([job], (aggregate, key) => table(aggregate).get(key), isSpent, now());
        const [outcome] = plan.outcomes as [Outcome];
        if (outcome.kind === 'failed') throw outcome.error;
        if (outcome.kind === 'key-taken') throw new KeyTaken();
        if (!commit(plan)) continue;
        if (once?.by === 'message' && plan.changed.length)
          disk.effects.set(once.messageId, (disk.effects.get(once.messageId) ?? 0) + 1);
        if (outcome.kind === 'done') return outcome.result as never;
      }
    },
    async get(of, id) {
      return table(of.name).get(id) as never;
    },
    async list(of, _, where, { size, after }) {
      if (Object.values(where).some((value) => value !== undefined))
        throw new Error('generated columns are the database’s; filter in a port of the simulation');
      return [...table(of.name).values()]
        .filter(({ id }) => !after || id < after)
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .slice(0, size) as never;
    },
    async claims(from, to) {
      return [...disk.claims].filter(([key]) => key >= from && key < to).map(([key, holder]) => ({ key, holder }));
    },
    onCommitted: () => () => undefined,
    rows: noSql,
    where: noSql,
    read: noSql,
  };
}

const noSql = (): never => {
  throw new Error('there is no SQL in the simulation; give the port a fake');
};

const keyOf = ({ caller, method, key }: { caller: string; method: string; key: string }): string =>
  `${caller} ${method} ${key}`;
