import type { Claim, StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import { newId } from '#kernel/ids.ts';
import type { Once, Scope } from '#adapters/scope/scope.ts';
import type { Made } from './outbox.ts';
import type { AnyStored } from './store.ts';

/** One update that waits for its turn in a batch. */
export interface Job {
  of: AnyStored;
  id: string;
  decide(state: unknown): Decision<unknown, string>;
  once: Once | undefined;
  scope: Scope | undefined;
}

/** What becomes of a job. `lost`: another writer was first; read again and decide again. */
export type Outcome =
  | { kind: 'done'; result: Updated<unknown, string> }
  | { kind: 'lost' }
  /** Another session has locked what it needs. */
  | { kind: 'locked' }
  | { kind: 'key-taken' }
  /** The timer behind it was moved or called off meanwhile. */
  | { kind: 'timer-gone' }
  | { kind: 'failed'; error: unknown };

/** An alarm clock of an aggregate. */
export interface PlannedTimer {
  id: string;
  aggregate: string;
  aggregateId: string;
  name: string;
  /** Milliseconds since the epoch. */
  at: number;
  traceparent: string | undefined;
  /** It is due as it is set, and the process of this number, which sets it, fires it: nobody else need look for it. */
  claimedBy?: number;
}

/** A process that fires timers, by its number, and how many more it can take in hand. */
export interface Claimant {
  number: number;
  room: number;
}

/** All that one batch writes, in one transaction. */
export interface Plan {
  outcomes: Outcome[];
  messages: { consumer: string; messageId: string }[];
  keys: { once: Extract<Once, { by: 'key' }>; response: Uint8Array }[];
  firedTimers: string[];
  inserts: Map<string, StoredAggregate<unknown>[]>;
  /** Version as loaded, and the aggregate as it shall be. */
  updates: Map<string, { was: number; now: StoredAggregate<unknown> }[]>;
  claims: { key: string; holder: string }[];
  releases: { holder: string; keys: readonly Claim[] | 'all' }[];
  stoppedTimers: { aggregate: string; id: string; names: readonly string[] | 'all' }[];
  timers: Map<string, PlannedTimer>;
  outbox: Made[];
  changed: { aggregate: string; id: string }[];
}

/**
 * `loaded` answers with the aggregate as stored, or that another session has locked it; `isSpent` knows proofs that another transaction
 * has used up. Jobs on the same aggregate see each other's results, in order.
 */
export function planBatch(
  jobs: readonly Job[],
  loaded: (aggregate: string, id: string) => StoredAggregate<unknown> | 'locked' | undefined,
  isSpent: (once: Once) => boolean,
  now: number,
): Plan {
  const plan: Plan = {
    outcomes: [],
    messages: [],
    keys: [],
    firedTimers: [],
    inserts: new Map(),
    updates: new Map(),
    claims: [],
    releases: [],
    stoppedTimers: [],
    timers: new Map(),
    outbox: [],
    changed: [],
  };
  const current = new Map<string, StoredAggregate<unknown>>();
  const proofs = new Set<string>();
  const claimed = new Set<string>();
  /** Aggregates of which this batch moves timers: whether another of them is still set is not known before it is committed. */
  const moved = new Set<string>();
  for (const job of jobs) plan.outcomes.push(one(job));
  for (const [key, after] of current) {
    const [aggregate, id] = key.split('/') as [string, string];
    const before = loaded(aggregate, id) as StoredAggregate<unknown> | undefined;
    if (before?.version === after.version || after.version === 0) continue;
    if (before) push(plan.updates, aggregate, { was: before.version, now: after });
    else push(plan.inserts, aggregate, after);
    plan.changed.push({ aggregate, id });
  }
  return plan;

  function one(job: Job): Outcome {
    const key = `${job.of.name}/${job.id}`;
    const stored = loaded(job.of.name, job.id);
    if (stored === 'locked') return { kind: 'locked' };
    const before: StoredAggregate<unknown> = current.get(key) ??
      stored ?? { id: job.id, state: job.of.initial, version: 0, createdAt: now, updatedAt: now };
    const proof = proofOf(job.once);
    if (job.once && proof && (proofs.has(proof) || isSpent(job.once))) return again(job.once, before);
    if (job.once?.by === 'timer' && moved.has(key)) return { kind: 'lost' };
    try {
      const decision = job.decide(before.state);
      if (!decision.accepted) return { kind: 'done', result: decision };
      const state = decision.events.reduce(job.of.evolve, before.state);
      // An event that leaves the state as it is (an answer that is repeated) changes nothing: the version stands.
      const after: StoredAggregate<unknown> =
        state === before.state ? before : { ...before, state, version: before.version + 1, updatedAt: now };
      if (decision.events.length)
        job.scope?.changed?.set(key, { aggregate: job.of.name, id: job.id, before: before.state, after: after.state });
      const consequences = decision.events.length ? job.of.consequences(decision.events, after) : {};
      // Another job of this batch has it: this one alone is decided again, and its neighbours go on.
      if (consequences.claims?.some(({ key }) => claimed.has(key))) return { kind: 'lost' };
      const messages = (consequences.messages ?? []).map((message) => ({
        id: newId(),
        message: job.of.encode(message, after),
        scope: job.scope,
      }));
      if (job.once?.by === 'key') plan.keys.push({ once: job.once, response: job.once.answer(after as never) });
      // From here on nothing throws: a job is in the plan whole or not at all.
      if (proof) proofs.add(proof);
      if (job.once?.by === 'message') plan.messages.push(job.once);
      if (job.once?.by === 'timer') plan.firedTimers.push(job.once.timerId);
      current.set(key, after);
      plan.outbox.push(...messages);
      if (consequences.releases) release(job.id, consequences.releases);
      for (const { key } of consequences.claims ?? []) {
        claimed.add(key);
        plan.claims.push({ key, holder: job.id });
      }
      if (consequences.stopTimers?.length || consequences.timers?.length) moved.add(key);
      if (consequences.stopTimers) stopTimers(job.of.name, job.id, consequences.stopTimers);
      for (const { name, at } of consequences.timers ?? [])
        plan.timers.set(`${key}/${name}`, {
          id: newId(),
          aggregate: job.of.name,
          aggregateId: job.id,
          name,
          at,
          traceparent: job.scope?.traceparent,
        });
      return { kind: 'done', result: { accepted: true, after } };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  /** Also takes back what an earlier job of this batch claimed, since a batch writes its releases before its claims. */
  function release(holder: string, keys: readonly Claim[] | 'all'): void {
    plan.releases.push({ holder, keys });
    plan.claims = plan.claims.filter((claim) => {
      const stays = claim.holder !== holder || (keys !== 'all' && !keys.some(({ key }) => key === claim.key));
      if (!stays) claimed.delete(claim.key);
      return stays;
    });
  }

  function stopTimers(aggregate: string, id: string, names: readonly string[] | 'all'): void {
    plan.stoppedTimers.push({ aggregate, id, names });
    for (const [slot, timer] of plan.timers)
      if (timer.aggregate === aggregate && timer.aggregateId === id && (names === 'all' || names.includes(timer.name)))
        plan.timers.delete(slot);
  }
}

export const writesNothing = (plan: Plan): boolean =>
  [
    plan.changed,
    plan.messages,
    plan.keys,
    plan.firedTimers,
    plan.outbox,
    plan.claims,
    plan.releases,
    plan.stoppedTimers,
  ].every((rows) => rows.length === 0) && plan.timers.size === 0;

/** What becomes of a job whose proof is used up. */
function again({ by }: Once, before: StoredAggregate<unknown>): Outcome {
  switch (by) {
    case 'message':
      return { kind: 'done', result: { accepted: true, after: before } };
    case 'timer':
      return { kind: 'timer-gone' };
    case 'key':
      return { kind: 'key-taken' };
  }
}

function proofOf(once: Once | undefined): string | undefined {
  switch (once?.by) {
    case undefined:
      return undefined;
    case 'message':
      return `message/${once.consumer}/${once.messageId}`;
    case 'timer':
      return `timer/${once.timerId}`;
    case 'key':
      return `key/${once.caller}/${once.method}/${once.key}`;
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
