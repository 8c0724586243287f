import type { Instant } from '#kernel/time.ts';
import type { Trail } from '#adapters/audit/trail.ts';
import type { PartyLimit } from '#adapters/resilience/party-limit.ts';
import type { Policy } from '#adapters/resilience/policy.ts';
import type { Orders } from '#adapters/service/service.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Figures, Untaken } from './figures.ts';
import type { Rebuilder } from './rebuild.ts';
import type { Reteller } from './retelling.ts';

/** State of a hosted service, for operators. */
export interface Operations {
  /** `lodging` */
  service: string;
  /** When this process began to host it. */
  since: Instant;
  /** Circuit breakers of this process. */
  breakers: readonly Pick<Policy, 'name' | 'breakerState'>[];
  /** Limits on the calls from this process to outside parties. */
  limits: readonly Pick<PartyLimit, 'name' | 'perSecond' | 'waiting'>[];
  deadLetters: DeadLetters;
  reteller: Reteller;
  /** Messages that this process has been handling for more than a minute. */
  overdue(): number;
  /** By how many milliseconds the clock of this machine is ahead of the database's. */
  skewMs(): number;
  /** The orders that it keeps, by the states in which they are not done. */
  orders: readonly Orders[];
  /** For how many seconds the order that has been in this state longest has been in it; 0 where none is. */
  oldest(table: string, status: string): Promise<number>;
  /** What administrators and agents did. */
  trail: Trail;
  /** Of a service that keeps a projection. */
  rebuilder?: Rebuilder;
  /** Read afresh from the database. Rejects with `Unavailable` when it cannot be reached. */
  figures(): Promise<Figures>;
  untaken(): Promise<Untaken[]>;
  /** What it lacks to do its work in full, in words. */
  waitsFor(): Promise<string | undefined>;
}
