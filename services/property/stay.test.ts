import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import { stay, type Stay, type StayEvent, type StayInput, type StayRefusal } from './stay.ts';
import {
  admin,
  blocked,
  booked,
  checkIn,
  checkOutDay,
  free,
  host,
  hours,
  instantRoom,
  otherHost,
  room,
  wish,
} from './testing/sample.ts';

const kind = 'lodging.reservation';
const at = checkIn - hours(240);
const wanted: Stay = { ...wish, ownerId: 'host', timeZone: 'Asia/Seoul' };

const requested: StayEvent = { type: 'StayRequested', kind, stay: wanted };
const hostAsked: StayEvent = { type: 'HostAsked', answerUntil: at + hours(24) };
const confirmed: StayEvent = { type: 'StayConfirmed' };
const declined: StayEvent = { type: 'StayRejected', reason: 'DECLINED_BY_HOST', text: 'we paint the walls' };
const nightsTaken: StayEvent = { type: 'StayRejected', reason: 'NIGHTS_TAKEN', text: '' };
const noAnswer: StayEvent = { type: 'StayRejected', reason: 'NO_ANSWER', text: '' };
const released: StayEvent = { type: 'StayReleased', kind };
const cancelledByHost: StayEvent = { type: 'StayCancelledByHost', text: 'a burst pipe' };
const again: StayEvent = { type: 'AnswerRepeated' };
const paid = { status: 'COMPLETED', version: 2 } as const;
const paymentNoted: StayEvent = { type: 'PaymentNoted', payment: paid };

const request: StayInput = { type: 'RequestStay', kind, wish, room, taken: free, at, answerWithin: hours(24) };
const confirm: StayInput = { type: 'ConfirmStay', by: host, taken: free };
const reject: StayInput = { type: 'RejectStay', by: host, text: 'we paint the walls' };
const cancel: StayInput = { type: 'CancelStay', by: host, text: 'a burst pipe', at };
const { given } = spec(stay);

const histories = {
  none: [],
  'released before it was asked for': [released],
  pending: [requested, hostAsked],
  confirmed: [requested, confirmed],
  rejected: [requested, declined],
  released: [requested, confirmed, released],
  'cancelled by the host': [requested, confirmed, cancelledByHost],
} satisfies Record<string, StayEvent[]>;

const inputs = {
  request,
  release: { type: 'ReleaseStay', kind },
  confirm,
  'confirm, nights taken': { ...confirm, taken: booked },
  reject,
  cancel,
  silence: { type: 'HostStayedSilent' },
  overlap: { type: 'NightsLookedAt', taken: booked },
  'overlap, free again': { type: 'NightsLookedAt', taken: free },
  paid: { type: 'PaymentHeard', payment: paid },
} satisfies Record<string, StayInput>;

type Row = Record<keyof typeof inputs, StayEvent[] | StayRefusal>;

const notThere: Pick<Row, 'confirm' | 'confirm, nights taken' | 'reject' | 'cancel'> = {
  confirm: 'no-such-stay-request',
  'confirm, nights taken': 'no-such-stay-request',
  reject: 'no-such-stay-request',
  cancel: 'no-such-stay-request',
};
const nothing: Pick<Row, 'silence' | 'overlap' | 'overlap, free again'> = {
  silence: [],
  overlap: [],
  'overlap, free again': [],
};

/** Every state × message: what happens, or why not. A release is answered in each of them. */
const table: Record<keyof typeof histories, Row> = {
  none: { ...notThere, ...nothing, request: [requested, hostAsked], release: [released], paid: [] },
  'released before it was asked for': { ...notThere, ...nothing, request: [again], release: [released], paid: [] },
  pending: {
    request: [],
    release: [released],
    confirm: [confirmed],
    'confirm, nights taken': 'nights-taken',
    reject: [declined],
    cancel: 'not-cancellable',
    silence: [noAnswer],
    overlap: [nightsTaken],
    'overlap, free again': [],
    paid: [paymentNoted],
  },
  confirmed: {
    ...nothing,
    request: [again],
    release: [released],
    confirm: [],
    'confirm, nights taken': [], // taken by itself
    reject: 'already-decided',
    cancel: [cancelledByHost],
    paid: [paymentNoted],
  },
  rejected: {
    ...nothing,
    request: [again],
    release: [released],
    confirm: 'already-decided',
    'confirm, nights taken': 'already-decided',
    reject: [],
    cancel: 'not-cancellable',
    paid: [paymentNoted],
  },
  released: {
    ...nothing,
    request: [again],
    release: [released],
    confirm: 'already-decided',
    'confirm, nights taken': 'already-decided',
    reject: 'already-decided',
    cancel: 'not-cancellable',
    paid: [paymentNoted],
  },
  'cancelled by the host': {
    ...nothing,
    request: [again],
    release: [released],
    confirm: 'already-decided',
    'confirm, nights taken': 'already-decided',
    reject: 'already-decided',
    cancel: [],
    paid: [paymentNoted],
  },
};

const statuses = Object.keys(histories) as (keyof typeof histories)[];
const inputNames = Object.keys(inputs) as (keyof typeof inputs)[];

describe.each(statuses)('a stay request that is %s', (status) => {
  test.each(inputNames)('meets: %s', (input) => {
    const outcome = table[status][input];
    const met = given(...histories[status]).when(inputs[input]);
    if (typeof outcome === 'string') met.thenRefused(outcome);
    else met.then(...outcome);
  });
});

describe('a request', () => {
  test('waits for the host, a day at most (L2)', () => given().when(request).then(requested, hostAsked));
  test('waits until check-in at most', () =>
    given()
      .when({ ...request, at: checkIn - hours(2) })
      .then(requested, { type: 'HostAsked', answerUntil: checkIn }));
  test('for nights of another stay is rejected by itself (L4, L7)', () =>
    given()
      .when({ ...request, taken: booked })
      .then(requested, nightsTaken));
  test('for nights that the host blocked is rejected by itself (L4)', () =>
    given()
      .when({ ...request, taken: blocked })
      .then(requested, nightsTaken));
  test('for an instant-book room is confirmed by itself', () =>
    given()
      .when({ ...request, room: instantRoom })
      .then(requested, confirmed));
  test('for an instant-book room whose nights are taken is rejected all the same (L7)', () =>
    given()
      .when({ ...request, room: instantRoom, taken: booked })
      .then(requested, nightsTaken));
  test('of more guests than the instant-book room holds by now is left to the host', () => {
    const many = { ...wish, guests: 5 };
    given()
      .when({ ...request, room: instantRoom, wish: many })
      .then({ ...requested, stay: { ...wanted, guests: 5 } }, hostAsked);
  });
  test('that comes after check-in has begun, because property was down, is rejected (L8)', () =>
    given()
      .when({ ...request, at: checkIn })
      .then(requested, noAnswer));
  test('for a room that does not exist is rejected (L4)', () =>
    given()
      .when({ ...request, room: { status: 'none' } })
      .then(
        { ...requested, stay: { ...wish, ownerId: '', timeZone: 'UTC' } },
        { type: 'StayRejected', reason: 'NO_SUCH_ROOM', text: '' },
      ));
});

describe('who decides', () => {
  test.each([confirm, reject])('an administrator may as well (L2): $type', (input) =>
    expect(stay.decide(histories.pending.reduce(stay.evolve, stay.initial), { ...input, by: admin })).toMatchObject({
      accepted: true,
    }),
  );
  test.each([confirm, reject, cancel])(
    'nobody decides about the own stay, neither as host nor as administrator: $type',
    (input) => {
      for (const past of [histories.pending, histories.confirmed])
        given(...past)
          .when({ ...input, by: { userId: wish.guestId, admin: true } } as StayInput)
          .thenRefused('own-request');
      const ownRoom: StayEvent = { ...requested, stay: { ...wanted, ownerId: wish.guestId } };
      given(ownRoom)
        .when({ ...input, by: { userId: wish.guestId, admin: false } } as StayInput)
        .thenRefused('own-request');
    },
  );
  test.each([confirm, reject, cancel])("somebody else's room is not there: $type", (input) =>
    given(...histories.confirmed)
      .when({ ...input, by: otherHost })
      .thenRefused('no-such-stay-request'),
  );
});

describe('a confirmed stay', () => {
  test('can be cancelled by its host until the check-out day', () =>
    given(...histories.confirmed)
      .when({ ...cancel, at: checkOutDay - 1 })
      .then(cancelledByHost));
  test('is over on the check-out day', () =>
    given(...histories.confirmed)
      .when({ ...cancel, at: checkOutDay })
      .thenRefused('not-cancellable'));
});

describe('what the host sees of the payment (L10)', () => {
  const seen = (...events: StayEvent[]) => [...histories.confirmed, ...events].reduce(stay.evolve, stay.initial);
  test('is what payment said last', () =>
    expect(seen(paymentNoted)).toMatchObject({ status: 'confirmed', payment: paid }));
  test.each([1, 2])('older and repeated news (version %i) change nothing', (version) =>
    given(...histories.confirmed, paymentNoted)
      .when({ type: 'PaymentHeard', payment: { status: 'PENDING', version } })
      .thenNothing(),
  );
  test('goes on after the stay was released: the refund', () => {
    const refunded = { status: 'CANCELLED', version: 3 } as const;
    given(...histories.released, paymentNoted)
      .when({ type: 'PaymentHeard', payment: refunded })
      .then({ type: 'PaymentNoted', payment: refunded });
  });
});

describe('what stays after a release', () => {
  const after = (...events: StayEvent[]) => events.reduce(stay.evolve, stay.initial).status;
  test('of nothing: a tombstone, which no late request brings to life', () =>
    expect(after(released, again)).toBe('tombstone'));
  test('of a waiting or a confirmed stay: a released one', () => {
    expect(after(requested, hostAsked, released)).toBe('released');
    expect(after(requested, confirmed, released)).toBe('released');
  });
  test('of a rejected one: the rejection, with its reason', () =>
    expect(after(requested, declined, released)).toBe('rejected'));
});
