import type { Defaults } from './defaults.ts';

/** Details of a refusal, such as the current price. */
export type Details = Readonly<Record<string, string>>;

/** A refusal, with what the caller needs to know of it. */
export interface Refused<Refusal extends string> {
  accepted: false;
  refusal: Refusal;
  details?: Details;
}

/** The answer of a core: the events, or the refusal. */
export type Decision<Event, Refusal extends string> = { accepted: true; events: readonly Event[] } | Refused<Refusal>;

export const accept = <Event>(...events: Event[]): { accepted: true; events: readonly Event[] } => ({
  accepted: true,
  events,
});

export const refuse = <Refusal extends string>(
  refusal: Refusal,
  details?: Details,
): { accepted: false; refusal: Refusal; details?: Details } => ({
  accepted: false,
  refusal,
  ...(details && { details }),
});

/** A business rule set as data and two pure functions; everything around it (database, broker, simulator) only calls these. */
export interface Decider<State, Input, Event, Refusal extends string> {
  initial: State;
  /** Values for fields that rows of earlier versions lack; a field that is added to a stored state is named here. */
  defaults?: Defaults<State>;
  decide(state: State, input: Input): Decision<Event, Refusal>;
  evolve(state: State, event: Event): State;
}
