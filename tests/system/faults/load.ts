import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { faultClient, type FaultClient } from './client.ts';
import { openJournal, type Intent, type Outcome } from './journal.ts';
import type { Native } from './native.ts';

export interface Load {
  /** Nobody new; resolves when each that has begun has its answer, or `patienceMs` later. */
  stop(patienceMs?: number): Promise<void>;
}

const mostAtOnce = 250;

/** What people of a load do everything with. */
export interface Acting {
  client: FaultClient;
  /** Asks until the answer is known; resolves with the id once accepted, with nothing when it is refused or nobody has told in time. */
  insist(key: string, intent: Intent, call: () => Promise<Outcome>): Promise<string | undefined>;
  /** Nobody waits any longer for what has not come by then. */
  givenUp: AbortSignal;
}

/**
 * Somebody begins so many times a second whatever becomes of it, while no more than `mostAtOnce` are there; every command has a key and a
 * place in the journal. Without that bound, those who ask again would be ever more while all is down, until nothing can come back for them.
 */
export async function startLoad(
  place: Native,
  { perSecond, journal: file, people }: { perSecond: number; journal: string; people: readonly string[] },
  live: (nth: number, key: string, acting: Acting) => Promise<void>,
): Promise<Load> {
  const client = await faultClient(place, people);
  const journal = openJournal(file);
  const run = randomUUID().slice(0, 8);
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const lives = new Set<Promise<void>>();

  async function insist(key: string, intent: Intent, call: () => Promise<Outcome>): Promise<string | undefined> {
    journal.intends(key, intent);
    for (let pauseMs = 100; ; pauseMs = Math.min(2_000, 1.6 * pauseMs)) {
      const began = performance.now();
      const outcome = await call();
      journal.learns(key, outcome, performance.now() - began);
      if (outcome.is !== 'unknown') return outcome.is === 'accepted' ? outcome.id : undefined;
      if (givingUp.signal.aborted) return undefined;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }

  const generating = (async () => {
    const began = performance.now();
    for (let nth = 0; !stopping.signal.aborted; nth++) {
      const due = began + (nth * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      while (lives.size >= mostAtOnce) await Promise.race(lives);
      const life = live(nth, `${run}-${nth}`, { client, insist, givenUp: givingUp.signal }).finally(() =>
        lives.delete(life),
      );
      lives.add(life);
    }
  })();

  return {
    async stop(patienceMs = 60_000) {
      stopping.abort();
      await generating;
      const all = Promise.all(lives);
      const late = setTimeout(() => givingUp.abort(), patienceMs);
      await all;
      clearTimeout(late);
      client.close();
      journal.close();
    },
  };
}
