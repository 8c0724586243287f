import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Longest patience with what should come by itself; a slow machine needs more than a fast one. */
const patienceMs = 20_000;

/**
 * Reads again and again until it can be read and holds, and answers with what was read; in the end the last reading says what was wrong.
 * `holds` may be assertions, which throw.
 */
export async function eventually<Value>(
  read: () => Promise<Value> | Value,
  holds: (value: Value) => boolean | void = Boolean,
  withinMs = patienceMs,
): Promise<Value> {
  for (const deadline = Date.now() + withinMs; ; await pause(10)) {
    try {
      const value = await read();
      if (holds(value) !== false) return value;
      if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms; last: ${inspect(value)}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
