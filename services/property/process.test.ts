import { describe, expect, test } from '@jest/globals';
import { rooms, stayRequests } from './process.ts';
import type { RoomEvent } from './room.ts';
import type { StayEvent } from './stay.ts';
import { place, terms, wish } from './testing/sample.ts';

const kind = 'lodging.reservation';
const order = { kind, id: 'order' };
const claims = [{ key: 'pine-2/2026-12-24' }, { key: 'pine-2/2026-12-25' }];

const requested: StayEvent = {
  type: 'StayRequested',
  kind,
  stay: { ...wish, ownerId: 'host', timeZone: 'Asia/Seoul' },
};
const hostAsked: StayEvent = { type: 'HostAsked', answerUntil: 1_000 };
const confirmed: StayEvent = { type: 'StayConfirmed' };
const rejected: StayEvent = { type: 'StayRejected', reason: 'DECLINED_BY_HOST', text: 'we paint the walls' };
const released: StayEvent = { type: 'StayReleased', kind };
const cancelledByHost: StayEvent = { type: 'StayCancelledByHost', text: 'a burst pipe' };
const again: StayEvent = { type: 'AnswerRepeated' };

const toldConfirmed = {
  type: 'StayConfirmed',
  order,
  version: 7,
  roomId: 'pine-2',
  checkIn: '2026-12-24',
  checkOut: '2026-12-26',
};
const toldRejected = {
  type: 'StayRejected',
  order,
  version: 7,
  reason: 'DECLINED_BY_HOST',
  text: 'we paint the walls',
};
const toldReleased = { type: 'StayReleased', order, version: 7 };
const toldCancelled = { type: 'StayCancelledByHost', order, version: 7, text: 'a burst pipe' };

/** What follows from `events`, after `past`. */
const after = (past: StayEvent[], ...events: StayEvent[]) => {
  const state = [...past, ...events].reduce(stayRequests.evolve, stayRequests.initial);
  return stayRequests.consequences(events, { id: 'order', state, version: 7, createdAt: 0, updatedAt: 0 });
};

describe('a stay request', () => {
  test('that waits sets the clock, looks once more at its nights and tells nobody yet', () =>
    expect(after([], requested, hostAsked)).toMatchObject({
      messages: [],
      timers: [
        { name: 'answer', at: 1_000 },
        { name: 'nights', at: 0 },
      ],
      stopTimers: [],
      claims: [],
    }));
  test('that is confirmed takes its nights, but not the check-out day, and says so (L2)', () =>
    expect(after([requested, hostAsked], confirmed)).toMatchObject({
      messages: [toldConfirmed],
      claims,
      stopTimers: 'all',
      releases: [],
    }));
  test('that is confirmed by itself sets no clock', () =>
    expect(after([], requested, confirmed)).toMatchObject({ messages: [toldConfirmed], claims, timers: [] }));
  test('that is rejected takes nothing and says why (L4)', () =>
    expect(after([requested, hostAsked], rejected)).toMatchObject({
      messages: [toldRejected],
      claims: [],
      stopTimers: 'all',
    }));
  test('that the host cancelled says so again when it is released, and nothing else: an order that missed it must not come to rest', () =>
    expect(after([requested, confirmed, cancelledByHost], released)).toEqual({
      messages: [{ ...toldCancelled, again: true }],
      timers: [],
      stopTimers: 'all',
      claims: [],
      releases: 'all',
    }));
  test('that the host cancels gives its nights back', () =>
    expect(after([requested, confirmed], cancelledByHost)).toMatchObject({
      messages: [toldCancelled],
      releases: 'all',
      claims: [],
    }));
  test.each([
    ['nothing', []],
    ['a waiting one', [requested, hostAsked]],
    ['a confirmed one', [requested, confirmed]],
    ['a rejected one', [requested, rejected]],
    ['a released one', [requested, released]],
  ])('a release of %s gives back what there is, and is answered at once', (_, past) =>
    expect(after(past, released)).toMatchObject({
      messages: [toldReleased],
      releases: 'all',
      stopTimers: 'all',
      claims: [],
    }),
  );
  test('that hears of a payment tells nobody', () =>
    expect(
      after([requested, confirmed], { type: 'PaymentNoted', payment: { status: 'COMPLETED', version: 2 } }),
    ).toMatchObject({
      messages: [],
      claims: [],
      releases: [],
    }));
});

describe('a repeated request is answered as before, and claims nothing twice:', () => {
  test.each([
    ['confirmed', [requested, confirmed], toldConfirmed],
    ['rejected', [requested, rejected], toldRejected],
    ['released', [requested, confirmed, released], toldReleased],
    ['cancelled by the host', [requested, confirmed, cancelledByHost], toldCancelled],
    ['released before it was asked for', [released], toldReleased],
  ])('%s', (_, past, told) =>
    expect(after(past, again)).toEqual({
      messages: [{ ...told, again: true }],
      timers: [],
      stopTimers: [],
      claims: [],
      releases: [],
    }),
  );
});

describe('a room', () => {
  const listed: RoomEvent = { type: 'RoomListed', place, terms };
  const follows = (...events: RoomEvent[]) => {
    const state = [listed, ...events].reduce(rooms.evolve, rooms.initial);
    return rooms.consequences(events, { id: 'pine-2', state, version: 3, createdAt: 0, updatedAt: 0 });
  };
  const whole = { roomId: 'pine-2', version: 3, place, isClosed: false };
  test('that is listed, or told of again, is told of whole', () => {
    expect(follows(listed).messages).toEqual([{ type: 'RoomListed', ...whole, terms }]);
    expect(follows({ type: 'RoomRepublished' }).messages).toEqual([{ type: 'RoomListed', ...whole, terms }]);
  });
  test('that is closed or reopened, or whose property is, is told of whole (B2)', () => {
    expect(follows({ type: 'RoomClosed' }).messages).toEqual([
      { type: 'RoomChanged', ...whole, terms, isClosed: true },
    ]);
    expect(follows({ type: 'RoomReopened' }).messages).toEqual([{ type: 'RoomChanged', ...whole, terms }]);
    const away = { ...place, isClosed: true };
    expect(follows({ type: 'RoomMoved', place: away }).messages).toEqual([
      { type: 'RoomChanged', ...whole, place: away, terms, isClosed: true },
    ]);
  });
  test('that changes is told of whole, as it is now', () => {
    const changed = { ...terms, capacity: 6 };
    expect(follows({ type: 'RoomChanged', terms: changed }).messages).toEqual([
      { type: 'RoomChanged', ...whole, terms: changed },
    ]);
  });
  test('holds the nights that are blocked, and lets go of those that are not', () => {
    const nights = ['2026-12-24', '2026-12-25'];
    expect(follows({ type: 'NightsBlocked', nights })).toEqual({ messages: [], claims, releases: [] });
    expect(follows({ type: 'NightsUnblocked', nights })).toEqual({ messages: [], claims: [], releases: claims });
  });
});
