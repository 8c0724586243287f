import type { Claim, Consequences, StoredAggregate } from './aggregate.ts';

/** What follows from all events of one decision, in their order. `consequencesOf` says it for one. */
export const forEachEvent =
  <State, Event, Message>(consequencesOf: (event: Event, after: StoredAggregate<State>) => Consequences<Message>) =>
  (events: readonly Event[], after: StoredAggregate<State>): Consequences<Message> =>
    events.map((event) => consequencesOf(event, after)).reduce(both, {});

/** A later event also stops the timers and gives up the claims that an earlier one has set. */
function both<Message>(first: Consequences<Message>, next: Consequences<Message>): Consequences<Message> {
  if (Object.keys(first).length === 0) return next;
  const { stopTimers = [], releases = [] } = next;
  const isStopped = (name: string): boolean => stopTimers === 'all' || stopTimers.includes(name);
  const isReleased = (claim: Claim): boolean => releases === 'all' || releases.some(({ key }) => key === claim.key);
  return {
    messages: [...(first.messages ?? []), ...(next.messages ?? [])],
    timers: [...(first.timers ?? []).filter(({ name }) => !isStopped(name)), ...(next.timers ?? [])],
    stopTimers: joined(first.stopTimers, stopTimers),
    claims: [...(first.claims ?? []).filter((claim) => !isReleased(claim)), ...(next.claims ?? [])],
    releases: joined(first.releases, releases),
  };
}

const joined = <Part>(first: readonly Part[] | 'all' = [], next: readonly Part[] | 'all'): readonly Part[] | 'all' =>
  first === 'all' || next === 'all' ? 'all' : [...first, ...next];
