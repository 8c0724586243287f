import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** The system is asked for chance rarely: each time costs as much as all the rest of an id. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function random(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool.subarray(used, (used += 16));
}

/** A new id, ordered by time (UUIDv7), for messages, timers and requests. */
export const freshId = (): string => v7({ random: random() });
