import type { StoredAggregate } from '#kernel/aggregate.ts';
import { notifierUntil } from '#adapters/feeds/notifier.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { isShown, type OrderView } from '../order-view.ts';
import type { PersonFeed } from '../ports.ts';
import { listed, orderViews } from './store.ts';

/** Often enough that what another replica wrote is seen within a second. */
const pollMs = 500;
/** Seconds: more than a transaction takes, and than clocks of replicas differ. */
const lookBack = 10;
const snapshotSize = 50;
/** Changed orders that may wait for one slow reader. */
const mostWaiting = 500;

export interface WatchingPersons {
  /** A feed for one caller; it ends with the signal's reason. */
  until(signal: AbortSignal): PersonFeed;
  /** Number of open feeds. */
  watchers(): number;
}

type View = StoredAggregate<OrderView>;

/**
 * One feed for all who watch their own orders. A commit of this process is seen at once; while anybody watches, a poll finds what other
 * replicas wrote. Only orders of those who watch are read, and each change once, however many watch.
 */
export function openPersonFeed(store: Store, quietMs: number): WatchingPersons {
  const watchersOf = new Map<string, Set<Watcher>>();
  /** Versions that were told lately; without them each poll would read again what the one before read. */
  const read = new Map<string, { version: number; at: number }>();
  /** Orders that changed: those of one transaction are read in one statement. */
  let changed = new Set<string>();
  let gathering: NodeJS.Immediate | undefined;
  let stopListening = (): void => undefined;
  let poll: NodeJS.Timeout | undefined;

  const all = (): Watcher[] => [...watchersOf.values()].flatMap((watchers) => [...watchers]);

  function join(person: string, watcher: Watcher): void {
    if (watchersOf.size === 0) {
      stopListening = store.onCommitted((aggregate, id) => {
        if (aggregate === orderViews.name) readSoon(id);
      });
      poll = setTimeout(look, pollMs);
    }
    watchersOf.set(person, (watchersOf.get(person) ?? new Set()).add(watcher));
  }

  function leave(person: string, watcher: Watcher): void {
    const watchers = watchersOf.get(person);
    watchers?.delete(watcher);
    if (watchers?.size === 0) watchersOf.delete(person);
    if (watchersOf.size > 0) return;
    stopListening();
    clearImmediate(gathering);
    clearTimeout(poll);
    gathering = undefined;
    poll = undefined;
    changed.clear();
    read.clear();
  }

  function readSoon(id: string): void {
    changed.add(id);
    gathering ??= setImmediate(() => void readChanged());
  }

  async function readChanged(): Promise<void> {
    const ids = [...changed];
    changed = new Set();
    gathering = undefined;
    try {
      for (const view of await viewsOf(store, [...watchersOf.keys()], ids)) tell(view);
    } catch (error) {
      for (const watcher of all()) watcher.fail(error);
    }
  }

  function tell(view: View): void {
    if (!isShown(view.state) || view.version <= (read.get(view.id)?.version ?? 0)) return;
    read.set(view.id, { version: view.version, at: Date.now() });
    const { customerId, providerId } = view.state.head;
    for (const person of new Set([customerId, providerId]))
      for (const watcher of watchersOf.get(person) ?? []) watcher.tell(view);
  }

  async function look(): Promise<void> {
    const round = poll;
    try {
      for (const { id, version } of await changedLately(store, [...watchersOf.keys()]))
        if (version > (read.get(id)?.version ?? 0)) readSoon(id);
      for (const [id, { at }] of read) if (at < Date.now() - 2_000 * lookBack) read.delete(id);
    } catch (error) {
      for (const watcher of all()) watcher.fail(error);
    }
    if (poll === round) poll = setTimeout(look, pollMs); // otherwise all have left meanwhile
  }

  /** With their versions, so that a change that was read before them is not told after them. */
  const newest = (person: string) =>
    listed(store, 'ordered-or-provided', person, { attributes: [] }, { size: snapshotSize });

  return {
    until: (signal) => ({
      async *of(person) {
        const watcher = watcherUntil(signal, quietMs);
        join(person, watcher);
        try {
          const first = await newest(person);
          const told = new Map(first.map(({ id, version }) => [id, version]));
          yield { newest: first.map(({ state }) => state) };
          for (;;) {
            const next = await watcher.next();
            if (!next) yield 'quiet';
            else if (next.version > (told.get(next.id) ?? 0)) {
              told.set(next.id, next.version);
              yield next.state;
            }
          }
        } finally {
          watcher.leave();
          leave(person, watcher);
        }
      },
    }),
    watchers: () => all().length,
  };
}

const ofPersons = '(customer_id = any($1) or provider_id = any($1))';

const viewsOf = (store: Store, persons: readonly string[], ids: readonly string[]): Promise<View[]> =>
  store.where(orderViews, 'of persons', `where kept.id = any($2::uuid[]) and ${ofPersons}`, [persons, ids]);

const changedLately = (store: Store, persons: readonly string[]): Promise<{ id: string; version: number }[]> =>
  store.rows(
    'changed lately',
    `select id::text, version from order_view where updated_at > now() - make_interval(secs => $2) and ${ofPersons}`,
    [persons, lookBack],
  );

type Watcher = ReturnType<typeof watcherUntil>;

/** A slow one gets the latest state of each order, not every one between. */
function watcherUntil(signal: AbortSignal, quietMs: number) {
  const { notify, fail, next, leave } = notifierUntil(signal);
  const waiting = new Map<string, View>();
  const take = (): View | undefined => {
    const [first] = waiting.values();
    if (first) waiting.delete(first.id);
    return first;
  };
  return {
    tell(view: View): void {
      waiting.set(view.id, view);
      if (waiting.size > mostWaiting) fail(tooSlow());
      notify();
    },
    fail,
    /** An order that changed, once there is one; nothing when it stays quiet. */
    next: () => next(take, quietMs),
    leave,
  };
}

const tooSlow = (): RpcError =>
  new RpcError(
    'UNAVAILABLE',
    'STREAM_TOO_SLOW',
    `more than ${mostWaiting} changed orders wait to be read: connect again`,
    { retryAfterMs: 1_000 },
  );
