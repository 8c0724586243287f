import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';

/** Attempts to sign in to one account or from one address, within some time from the first. */
export type Attempts = { status: 'none' } | { status: 'counting'; count: number; from: Instant };

export interface Quota {
  /** 0 is no limit. */
  most: number;
  withinMs: number;
}

export type AttemptsInput =
  /** Counted before the password is looked at, so that attempts at once are counted too. */
  { type: 'TakeAttempt'; at: Instant; quota: Quota } | { type: 'Forget' };

export type AttemptsEvent = { type: 'AttemptTaken'; count: number; from: Instant } | { type: 'AttemptsForgotten' };

export type AttemptsRefusal = 'too-many-attempts';

function decide(state: Attempts, input: AttemptsInput): Decision<AttemptsEvent, AttemptsRefusal> {
  if (input.type === 'Forget') return state.status === 'none' ? accept() : accept({ type: 'AttemptsForgotten' });
  const { at, quota } = input;
  if (quota.most === 0) return accept();
  const isOver = state.status === 'none' || at - state.from >= quota.withinMs;
  const { count, from } = isOver ? { count: 0, from: at } : state;
  return count < quota.most
    ? accept({ type: 'AttemptTaken', count: count + 1, from })
    : refuse('too-many-attempts', { seconds: String(Math.ceil((from + quota.withinMs - at) / 1_000)) });
}

const evolve = (_: Attempts, event: AttemptsEvent): Attempts =>
  event.type === 'AttemptsForgotten'
    ? { status: 'none' }
    : { status: 'counting', count: event.count, from: event.from };

export const attempts: Decider<Attempts, AttemptsInput, AttemptsEvent, AttemptsRefusal> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
