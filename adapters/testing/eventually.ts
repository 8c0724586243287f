import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Reads until what was read holds, and answers with it; fails after a while with what was read last. */
export async function eventually<Value>(
  read: () => Promise<Value> | Value,
  holds: (value: Value) => unknown = Boolean,
  withinMs = 15_000,
): Promise<Value> {
  for (const end = Date.now() + withinMs; ; await pause(5)) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms; last: ${inspect(value)}`);
  }
}
