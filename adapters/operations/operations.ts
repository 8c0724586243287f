import type { Instant } from '#kernel/time.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Figures, Untaken } from './figures.ts';
import type { Rebuilder } from './rebuild.ts';

/** What a hosted service shows of itself to whoever runs it. */
export interface Operations {
  /** `lodging` */
  service: string;
  /** When this process began to host it. */
  since: Instant;
  /** Ways out of this process that are left alone while the callee fails. */
  breakers: readonly Pick<Policy, 'name' | 'breakerState'>[];
  deadLetters: DeadLetters;
  /** Of a service that keeps a projection. */
  rebuilder?: Rebuilder;
  /** Read afresh from the database. Rejects with `Unavailable` when it cannot be reached. */
  figures(): Promise<Figures>;
  untaken(): Promise<Untaken[]>;
  /** What it lacks to do its work in full, in words. */
  waitsFor(): Promise<string | undefined>;
}
