import { describe, expect, test } from '@jest/globals';
import { assignmentsWith, dealerships } from './process.ts';
import type { AssignmentEvent } from './assignment.ts';
import {
  accepted,
  activated,
  assigned,
  at,
  cancelled,
  far,
  location,
  lost,
  midnight,
  near,
  none,
  order,
  repeated,
  requested,
  ways,
} from './testing/korea.ts';

const assignments = assignmentsWith(1_000);

const after = (past: AssignmentEvent[], ...events: AssignmentEvent[]) => {
  const state = [...past, ...events].reduce(assignments.evolve, assignments.initial);
  return {
    messages: [],
    releases: [],
    ...assignments.consequences(events, { id: 'order', state, version: 3, createdAt: at, updatedAt: at }),
  };
};
const told = { order, version: 3 };

describe('an assignment', () => {
  test('takes a place of the dealership, tells the order, and waits for the answer', () =>
    expect(after([], requested, assigned(near))).toMatchObject({
      messages: [{ ...told, type: 'DealershipAssigned', placement: near }],
      claims: [{ key: 'near/2026-11-24/0' }],
      timers: [{ name: 'answer', at: at + 1_000 }],
      releases: [],
    }));
  test('that is passed on releases its place and wakes waiting orders', () =>
    expect(after(ways.assigned, lost, assigned(far))).toMatchObject({
      messages: [{ ...told, type: 'DealershipAssigned', placement: far }],
      releases: 'all',
      claims: [{ key: 'far/2026-11-24/0' }],
      timers: [
        { name: 'freed', at },
        { name: 'answer', at: at + 1_000 },
      ],
    }));
  test('without a dealership looks once more at once, and at the next day if any might have room then', () => {
    expect(after([], requested, none(midnight)).timers).toEqual([
      { name: 'look-again', at },
      { name: 'new-day', at: midnight },
    ]);
    expect(after([], requested, none(null)).timers).toEqual([{ name: 'look-again', at }]);
    expect(after(ways.unassigned, { type: 'WaitedInVain', again: midnight })).toMatchObject({
      messages: [],
      timers: [{ name: 'new-day', at: midnight }],
    });
  });
  test('that is cancelled releases its place, stops every timer and wakes waiting orders (P7)', () =>
    expect(after(ways.accepted, cancelled)).toMatchObject({
      messages: [{ ...told, type: 'AssignmentCancelled' }],
      releases: 'all',
      stopTimers: ['answer', 'look-again', 'new-day'],
      timers: [{ name: 'freed', at }],
    }));
  test('that is activated and never delivered is given back like any other (P7)', () =>
    expect(after(ways.activated, cancelled)).toMatchObject({
      messages: [{ ...told, type: 'AssignmentCancelled' }],
      releases: 'all',
      timers: [{ name: 'freed', at }],
    }));
  test('that cannot be cancelled any more keeps its place and says why', () =>
    expect(after(ways.activated, { type: 'AssignmentCancelRefused' })).toMatchObject({
      messages: [{ ...told, type: 'AssignmentCancelRefused', reason: 'ALREADY_ACTIVATED' }],
      releases: [],
    }));
  test('publishes that it is accepted and activated', () => {
    expect(after(ways.assigned, accepted)).toMatchObject({
      messages: [{ ...told, type: 'AssignmentAccepted', placement: near }],
      stopTimers: ['answer'],
    });
    expect(after(ways.accepted, activated)).toMatchObject({ messages: [{ ...told, type: 'Activated' }] });
  });
  test('asked for again answers as it stands', () => {
    const answers = (['unassigned', 'assigned', 'accepted', 'activated', 'cancelled', 'tombstone'] as const).map(
      (status) =>
        after(ways[status], repeated)
          .messages?.map(({ type }) => type)
          .join(),
    );
    expect(answers).toEqual([
      'NoDealership',
      'DealershipAssigned',
      'AssignmentAccepted',
      'AssignmentAccepted,Activated',
      'AssignmentCancelled',
      'AssignmentCancelled',
    ]);
  });
  test('asked for again when it is activated also says who accepted it: the order may have missed that', () =>
    expect(after(ways.activated, repeated).messages).toEqual([
      { ...told, again: true, type: 'AssignmentAccepted', placement: near },
      { ...told, again: true, type: 'Activated' },
    ]));
});

test('a dealership that joins wakes waiting orders; sample dealerships wake none', () => {
  const details = { name: 'Near', location, dailyCapacity: 3, dealerId: 'dealer' };
  const kept = { id: 'near', state: { status: 'open', details } as const, version: 1, createdAt: at, updatedAt: at };
  expect(dealerships.consequences([{ type: 'DealershipOpened', details }], kept)).toEqual({
    timers: [{ name: 'joined', at }],
  });
  expect(dealerships.consequences([{ type: 'DealershipListed', details }], kept)).toEqual({ timers: [] });
});
