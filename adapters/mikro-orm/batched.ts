import { outOfScope } from '#adapters/scope/scope.ts';
import { unavailableFrom } from './database.ts';

type Asked<Key, Value> = [id: string, asked: { key: Key; done: PromiseWithResolvers<Value | undefined> }];

/** Keys of one read at most. */
const most = 200;

/**
 * Reads that are asked for while one is under way go together in the next: under load one statement serves many, and alone nobody
 * waits longer than a turn. `read` answers with the values that there are.
 */
export function batched<Key, Value>(
  name: (key: Key) => string,
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let waiting = new Map<string, Asked<Key, Value>[1]>();
  let working = false;

  async function work(): Promise<void> {
    // One turn of the event loop: whatever is asked for with the first goes along.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.size) {
      const all = [...waiting];
      waiting = new Map(all.slice(most));
      await answer(all.slice(0, most));
    }
    working = false;
  }

  /** A key that the database refuses must not fail its neighbours: then each is read alone. What it cannot do now it cannot do for any. */
  async function answer(batch: readonly Asked<Key, Value>[]): Promise<void> {
    try {
      const found = await read(batch.map(([, { key }]) => key));
      for (const [id, { done }] of batch) done.resolve(found.get(id));
    } catch (error) {
      if (batch.length === 1 || unavailableFrom(error)) for (const [, { done }] of batch) done.reject(error);
      else for (const one of batch) await answer([one]);
    }
  }

  return (key) => {
    const id = name(key);
    const known = waiting.get(id);
    if (known) return known.done.promise;
    const done = Promise.withResolvers<Value | undefined>();
    waiting.set(id, { key, done });
    if (!working) {
      working = true;
      void outOfScope(work);
    }
    return done.promise;
  };
}
