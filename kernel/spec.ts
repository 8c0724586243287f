import { expect } from '@jest/globals';
import type { Canceller } from './canceller.ts';
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

/** Somebody who asks to cancel: a customer, unless `more` says otherwise. */
export const canceller = (id: string, more: Partial<Canceller> = {}): Canceller => ({
  ...{ id, isProvider: false, isStaff: false, isAdmin: false, text: '' },
  ...more,
});

export const staff = canceller('agent', { isStaff: true, text: 'The water is off.' });
export const administrator = canceller('admin', { isStaff: true, isAdmin: true, text: staff.text });
