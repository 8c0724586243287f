import type { Consequences, StoredAggregate } from './aggregate.ts';
import { forEachEvent } from './consequences.ts';
import { days, type Instant } from './time.ts';

/** The timer by which an order asks again; each order has one. */
export const askAgain = 'ask-again';

/** The order asked again. Nothing in it changes. */
export interface AskedAgain {
  type: 'AskedAgain';
  at: Instant;
}

/**
 * Who owes what an order waits for, and so how long the pauses grow. `service`: a machine, which answers in seconds. `person`: somebody
 * who decides in hours or days. `seldom`: nobody; only an exception is ever told, e.g. that a host takes back a stay.
 */
export type Pace = 'service' | 'person' | 'seldom';

/** What an order waits for in a state. */
export interface Waiting<Message> {
  /** Commands that are not answered yet. They are sent again as they were; a capability answers with what has become of its record. */
  asks: readonly Message[];
  pace: Pace;
  /** Nothing is expected before then; by default, before the order's last change. */
  from?: Instant;
  /**
   * Then, or as soon as the timer can fire after it, it is asked for the last time, answered or not. Where the order cannot
   * rest then, its core ends the waiting instead. An order that begins to wait later asks once.
   */
  until?: Instant;
}

/**
 * Adds to a saga's table that it asks again. `waitingIn` is the table's other half: what each state waits for; undefined in a state at
 * rest. `most` is the longest pause between two questions to a service that has been silent for less than two hours, in milliseconds.
 */
export const askingAgain =
  <State, Event extends { type: string }, Message>(
    most: number,
    waitingIn: (after: StoredAggregate<State>) => Waiting<Message> | undefined,
    table: (event: Event | AskedAgain, after: StoredAggregate<State>) => Consequences<Message>,
  ) =>
  (events: readonly (Event | AskedAgain)[], after: StoredAggregate<State>): Consequences<Message> => {
    const asked = events.find(isAskedAgain);
    const follows = forEachEvent(table)(events, after);
    if (events.length === 0) return follows;
    const waiting = waitingIn(after);
    const now = asked?.at ?? after.updatedAt;
    if (!waiting)
      return follows.stopTimers === 'all' || asked
        ? follows
        : { ...follows, stopTimers: [...(follows.stopTimers ?? []), askAgain] };
    const isLast = asked && (waiting.until ?? Infinity) <= now;
    const timers = isLast ? [] : [{ name: askAgain, at: nextAsk(waiting, after.updatedAt, now, most) }];
    return {
      ...follows,
      messages: [...(follows.messages ?? []), ...(asked ? waiting.asks : [])],
      timers: [...(follows.timers ?? []), ...timers],
    };
  };

const isAskedAgain = (event: { type: string }): event is AskedAgain => event.type === 'AskedAgain';

/** When an order asks again that has waited since `since`. The longer it has waited, the longer is the next pause. */
export function nextAsk(
  { pace, from, until }: Omit<Waiting<unknown>, 'asks'>,
  since: Instant,
  now: Instant,
  most: number,
): Instant {
  const begin = Math.max(since, from ?? since);
  const at = Math.max(begin, now) + Math.round(pauseAfter(pace, Math.max(0, now - begin), most));
  return Math.min(at, until ?? at);
}

function pauseAfter(pace: Pace, waited: number, most: number): number {
  switch (pace) {
    case 'service': // a question a minute would flood the queue of a service that is away for days
      return Math.max(most / 5, Math.min(waited, most), Math.min(waited / 24, days(7)));
    case 'person':
      return Math.max(most / 5, Math.min(waited, days(1)));
    case 'seldom':
      return Math.max(12 * most, Math.min(waited, days(7)));
  }
}
