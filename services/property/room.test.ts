import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { property as properties } from './property.ts';
import { room as rooms, type RoomEvent, type RoomInput } from './room.ts';
import { admin, host, otherHost, place, property, terms } from './testing/sample.ts';

const nights = ['2026-12-24', '2026-12-25'];
const listed: RoomEvent = { type: 'RoomListed', place, terms };
const list: RoomInput = { type: 'ListRoom', by: host, propertyId: 'pine', property, terms };
const change: RoomInput = { type: 'ChangeRoom', by: host, changes: { pricePerNight: krw(150_000) } };
const block: RoomInput = {
  type: 'BlockNights',
  by: host,
  nights,
  taken: { booked: [], blocked: [] },
  at: Date.UTC(2026, 10, 21),
};
const unblock: RoomInput = { type: 'UnblockNights', by: host, nights };
const republish: RoomInput = { type: 'RepublishRoom' };
const { given } = spec(rooms);

describe('a property', () => {
  const registration = {
    type: 'RegisterProperty',
    details: { ownerId: 'host', name: 'Pine', address: 'Pyeongchang', timeZone: 'Asia/Seoul' },
  } as const;
  const registered = { type: 'PropertyRegistered', details: registration.details } as const;
  test('is registered by its host', () => spec(properties).given().when(registration).then(registered));
  test('twice is once', () => spec(properties).given(registered).when(registration).thenNothing());
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
  test('has a price of more than ten times the old one, or less than a tenth, confirmed (B1)', () => {
    const { amount } = terms.pricePerNight;
    for (const pricePerNight of [krw(amount * 10 + 1), krw(Math.ceil(amount / 10) - 1)]) {
      given(listed)
        .when({ ...change, changes: { pricePerNight } })
        .thenRefused('price-jump');
      given(listed)
        .when({ ...change, changes: { pricePerNight }, isPriceConfirmed: true })
        .then({ type: 'RoomChanged', terms: { ...terms, pricePerNight } });
    }
    given(listed)
      .when({ ...change, changes: { pricePerNight: krw(amount * 10) } })
      .then({ type: 'RoomChanged', terms: { ...terms, pricePerNight: krw(amount * 10) } });
  });
  test('that is changed into what it is stays as it is', () =>
    given(listed)
      .when({ ...change, changes: { ...terms } })
      .thenNothing());
  test('is published again on request', () => given(listed).when(republish).then({ type: 'RoomRepublished' }));
  test('that does not exist is not told of', () => given().when(republish).thenNothing());
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
  test.each([change, block, unblock])('the host and an administrator: $type', (input) => {
    const state = rooms.evolve(rooms.initial, listed);
    expect(rooms.decide(state, input)).toMatchObject({ accepted: true });
    expect(rooms.decide(state, { ...input, by: admin })).toMatchObject({ accepted: true });
  });
  test.each([change, block, unblock])('for anybody else it is not there: $type', (input) =>
    given(listed)
      .when({ ...input, by: otherHost })
      .thenRefused('no-such-room'),
  );
  test.each([change, block, unblock])('nor for anybody when it does not exist: $type', (input) =>
    given().when(input).thenRefused('no-such-room'),
  );
});
