import type { Aggregate, Claim, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { forEachEvent } from '#kernel/consequences.ts';
import type { OrderRef } from '#kernel/ids.ts';
import {
  assignment,
  isKnown,
  type Assignment,
  type AssignmentEvent,
  type AssignmentInput,
  type AssignmentRefusal,
} from './assignment.ts';
import type { Placement } from './choice.ts';
import { dealership, type Dealership, type DealershipEvent, type DealershipInput } from './dealership.ts';

/** Answers of assignment to an order. */
export type Message = { order: OrderRef; version: number; again?: true } & Answer;

type Answer =
  | { type: 'DealershipAssigned' | 'AssignmentAccepted'; placement: Placement }
  | { type: 'NoDealership' | 'Activated' | 'AssignmentCancelled' }
  | { type: 'AssignmentCancelRefused'; reason: 'ALREADY_ACTIVATED' };

/** Waiting orders are assigned when a dealership joins. */
export const dealerships: Aggregate<Dealership, DealershipInput, DealershipEvent, never, never> = {
  name: 'dealership',
  ...dealership,
  consequences: (events, { updatedAt }) => ({
    timers: events.some(({ type }) => type === 'DealershipOpened') ? [{ name: 'joined', at: updatedAt }] : [],
  }),
};

/** A dealership's place on a day belongs to one order: nobody gets more than its capacity. Places of one day sort together. */
export const placeKey = ({ dealershipId, day, place }: Pick<Placement, 'dealershipId' | 'day' | 'place'>): string =>
  `${dealershipId}/${day}/${place}`;

/** The messages and the timers that follow from each event. `answerWithin`: how long a dealership may take, in milliseconds. */
export const assignmentsWith = (
  answerWithin: number,
): Aggregate<Assignment, AssignmentInput, AssignmentEvent, AssignmentRefusal, Message> => ({
  name: 'assignment',
  ...assignment,
  consequences: forEachEvent((event, after) => following(event, after, answerWithin)),
});

function following(
  event: AssignmentEvent,
  after: StoredAggregate<Assignment>,
  answerWithin: number,
): Consequences<Message> {
  const now = after.updatedAt;
  const newDay = (at: number | null) => (at === null ? [] : [{ name: 'new-day', at }]);
  switch (event.type) {
    case 'AssignmentRequested':
      return {};
    case 'DealershipAssigned':
      return {
        messages: told(after),
        claims: [claimOn(event.placement)],
        stopTimers: ['look-again', 'new-day'],
        timers: [{ name: 'answer', at: now + answerWithin }],
      };
    case 'NoDealership': // a place may have become free during this decision: look once more after the commit
      return { messages: told(after), timers: [{ name: 'look-again', at: now }, ...newDay(event.again)] };
    case 'WaitedInVain':
      return { timers: newDay(event.again) };
    case 'DealershipLost':
      return { releases: 'all', stopTimers: ['answer'], timers: [{ name: 'freed', at: now }] };
    case 'AssignmentCancelled':
      return {
        messages: told(after),
        releases: 'all',
        stopTimers: ['answer', 'look-again', 'new-day'],
        timers: [{ name: 'freed', at: now }],
      };
    case 'AssignmentAccepted':
      return { messages: told(after), stopTimers: ['answer'] };
    case 'Activated':
      return { messages: told(after) };
    case 'AnswerRepeated':
      return { messages: told(after, true) };
    case 'AssignmentCancelRefused':
      return {
        messages: isKnown(after.state)
          ? [
              {
                type: 'AssignmentCancelRefused',
                reason: 'ALREADY_ACTIVATED',
                order: after.state.order,
                version: after.version,
              },
            ]
          : [],
      };
  }
}

const claimOn = (placement: Placement): Claim => ({ key: placeKey(placement) });

/** The current answer of assignment. An order that asks again may have missed who accepted it. */
function told({ state, version }: StoredAggregate<Assignment>, again?: true): Message[] {
  if (state.status === 'none') return [];
  const before: Answer[] =
    again && state.status === 'activated' ? [{ type: 'AssignmentAccepted', placement: state.placement }] : [];
  return [...before, answerOf(state)].map((answer) => ({
    order: state.order,
    version,
    ...(again && { again }),
    ...answer,
  }));
}

function answerOf(state: Exclude<Assignment, { status: 'none' }>): Answer {
  switch (state.status) {
    case 'unassigned':
      return { type: 'NoDealership' };
    case 'assigned':
      return { type: 'DealershipAssigned', placement: state.placement };
    case 'accepted':
      return { type: 'AssignmentAccepted', placement: state.placement };
    case 'activated':
      return { type: 'Activated' };
    case 'cancelled':
    case 'tombstone':
      return { type: 'AssignmentCancelled' };
  }
}
