import { expect, test } from '@jest/globals';
import { nextOf } from './next.ts';
import { evolve, preorders, type PreorderEvent } from './preorder.ts';
import { at, pickUp, ways } from './testing/sample.ts';

const waits = { intent: 30_000, acceptance: 600_000, receipt: 1_200_000, askAgain: 300_000 };
const next = (events: PreorderEvent[]) =>
  nextOf(
    { id: 'p', state: events.reduce(evolve, preorders.initial), version: 2, createdAt: 1_000, updatedAt: 5_000 },
    waits,
  );

test('a phone is kept until a dealership must have accepted it, counted from the order (B10)', () => {
  const deadline = { what: 'HELD_UNTIL', at: 601_000 };
  expect(next(ways.requested)).toEqual({ who: 'NOBODY', what: 'ASSIGN', deadline });
  expect(next(ways.assigned)).toEqual({ who: 'PROVIDER', what: 'ACCEPT', deadline });
});

test('an accepted phone is kept until it must have been sent or picked up, counted from its acceptance (B10)', () => {
  const deadline = { what: 'HELD_UNTIL', at: 1_205_000 };
  expect(next(ways.accepted)).toEqual({ who: 'PROVIDER', what: 'SHIP', deadline });
  expect(next(at('accepted', pickUp))).toEqual({ who: 'CUSTOMER', what: 'PICK_UP', deadline });
});

test('on its way it has no deadline, and an intention or the end waits for nothing (B10)', () => {
  expect(next(ways.shipped)).toEqual({ who: 'PROVIDER', what: 'DELIVER' });
  for (const way of ['intended', 'activated', 'cancelled'] as const) expect(next(ways[way])).toBeUndefined();
});
