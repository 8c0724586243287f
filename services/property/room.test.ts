import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { property as properties, type Property, type PropertyEvent, type PropertyInput } from './property.ts';
import { isOffSale, room as rooms, type RoomEvent, type RoomInput } from './room.ts';
import { admin, host, otherHost, place, property, terms } from './testing/sample.ts';

const nights = ['2026-12-24', '2026-12-25'];
const listed: RoomEvent = { type: 'RoomListed', place, terms };
const list: RoomInput = { type: 'ListRoom', by: host, propertyId: 'pine', property, version: 1, terms };
const change: RoomInput = { type: 'ChangeRoom', by: host, changes: { pricePerNight: krw(150_000) } };
const block: RoomInput = {
  type: 'BlockNights',
  by: host,
  nights,
  taken: { booked: [], blocked: [] },
  at: Date.UTC(2026, 10, 21),
};
const unblock: RoomInput = { type: 'UnblockNights', by: host, nights };
const close: RoomInput = { type: 'CloseRoom', by: host };
const reopen: RoomInput = { type: 'ReopenRoom', by: host };
const republish: RoomInput = { type: 'RepublishRoom' };
const { given } = spec(rooms);

describe('a property', () => {
  const { details } = property as Extract<Property, { status: 'registered' }>;
  const registered: PropertyEvent = { type: 'PropertyRegistered', details };
  const given = spec(properties).given;
  const change: PropertyInput = { type: 'ChangeProperty', by: host, changes: { area: 'Gangneung' } };
  const close: PropertyInput = { type: 'CloseProperty', by: host };
  const reopen: PropertyInput = { type: 'ReopenProperty', by: host };
  test('is registered by its host', () => given().when({ type: 'RegisterProperty', details }).then(registered));
  test('twice is once', () => given(registered).when({ type: 'RegisterProperty', details }).thenNothing());
  test('changes in what is named alone (B2)', () => {
    given(registered)
      .when(change)
      .then({ type: 'PropertyChanged', details: { ...details, area: 'Gangneung' } });
    given(registered)
      .when({ ...change, changes: { ...details } })
      .thenNothing();
  });
  test('is closed and reopened once (B2)', () => {
    given(registered).when(close).then({ type: 'PropertyClosed' });
    given(registered, { type: 'PropertyClosed' }).when(close).thenNothing();
    given(registered, { type: 'PropertyClosed' }).when(reopen).then({ type: 'PropertyReopened' });
    given(registered).when(reopen).thenNothing();
  });
  test.each([change, close, reopen])('is not there for anybody but its host: $type', (input) => {
    given(registered)
      .when({ ...input, by: otherHost })
      .thenRefused('no-such-property');
    given().when(input).thenRefused('no-such-property');
  });
});

describe('a room', () => {
  test('is listed with the address, time zone and host of its property', () => given().when(list).then(listed));
  test('twice is once', () => given(listed).when(list).thenNothing());
  test('needs a property', () =>
    given()
      .when({ ...list, property: { status: 'none' } })
      .thenRefused('no-such-property'));
  test("cannot be listed in somebody else's property", () =>
    given()
      .when({ ...list, by: otherHost })
      .thenRefused('no-such-property'));
  test('changes in what is named alone', () =>
    given(listed)
      .when(change)
      .then({ type: 'RoomChanged', terms: { ...terms, pricePerNight: krw(150_000) } }));
  test('has a price of ten times the old one or more, or of a tenth or less, confirmed (B1)', () => {
    const { amount } = terms.pricePerNight;
    for (const pricePerNight of [krw(amount * 10), krw(amount / 10)]) {
      given(listed)
        .when({ ...change, changes: { pricePerNight } })
        .thenRefused('price-jump');
      given(listed)
        .when({ ...change, changes: { pricePerNight }, isPriceConfirmed: true })
        .then({ type: 'RoomChanged', terms: { ...terms, pricePerNight } });
    }
    for (const pricePerNight of [krw(amount * 10 - 1), krw(amount / 10 + 1)])
      given(listed)
        .when({ ...change, changes: { pricePerNight } })
        .then({ type: 'RoomChanged', terms: { ...terms, pricePerNight } });
  });
  test('that is changed into what it is stays as it is', () =>
    given(listed)
      .when({ ...change, changes: { ...terms } })
      .thenNothing());
  test('is published again on request', () => given(listed).when(republish).then({ type: 'RoomRepublished' }));
  test('that does not exist is not told of', () => given().when(republish).thenNothing());
});

describe('a room and its property (B2)', () => {
  const seen: RoomInput = {
    type: 'PropertySeen',
    property: { ...(property as Extract<Property, { status: 'registered' }>), isClosed: true },
    version: 2,
  };
  const moved: RoomEvent = { type: 'RoomMoved', place: { ...place, isClosed: true, version: 2 } };
  const after = (...events: RoomEvent[]) => {
    const state = events.reduce(rooms.evolve, rooms.initial);
    return state.status !== 'none' && isOffSale(state);
  };
  test('follows what its property says, once', () => {
    given(listed).when(seen).then(moved);
    given(listed, moved).when(seen).thenNothing();
  });
  test('passes over what was read before, and what changes nothing', () => {
    given(listed)
      .when({ ...seen, version: 1 })
      .thenNothing();
    given(listed)
      .when({ ...seen, property })
      .thenNothing();
    given(listed)
      .when({ ...seen, property: { status: 'none' } })
      .thenNothing();
    given().when(seen).thenNothing();
  });
  test('is closed and reopened once', () => {
    given(listed).when(close).then({ type: 'RoomClosed' });
    given(listed, { type: 'RoomClosed' }).when(close).thenNothing();
    given(listed, { type: 'RoomClosed' }).when(reopen).then({ type: 'RoomReopened' });
    given(listed).when(reopen).thenNothing();
  });
  test('is off sale while either of them is closed', () => {
    expect(after(listed)).toBe(false);
    expect(after(listed, { type: 'RoomClosed' })).toBe(true);
    expect(after(listed, moved)).toBe(true);
    expect(after(listed, { type: 'RoomClosed' }, moved, { type: 'RoomReopened' })).toBe(true);
  });
});

describe('nights', () => {
  test('are blocked by the host', () => given(listed).when(block).then({ type: 'NightsBlocked', nights }));
  test('more than two years ahead cannot be blocked (B7)', () => {
    given(listed)
      .when({ ...block, nights: ['2028-11-19'] })
      .then({ type: 'NightsBlocked', nights: ['2028-11-19'] });
    given(listed)
      .when({ ...block, nights: ['2028-11-19', '2028-11-20'] })
      .thenRefused('too-far-ahead', { latest: '2028-11-20' });
  });
  test('of a confirmed stay cannot be blocked', () =>
    given(listed)
      .when({ ...block, taken: { booked: ['2026-12-25'], blocked: [] } })
      .thenRefused('nights-taken'));
  test('that are blocked already stay so, and the rest joins them', () =>
    given(listed)
      .when({ ...block, taken: { booked: [], blocked: ['2026-12-24'] } })
      .then({ type: 'NightsBlocked', nights: ['2026-12-25'] }));
  test('blocked twice are blocked once', () =>
    given(listed)
      .when({ ...block, taken: { booked: [], blocked: nights } })
      .thenNothing());
  test('go back on the market', () => given(listed).when(unblock).then({ type: 'NightsUnblocked', nights }));
});

describe('who manages a room', () => {
  test.each([change, close, reopen, block, unblock])('the host and an administrator: $type', (input) => {
    const state = rooms.evolve(rooms.initial, listed);
    expect(rooms.decide(state, input)).toMatchObject({ accepted: true });
    expect(rooms.decide(state, { ...input, by: admin })).toMatchObject({ accepted: true });
  });
  test.each([change, close, reopen, block, unblock])('for anybody else it is not there: $type', (input) =>
    given(listed)
      .when({ ...input, by: otherHost })
      .thenRefused('no-such-room'),
  );
  test.each([change, close, reopen, block, unblock])('nor for anybody when it does not exist: $type', (input) =>
    given().when(input).thenRefused('no-such-room'),
  );
});
