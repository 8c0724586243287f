import type { Consequences } from '#kernel/aggregate.ts';
import { askAgain } from '#kernel/asking.ts';
import { accept } from '#kernel/decision.ts';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import type { Planted } from './history.ts';

export type Loose = { type: string; [field: string]: unknown };

/** One core with something wrong in it; all others as they are. */
export const wrong = (name: string, change: (of: AnyStored) => Partial<AnyStored>): Planted => ({
  core: (of) => (of.name === name ? { ...of, ...change(of) } : of),
});

export const follows = (
  of: AnyStored,
  change: (what: Consequences<Loose>, first: Loose, events: readonly Loose[]) => Consequences<Loose>,
): Partial<AnyStored> => ({
  consequences: (events, after) =>
    change(of.consequences(events, after) as Consequences<Loose>, events[0] as Loose, events as readonly Loose[]),
});

export const folds = (
  of: AnyStored,
  when: string,
  wrongly: (state: never, event: never) => unknown,
): Partial<AnyStored> => ({
  evolve: (state, event) =>
    (event as Loose).type === when ? wrongly(state as never, event as never) : of.evolve(state, event),
});

/** A command that finds nothing is answered, and nothing is left that would turn a late request away. */
export const noTombstone = (name: string, when: string): Planted =>
  wrong(name, (of) => ({
    ...folds(of, when, (state: { status: string }, event) =>
      state.status === 'none' ? state : of.evolve(state, event),
    ),
    consequences: (events, after) =>
      of.consequences(
        events,
        after.state.status === 'none' ? { ...after, state: events.reduce(of.evolve, of.initial) } : after,
      ),
  }));

/** An order that does not ask again in the states that are named. */
export const asksNoMore = (name: string, ...states: readonly string[]): Planted =>
  wrong(name, (of) => ({
    consequences: (events, after) => {
      const what = of.consequences(events, after);
      if (events.length === 0 || !states.includes((after.state as { status: string }).status)) return what;
      const { stopTimers = [], timers = [] } = what;
      return {
        ...what,
        stopTimers: stopTimers === 'all' ? 'all' : [...stopTimers, askAgain],
        timers: timers.filter((timer) => timer.name !== askAgain),
      };
    },
  }));

/** A capability that lets a command pass in silence when it comes again. */
export const silentWhenAskedAgain = (name: string, command: string): Planted =>
  wrong(name, (of) =>
    hears(of, command, (state: { status: string }, input) =>
      state.status === 'none' ? of.decide(state, input) : accept(),
    ),
  );

/** A planted bug that takes several cores: each guards against what the others do wrong. */
export const together = (...bugs: readonly Planted[]): Planted => ({
  core: (of) => bugs.reduce((planted, bug) => bug.core?.(planted) ?? planted, of),
});

export const hears = (
  of: AnyStored,
  when: string,
  wrongly: (state: never, input: never) => unknown,
): Partial<AnyStored> => ({
  decide: (state, input) =>
    (input as Loose).type === when ? (wrongly(state as never, input as never) as never) : of.decide(state, input),
});
