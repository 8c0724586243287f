import { setTimeout as pause } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { Answer } from './people.ts';

/** Within this a service that was killed is back, and one that has enough in hand has room again. */
const patienceMs = 60_000;

/**
 * Asks with one key until it is done or refused: a service that was killed may or may not have done it, one that has enough in hand sends
 * callers away, and of some things nobody may have too many under way.
 */
export async function insist<Body>(ask: (key: string) => Promise<Answer<Body>>): Promise<Answer<Body>> {
  const key = v7();
  for (const deadline = Date.now() + patienceMs; ; await pause(200)) {
    const answer = await ask(key).catch(() => undefined);
    if (answer && answer.status < 429) return answer;
    if (Date.now() > deadline) throw new Error(`answered ${answer?.status}: ${JSON.stringify(answer?.body)}`);
  }
}
