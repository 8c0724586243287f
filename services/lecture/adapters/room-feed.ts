import { notifierUntil } from '#adapters/feeds/notifier.ts';
import { stateFrom } from '#adapters/mikro-orm/state.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import type { RoomSnapshot, RoomFeed } from '../ports.ts';
import { storedLectures, storedMailboxes } from './messages.ts';

/** Often enough that two browsers on two replicas find each other within a second or two. */
const pollMs = 200;

/** Sightings for one caller; they end with the signal's reason. */
export type RoomFeedUntil = (signal: AbortSignal) => RoomFeed;

interface Watcher {
  lectureId: string;
  sessionId: string;
  /** Something may have changed since it last looked. */
  wake(): void;
  fail(error: unknown): void;
}

/**
 * One feed for all watchers of rooms: a commit of this process wakes its watchers at once; a poll, while there are watchers, finds what
 * other replicas wrote.
 */
export function openRoomFeed(store: Store, beatMs: number): RoomFeedUntil {
  const watchers = new Set<Watcher>();
  let known = new Map<string, number>();
  let stopListening = (): void => undefined;
  let poll: NodeJS.Timeout | undefined;

  const wake = (id: string): void => {
    for (const watcher of watchers) if (watcher.lectureId === id || watcher.sessionId === id) watcher.wake();
  };

  async function look(): Promise<void> {
    const round = poll;
    try {
      const found = await versions(store, [...watchers]);
      for (const [id, version] of found) if (known.get(id) !== version) wake(id);
      known = found;
    } catch (error) {
      for (const watcher of watchers) watcher.fail(error);
    }
    if (poll === round) poll = setTimeout(look, pollMs); // otherwise all have left meanwhile
  }

  function join(watcher: Watcher): void {
    watchers.add(watcher);
    if (watchers.size > 1) return;
    stopListening = store.onCommitted((_, id) => wake(id));
    poll = setTimeout(look, pollMs);
  }

  function leave(watcher: Watcher): void {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    stopListening();
    clearTimeout(poll);
    poll = undefined;
  }

  return (signal) => ({
    async *of(lectureId, sessionId) {
      const notifier = notifierUntil(signal);
      const watcher = { lectureId, sessionId, wake: notifier.notify, fail: notifier.fail };
      join(watcher);
      try {
        yield await snapshot(store, lectureId, sessionId);
        for (let beatAt = Date.now() + beatMs; ;) {
          const isNews = await notifier.notifiedBefore(beatAt);
          yield isNews ? await snapshot(store, lectureId, sessionId) : 'beat';
          if (!isNews) beatAt += beatMs;
        }
      } finally {
        notifier.leave();
        leave(watcher);
      }
    },
  });
}

/** Both in one statement, so that signals and presence agree: no signal before its sender joined, none after it left. */
async function snapshot(store: Store, lectureId: string, sessionId: string): Promise<RoomSnapshot> {
  const [row] = await store.rows<{
    version: number;
    state: string;
    created: string;
    updated: string;
    mailbox: string | null;
  }>(
    'sight',
    `select version, state::text, (extract(epoch from created_at) * 1000)::bigint::text created,
      (extract(epoch from updated_at) * 1000)::bigint::text updated,
      (select state::text from ${storedMailboxes.name} where id = $1) mailbox
      from ${storedLectures.name} where id = $2`,
    [sessionId, lectureId],
  );
  if (!row) throw new Error(`lecture ${lectureId} is not there any more`);
  const { version, state, created, updated, mailbox } = row;
  return {
    lecture: {
      id: lectureId,
      version,
      state: stateFrom(storedLectures, state),
      createdAt: Number(created),
      updatedAt: Number(updated),
    },
    signals: mailbox === null ? [] : stateFrom(storedMailboxes, mailbox).signals,
  };
}

async function versions(store: Store, watchers: readonly Watcher[]): Promise<Map<string, number>> {
  const ids = (of: 'lectureId' | 'sessionId'): string[] => [...new Set(watchers.map((watcher) => watcher[of]))];
  const rows = await store.rows<{ id: string; version: number }>(
    'versions',
    `select id::text, version from ${storedLectures.name} where id = any($1::uuid[])
      union all select id::text, version from ${storedMailboxes.name} where id = any($2::uuid[])`,
    [ids('lectureId'), ids('sessionId')],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}
