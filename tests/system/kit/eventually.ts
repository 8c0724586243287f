import { setTimeout as pause } from 'node:timers/promises';

/** Longest patience with what should come by itself; a slow machine needs more than a fast one. */
const patienceMs = 20_000;

/** Reads again and again until it can be read and holds, and answers with what was read; in the end the last reading says what was wrong. */
export async function eventually<Value>(
  read: () => Promise<Value>,
  holds: (value: Value) => boolean | void,
  withinMs = patienceMs,
): Promise<Value> {
  for (const deadline = Date.now() + withinMs; ; await pause(25)) {
    try {
      const value = await read();
      if (holds(value) !== false) return value;
      if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms; last: ${JSON.stringify(value)}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Reads again and again until the value has these properties. In tests alone: Jest is to be had nowhere else, and `eventually` is used by the soak, too. */
export async function becomes<Value>(read: () => Promise<Value>, expected: object, withinMs?: number): Promise<Value> {
  const { expect } = await import('@jest/globals');
  return eventually(read, (value) => expect(value).toMatchObject(expected), withinMs);
}
