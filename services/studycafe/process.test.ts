import { describe, expect, test } from '@jest/globals';
import { blocks, cafes, registrations } from './process.ts';
import type { CafeEvent } from './cafe.ts';
import type { RegistrationEvent } from './registration.ts';
import { halfPastNoon, noon, place, seat, terms, wish } from './testing/sample.ts';

const kind = 'seating.selection';
const order = { kind, id: 'order' };
const claims = [{ key: 'seat-14/2026-12-24T03:00:00.000Z' }, { key: 'seat-14/2026-12-24T03:30:00.000Z' }];
const kept = { id: 'order', version: 7, createdAt: 0, updatedAt: 0 };

const held: RegistrationEvent = { type: 'SeatHeld', kind, wish };
const refused: RegistrationEvent = { type: 'SeatRefused', kind, wish, reason: 'SEAT_TAKEN' };
const registered: RegistrationEvent = { type: 'SeatRegistered' };
const released: RegistrationEvent = { type: 'SeatReleased', kind };
const again: RegistrationEvent = { type: 'AnswerRepeated' };

/** What follows from `event`, after `past`. */
const after = (past: RegistrationEvent[], event: RegistrationEvent) => {
  const state = [...past, event].reduce(registrations.evolve, registrations.initial);
  return registrations.consequences([event], { ...kept, state });
};
const says = (type: string, more: object = {}) => [{ type, order, version: 7, ...more }];

describe('an order’s seat', () => {
  test('that is held takes its half-hours, but not the one that begins at its end, and says so (C6)', () =>
    expect(after([], held)).toEqual({ messages: says('SeatHeld'), claims, releases: [] }));
  test('that is refused takes nothing and says why (C6)', () =>
    expect(after([], refused)).toEqual({
      messages: says('SeatRefused', { reason: 'SEAT_TAKEN' }),
      claims: [],
      releases: [],
    }));
  test('that is registered keeps what it has (C3)', () =>
    expect(after([held], registered)).toEqual({ messages: says('SeatRegistered'), claims: [], releases: [] }));
  test.each([
    ['nothing', []],
    ['a held one', [held]],
    ['a registered one', [held, registered]],
    ['a refused one', [refused]],
    ['a released one', [held, released]],
  ])('a release of %s gives back what there is, and is answered at once (C4)', (_, past) =>
    expect(after(past, released)).toEqual({ messages: says('SeatReleased'), claims: [], releases: 'all' }),
  );
  test.each([
    ['held', [held], 'SeatHeld'],
    ['registered', [held, registered], 'SeatRegistered'],
    ['refused', [refused], 'SeatRefused'],
    ['released', [held, released], 'SeatReleased'],
    ['released before it was asked for', [released], 'SeatReleased'],
  ])('a repeated command is answered as before, and claims nothing twice: %s', (_, past, type) =>
    expect(after(past, again)).toEqual({
      messages: [expect.objectContaining({ type, order, version: 7 })],
      claims: [],
      releases: [],
    }),
  );
});

test('a block holds its half-hours under the same keys, and lets go of them (C6)', () => {
  const state = { status: 'made', seat } as const;
  const halfHours = [noon, halfPastNoon];
  expect(blocks.consequences([{ type: 'SeatBlocked', seat, halfHours }], { ...kept, id: seat.id, state })).toEqual({
    claims,
    releases: [],
  });
  expect(blocks.consequences([{ type: 'SeatUnblocked', seat, halfHours }], { ...kept, id: seat.id, state })).toEqual({
    claims: [],
    releases: claims,
  });
});

test('a cafe is published whole, when it opens, changes, and when a replica asks', () => {
  const opened: CafeEvent = { type: 'CafeOpened', place, terms };
  const follows = (event: CafeEvent) =>
    cafes.consequences([event], { ...kept, id: 'books', state: [opened, event].reduce(cafes.evolve, cafes.initial) })
      .messages;
  const dearer = { ...terms, name: 'Books' };
  expect(follows(opened)).toEqual([{ type: 'CafeOpened', cafeId: 'books', version: 7, isClosed: false, place, terms }]);
  expect(follows({ type: 'CafeClosed' })).toMatchObject([{ type: 'CafeChanged', isClosed: true }]);
  expect(follows({ type: 'CafeRepublished' })).toEqual([
    { type: 'CafeOpened', cafeId: 'books', version: 7, isClosed: false, place, terms },
  ]);
  expect(follows({ type: 'CafeChanged', terms: dearer })).toEqual([
    { type: 'CafeChanged', cafeId: 'books', version: 7, isClosed: false, place, terms: dearer },
  ]);
});
