import type { Aggregate, StoredAggregate } from './aggregate.ts';
import type { Instant } from './time.ts';

/** An order as a test follows it: its state, and the timers that are set. */
interface Followed<State> {
  kept: StoredAggregate<State>;
  timers: Map<string, Instant>;
}

/** More than any order fires before it rests or only asks again. */
const mostFirings = 500;

/**
 * Where an order comes while every capability is silent: from the state that `past` leads to its timers fire, one after the other, until
 * `isEnd` says that it may stay. `timers`: the input that each of them is. Answers with the last state, and fails a timer that nobody handles.
 */
export function runTimers<State, Input, Event, Refusal extends string, Message>(
  order: Pick<Aggregate<State, Input, Event, Refusal, Message>, 'initial' | 'decide' | 'evolve' | 'consequences'>,
  past: readonly Event[],
  timers: Readonly<Record<string, (at: Instant) => Input>>,
  isEnd: (state: State) => boolean,
  began: Instant,
): State {
  const initial: Followed<State> = {
    kept: { id: 'order', state: order.initial, version: 0, createdAt: began, updatedAt: began },
    timers: new Map(),
  };
  const after = ({ kept, timers }: Followed<State>, events: readonly Event[], now: Instant): Followed<State> => {
    const state = events.reduce(order.evolve, kept.state);
    const next = state === kept.state ? kept : { ...kept, state, version: kept.version + 1, updatedAt: now };
    const { stopTimers = [], timers: set = [] } = events.length ? order.consequences(events, next) : {};
    const left = [...timers].filter(([name]) => stopTimers !== 'all' && !stopTimers.includes(name));
    return { kept: next, timers: new Map([...left, ...set.map(({ name, at }) => [name, at] as const)]) };
  };
  let followed = past.reduce((sofar, event) => after(sofar, [event], began), initial);
  for (let [fired, now] = [0, began]; fired < mostFirings && !isEnd(followed.kept.state); fired++) {
    const [name, at] = [...followed.timers].reduce((one, other) => (other[1] < one[1] ? other : one), ['', Infinity]);
    if (at === Infinity) break;
    now = Math.max(now, at);
    const input = timers[name];
    if (!input) throw new Error(`nobody handles the timer ${name}`);
    followed.timers.delete(name);
    const decision = order.decide(followed.kept.state, input(now));
    if (decision.accepted) followed = after(followed, decision.events, now);
  }
  return followed.kept.state;
}
