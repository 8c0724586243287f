import type { StoredAggregate } from '#kernel/aggregate.ts';
import { notifierUntil } from '#adapters/feeds/notifier.ts';
import type { Cafe } from '../cafe.ts';
import type { Watch } from '../ports.ts';
import { changedSeats, type SeatSeen } from '../seat-map.ts';
import type { Period } from '../times.ts';

/** Often enough that each change is sent within a second of its commit in any process. */
const lookMs = 300;

type Seats = readonly SeatSeen[];

export interface Watching {
  /** The watch of one caller; it ends with the signal's reason. */
  until(signal: AbortSignal): Watch;
  /** Number of watchers of all maps. */
  watchers(): number;
}

/** A map of one period, with its watchers. */
interface Watched {
  cafe: StoredAggregate<Cafe>;
  period: Period;
  seats: Seats | undefined;
  watchers: Set<Watcher>;
  reading: Promise<void> | undefined;
}

/**
 * One feed for all watchers: each map is read a few times a second while it has watchers, once for all of them and however much is sold
 * meanwhile. That also finds what other replicas wrote.
 */
export function openSeatFeed(
  see: (cafe: StoredAggregate<Cafe>, period: Period) => Promise<Seats>,
  quietMs: number,
): Watching {
  const watched = new Map<string, Watched>();
  let looking: NodeJS.Timeout | undefined;

  function join(cafe: StoredAggregate<Cafe>, period: Period, watcher: Watcher): Watched {
    const key = keyOf(cafe, period);
    const map = watched.get(key) ?? { cafe, period, seats: undefined, watchers: new Set(), reading: undefined };
    watched.set(key, map);
    map.watchers.add(watcher);
    if (map.seats) watcher.tell(map.seats);
    else void read(map);
    looking ??= setTimeout(look, lookMs);
    return map;
  }

  function leave(map: Watched, watcher: Watcher): void {
    map.watchers.delete(watcher);
    if (map.watchers.size === 0) watched.delete(keyOf(map.cafe, map.period));
    if (watched.size > 0) return;
    clearTimeout(looking);
    looking = undefined;
  }

  async function look(): Promise<void> {
    const round = looking;
    for (const map of watched.values()) await read(map);
    if (looking === round) looking = setTimeout(look, lookMs); // otherwise all have left meanwhile
  }

  /** One at a time, so that states are sent in order. */
  const read = (map: Watched): Promise<void> =>
    (map.reading ??= see(map.cafe, map.period)
      .then(
        (seats) => {
          if (map.seats && changedSeats(map.seats, seats).length === 0) return;
          map.seats = seats;
          for (const watcher of map.watchers) watcher.tell(seats);
        },
        (error: unknown) => map.watchers.forEach((watcher) => watcher.fail(error)),
      )
      .finally(() => (map.reading = undefined)));

  return {
    until: (signal) => ({
      async *of(cafe, period) {
        const watcher = watcherUntil(signal, quietMs);
        const map = join(cafe, period, watcher);
        try {
          for (;;) yield (await watcher.next()) ?? 'quiet';
        } finally {
          watcher.leave();
          leave(map, watcher);
        }
      },
    }),
    watchers: () => [...watched.values()].reduce((count, { watchers }) => count + watchers.size, 0),
  };
}

const keyOf = ({ id }: StoredAggregate<Cafe>, { start, end }: Period): string => `${id}/${start}/${end}`;

type Watcher = ReturnType<typeof watcherUntil>;

/** A watcher. A slow one gets the latest state, not every one between. */
function watcherUntil(signal: AbortSignal, quietMs: number) {
  const { notify, fail, next, leave } = notifierUntil(signal);
  let news: Seats | undefined;
  const take = (): Seats | undefined => {
    const seen = news;
    news = undefined;
    return seen;
  };
  return {
    tell(seats: Seats): void {
      news = seats;
      notify();
    },
    fail,
    /** Changes that are not sent yet, once there are some; nothing after a quiet time. */
    next: () => next(take, quietMs),
    leave,
  };
}
