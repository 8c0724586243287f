import type { StoredAggregate } from '#kernel/aggregate.ts';
import { notifierUntil } from '#adapters/feeds/notifier.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import type { OrderView } from '../order-view.ts';
import type { OrderFeed } from '../ports.ts';
import { orderViews } from './store.ts';

/** Often enough that what another replica wrote is seen within a second. */
const pollMs = 500;

export interface Watching {
  /** Sightings for one caller; they end with the signal's reason. */
  until(signal: AbortSignal): OrderFeed;
  /** How many look, at all orders together. */
  watchers(): number;
}

interface Watched {
  /** As last told to all of `watchers`. */
  version: number;
  watchers: Set<Watcher>;
  reading: boolean;
  /** Changed while it was being read. */
  stale: boolean;
}

/**
 * One look-out for all who watch orders: a commit of this process wakes it at once, a poll while anybody watches finds what other
 * replicas wrote, and each change is read once however many watch.
 */
export function openOrderFeed(store: Store, quietMs: number): Watching {
  const watched = new Map<string, Watched>();
  let stopListening = (): void => undefined;
  let poll: NodeJS.Timeout | undefined;

  function join(id: string, watcher: Watcher): Watched {
    if (watched.size === 0) {
      stopListening = store.onCommitted((aggregate, changed) => {
        if (aggregate === orderViews.name) void readAgain(changed);
      });
      poll = setTimeout(look, pollMs);
    }
    const order = watched.get(id) ?? { version: 0, watchers: new Set(), reading: false, stale: false };
    watched.set(id, order);
    order.watchers.add(watcher);
    return order;
  }

  function leave(id: string, watcher: Watcher): void {
    const order = watched.get(id);
    order?.watchers.delete(watcher);
    if (order?.watchers.size === 0) watched.delete(id);
    if (watched.size > 0) return;
    stopListening();
    clearTimeout(poll);
    poll = undefined;
  }

  async function readAgain(id: string): Promise<void> {
    const order = watched.get(id);
    if (!order) return;
    order.stale = true;
    if (order.reading) return;
    order.reading = true;
    try {
      while (order.stale) {
        order.stale = false;
        const view = await store.get(orderViews, id);
        if (view) tell(order, view);
      }
    } catch (error) {
      for (const watcher of order.watchers) watcher.fail(error);
    } finally {
      order.reading = false;
    }
  }

  async function look(): Promise<void> {
    const round = poll;
    try {
      for (const { id, version } of await versions(store, [...watched.keys()]))
        if (version > (watched.get(id)?.version ?? version)) void readAgain(id);
    } catch (error) {
      for (const { watchers } of watched.values()) for (const watcher of watchers) watcher.fail(error);
    }
    if (poll === round) poll = setTimeout(look, pollMs); // otherwise all have left meanwhile
  }

  return {
    until: (signal) => ({
      async *of(id) {
        const watcher = watcherUntil(signal, quietMs);
        const order = join(id, watcher);
        try {
          const first = await store.get(orderViews, id);
          if (first) tell(order, first);
          yield first?.state;
          for (let version = first?.version ?? 0; ;) {
            const next = await watcher.next(version);
            yield next?.state ?? 'quiet';
            version = next?.version ?? version;
          }
        } finally {
          watcher.leave();
          leave(id, watcher);
        }
      },
    }),
    watchers: () => [...watched.values()].reduce((count, { watchers }) => count + watchers.size, 0),
  };
}

function tell(order: Watched, view: StoredAggregate<OrderView>): void {
  order.version = Math.max(order.version, view.version);
  for (const watcher of order.watchers) watcher.tell(view);
}

const versions = (store: Store, ids: readonly string[]): Promise<{ id: string; version: number }[]> =>
  store.rows('versions', 'select id::text, version from order_view where id = any($1::uuid[])', [ids]);

type Watcher = ReturnType<typeof watcherUntil>;

/** A watcher. A slow one gets the latest state, not every one between. */
function watcherUntil(signal: AbortSignal, quietMs: number) {
  const { notify, fail, next, leave } = notifierUntil(signal);
  let latest: StoredAggregate<OrderView> | undefined;
  return {
    tell(view: StoredAggregate<OrderView>): void {
      if (latest && latest.version >= view.version) return;
      latest = view;
      notify();
    },
    fail,
    /** What is newer than `version`, once there is; nothing when it stays quiet. */
    next: (version: number) => next(() => (latest && latest.version > version ? latest : undefined), quietMs),
    leave,
  };
}
