import { expect } from '@jest/globals';
import type { Decider, Details } from './decision.ts';

/** `spec(decider).given(...events).when(input).then(...events)`, or `.thenNothing()`, or `.thenRefused(reason)`. */
export const spec = <State, Input, Event, Refusal extends string>(decider: Decider<State, Input, Event, Refusal>) => ({
  given: (...past: Event[]) => ({
    when: (input: Input) => {
      const decision = decider.decide(past.reduce(decider.evolve, decider.initial), input);
      return {
        then: (...events: Event[]) => expect(decision).toEqual({ accepted: true, events }),
        thenNothing: () => expect(decision).toEqual({ accepted: true, events: [] }),
        thenRefused: (refusal: Refusal, details?: Details) =>
          expect(decision).toEqual({ accepted: false, refusal, ...(details && { details }) }),
      };
    },
  }),
});
