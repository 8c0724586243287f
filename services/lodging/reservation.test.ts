import { describe, expect, test } from '@jest/globals';
import type { Limit } from '#kernel/limit.ts';
import { krw } from '#kernel/money.ts';
import { administrator, canceller, spec, staff } from '#kernel/spec.ts';
import { instantAt } from '#kernel/time.ts';
import { previewCancellation } from './cancellation.ts';
import { samplePolicy } from './policy.ts';
import {
  reservations,
  type Booking,
  type Input,
  type Reservation,
  type ReservationEvent,
  type Wish,
} from './reservation.ts';
import type { Room } from './room.ts';

const room: Room = {
  id: 'pine-2',
  hostId: 'host',
  propertyName: 'Pine Forest',
  roomName: 'Pine 2',
  timeZone: 'Asia/Seoul',
  capacity: 4,
  pricePerNight: krw(128_000),
  isClosed: false,
  version: 1,
};
const wish: Wish = { guestId: 'guest', roomId: 'pine-2', checkIn: '2026-12-24', checkOut: '2026-12-26', guests: 2 };
const booking: Booking = {
  ...wish,
  hostId: 'host',
  title: 'Pine Forest · Pine 2 · 2026-12-24 – 2026-12-26',
  timeZone: 'Asia/Seoul',
  checkInAt: instantAt('2026-12-24', 15, 'Asia/Seoul'),
  checkOutAt: instantAt('2026-12-26', 0, 'Asia/Seoul'),
  total: krw(256_000),
  policy: samplePolicy,
  slots: [],
};
/** Noon in Seoul, so many days before check-in. */
const daysBefore = (days: number): number => instantAt('2026-12-24', 12, 'Asia/Seoul') - days * 86_400_000;
const at = daysBefore(12);

const requested: ReservationEvent = { type: 'ReservationRequested', booking };
const confirmed: ReservationEvent = { type: 'ReservationConfirmed' };
const deferred: ReservationEvent = { type: 'ReservationPaymentDeferred' };
const paid: ReservationEvent = { type: 'ReservationPaid' };
const rejected: ReservationEvent = { type: 'ReservationRejected', reason: 'NIGHTS_TAKEN', reasonText: '' };
const noOther = { reason: 'CARD_DECLINED', reasonText: '', cards: 1 };
const declined: ReservationEvent = { type: 'ReservationCardDeclined', declined: { ...noOther, since: at } };
const decline = (isRetryable: boolean, cards = 1): Extract<Input, { type: 'PaymentDeclined' }> => ({
  ...{ type: 'PaymentDeclined', ...noOther, isRetryable, cards, at },
});
const failed: ReservationEvent = { type: 'ReservationPaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const completed: ReservationEvent = { type: 'ReservationCompleted' };
const cancelling: ReservationEvent = {
  type: 'ReservationCancelling',
  cause: 'CANCELLED_BY_GUEST',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
};
/** `wasPaid`: payment keeps what the policy keeps, whatever its clock says. */
const cancellingPaid: ReservationEvent = { ...cancelling, wasPaid: true };
const byHost: ReservationEvent = {
  type: 'ReservationCancelling',
  cause: 'CANCELLED_BY_HOST',
  reasonText: 'a burst pipe',
  keep: krw(0),
  askedAt: at,
};
const byStaff: ReservationEvent = {
  type: 'ReservationCancelling',
  cause: 'CANCELLED_BY_STAFF',
  reasonText: staff.text,
  keep: krw(0),
  askedAt: at,
};
const timedOut: ReservationEvent = {
  type: 'ReservationCancelling',
  cause: 'PAYMENT_TIMEOUT',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
};
const stayBack: ReservationEvent = { type: 'ReservationPartReturned', part: 'stay' };
const paymentBack: ReservationEvent = { type: 'ReservationPartReturned', part: 'payment' };
const cancelled: ReservationEvent = { type: 'ReservationCancelled' };

const request: Input = { type: 'RequestReservation', wish, room, agreed: undefined, limits: [], at };
const cancel: Input = { type: 'CancelReservation', by: canceller('guest'), at };
const { given } = spec(reservations);

describe('a guest', () => {
  test('reserves a room at the price of the moment (L1)', () => given().when(request).then(requested));
  test('cannot reserve a room that is not there (L4)', () =>
    given()
      .when({ ...request, room: undefined })
      .thenRefused('no-such-room'));
  test('cannot reserve a room that is closed (B2)', () =>
    given()
      .when({ ...request, room: { ...room, isClosed: true } })
      .thenRefused('not-on-sale'));
  test.each(['no-payment-method', 'unknown-payment-method'] as const)(
    'without a card orders nothing: %s (B5)',
    (noCard) =>
      given()
        .when({ ...request, noCard })
        .thenRefused(noCard),
  );
  test('cannot bring more people than the room holds', () =>
    given()
      .when({ ...request, wish: { ...wish, guests: 5 } })
      .thenRefused('too-many-guests'));
  test('cannot reserve once check-in has begun', () =>
    given()
      .when({ ...request, at: booking.checkInAt })
      .thenRefused('in-the-past'));
  test('cannot reserve more than 30 nights', () =>
    given()
      .when({ ...request, wish: { ...wish, checkOut: '2027-01-24' } })
      .thenRefused('too-many-nights'));
  test('cannot reserve nights more than two years ahead (B7)', () => {
    const latest = { ...wish, checkIn: '2028-12-09', checkOut: '2028-12-11' };
    expect(reservations.decide({ status: 'none' }, { ...request, wish: latest })).toMatchObject({ accepted: true });
    given()
      .when({ ...request, wish: { ...latest, checkOut: '2028-12-12' } })
      .thenRefused('too-far-ahead', { latest: '2028-12-11' });
    given()
      .when({ ...request, wish: { ...wish, checkIn: '9999-12-30', checkOut: '9999-12-31' } })
      .thenRefused('too-far-ahead', { latest: '2028-12-11' });
  });
  test('who agreed to a total pays no other (B1)', () => {
    given()
      .when({ ...request, agreed: krw(256_000) })
      .then(requested);
    for (const agreed of [krw(255_999), krw(256_001), { ...krw(256_000), currency: 'USD' }])
      given()
        .when({ ...request, agreed })
        .thenRefused('price-changed', { total_units: '256000', total_currency: 'KRW' });
  });
  test('occupies a slot of each limit, and is refused where one has none left (B7)', () => {
    const limit = (free: string[]): Limit => ({ most: 2, of: 'unpaid reservations', want: 1, free });
    given()
      .when({ ...request, limits: [limit(['a/1', 'a/0']), limit(['b/0'])] })
      .then({ ...requested, booking: { ...booking, slots: ['a/1', 'b/0'] } });
    given()
      .when({ ...request, limits: [limit(['a/1']), limit([])] })
      .thenRefused('too-many-holds', { most: '2', of: 'unpaid reservations' });
  });
});

describe('a reservation', () => {
  test('is confirmed by the host before anything is paid (L2, L7)', () =>
    given(requested).when({ type: 'StayConfirmed' }).then(confirmed));
  test('is paid once confirmed (L3)', () => given(requested, confirmed).when({ type: 'PaymentCompleted' }).then(paid));
  test('waits as payment pending when payment defers (L9)', () =>
    given(requested, confirmed).when({ type: 'PaymentDeferred' }).then(deferred));
  test('waits as payment pending when payment is silent (L9)', () =>
    given(requested, confirmed).when({ type: 'PaymentAnswerOverdue' }).then(deferred));
  test('is paid after waiting (L9)', () =>
    given(requested, confirmed, deferred).when({ type: 'PaymentCompleted' }).then(paid));
  test('is rejected with the reason (L4)', () =>
    given(requested).when({ type: 'StayRejected', reason: 'NIGHTS_TAKEN', reasonText: '' }).then(rejected));
  test('ends with the reason when the payment is declined for good (L13)', () =>
    given(requested, confirmed).when(decline(false)).then(failed));
  test('waits for another card when the first is declined, and goes on when that is charged (B5)', () => {
    for (const before of [
      [requested, confirmed],
      [requested, confirmed, deferred],
    ]) {
      given(...before)
        .when(decline(true))
        .then(declined);
      given(...before, declined)
        .when({ type: 'PaymentCompleted' })
        .then(paid);
    }
  });
  test('hears of each declined card once, and its time to pay runs from the first (B5)', () => {
    given(requested, confirmed, declined).when(decline(true)).thenNothing();
    given(requested, confirmed, declined)
      .when({ ...decline(true, 2), at: at + 1 })
      .then({ ...declined, declined: { ...noOther, cards: 2, since: at } } as ReservationEvent);
  });
  test('ends as payment failed where no other card is charged in time, and takes back one that is charged too late (B5)', () => {
    given(requested, confirmed, declined).when({ type: 'CardDeadlinePassed' }).then(failed);
    given(requested, confirmed, declined, failed).when({ type: 'PaymentCompleted' }).thenNothing();
    given(requested, confirmed, declined, failed).when({ type: 'PaymentCancelled' }).then(paymentBack);
  });
  test('is completed when the check-out day comes', () =>
    given(requested, confirmed, paid).when({ type: 'CheckOutDayCame' }).then(completed));
});

describe('a payment deadline', () => {
  test('cancels what stays unpaid while payment answers', () =>
    given(requested, confirmed).when({ type: 'PaymentDeadlinePassed', at }).then(timedOut));
  test('stands still while payment is pending', () =>
    given(requested, confirmed, deferred).when({ type: 'PaymentDeadlinePassed', at }).thenNothing());
  test('is over in any case when the stay begins', () =>
    given(requested, confirmed, deferred)
      .when({ type: 'PaymentDeadlinePassed', at: booking.checkInAt })
      .then({ ...timedOut, askedAt: booking.checkInAt } as ReservationEvent));
});

describe('cancelling', () => {
  test('keeps nothing ten days before (L5)', () => given(requested, confirmed, paid).when(cancel).then(cancellingPaid));
  test.each([
    [10, 0],
    [9, 76_800],
    [7, 76_800],
    [6, 128_000],
    [5, 128_000],
    [4, 204_800],
    [1, 204_800],
    [0, 256_000],
  ])('%i days before keeps %i won, by the frozen policy (L5)', (days, keep) =>
    given(requested, confirmed, paid)
      .when({ ...cancel, at: daysBefore(days) })
      .then({ ...cancellingPaid, keep: krw(keep), askedAt: daysBefore(days) } as ReservationEvent),
  );
  test('counts days by the calendar where the room is', () =>
    // When the 15th begins in Seoul nine days are left there; by the calendar of UTC there would be ten.
    given(requested, confirmed, paid)
      .when({ ...cancel, at: instantAt('2026-12-15', 0, 'Asia/Seoul') })
      .then({
        ...cancellingPaid,
        keep: krw(76_800),
        askedAt: instantAt('2026-12-15', 0, 'Asia/Seoul'),
      } as ReservationEvent));
  test('twice is once', () => given(requested, cancelling).when(cancel).thenNothing());
  test("somebody else's is not there", () =>
    given(requested)
      .when({ ...cancel, by: canceller('stranger') })
      .thenRefused('no-such-reservation'));
  test('is refused from 15:00 of the check-in day', () => {
    given(requested, confirmed, paid)
      .when({ ...cancel, at: booking.checkInAt })
      .thenRefused('not-cancellable');
    given(requested, confirmed, paid)
      .when({ ...cancel, at: booking.checkInAt - 1 })
      .then({ ...cancellingPaid, keep: krw(256_000), askedAt: booking.checkInAt - 1 } as ReservationEvent);
  });
  test('by staff gives everything back until check-in, by administrators until the check-out day, and says why (B4)', () => {
    for (const [by, last] of [
      [staff, booking.checkInAt],
      [administrator, booking.checkOutAt],
    ] as const) {
      for (const at of [daysBefore(1), last - 1])
        given(requested, confirmed, paid)
          .when({ ...cancel, by, at })
          .then({ ...byStaff, askedAt: at } as ReservationEvent);
      given(requested, confirmed, paid)
        .when({ ...cancel, by, at: last })
        .thenRefused('not-cancellable');
    }
    const over = [requested, confirmed, paid, byStaff, stayBack, cancelled].reduce(
      reservations.evolve,
      reservations.initial,
    );
    expect(over).toEqual({ ...{ status: 'cancelled', booking }, cause: 'CANCELLED_BY_STAFF', reasonText: staff.text });
  });
  test('by staff needs words for the guest, and changes nothing of a cancellation that has begun (B4)', () => {
    given(requested, confirmed, paid)
      .when({ ...cancel, by: { ...staff, text: '' } })
      .thenRefused('text-required');
    given(requested, confirmed, paid, cancelling)
      .when({ ...cancel, by: staff })
      .thenNothing();
    given(requested, confirmed, paid, byStaff).when(cancel).thenNothing();
    given(requested, confirmed, paid, byStaff).when({ type: 'StayCancelledByHost', reasonText: '', at }).then(stayBack); // the nights are free, and all is refunded anyway
  });
  test('by staff who are the guest is by the policy, as for any guest (B4)', () =>
    given(requested, confirmed, paid)
      .when({ ...cancel, by: { ...staff, id: 'guest' }, at: daysBefore(0) })
      .then({ ...cancellingPaid, keep: krw(256_000), askedAt: daysBefore(0) } as ReservationEvent));
  test('waits for stay and payment, in either order', () => {
    given(requested, cancelling).when({ type: 'PaymentCancelled' }).then(paymentBack);
    given(requested, cancelling, paymentBack).when({ type: 'StayReleased' }).then(cancelled);
    given(requested, cancelling).when({ type: 'StayReleased' }).then(stayBack);
    given(requested, cancelling, stayBack).when({ type: 'PaymentCancelled' }).then(cancelled);
  });
  test('by the host gives everything back, even on the last day', () =>
    given(requested, confirmed, paid)
      .when({ type: 'StayCancelledByHost', reasonText: 'a burst pipe', at })
      .then(byHost));
  test('is not undone by a payment that completes or is declined late', () => {
    given(requested, confirmed, cancelling).when({ type: 'PaymentCompleted' }).thenNothing();
    given(requested, confirmed, cancelling).when(decline(false)).thenNothing();
  });
  test('is shown before: what comes back, and by which line of the policy', () => {
    const state = [requested, confirmed, paid].reduce(reservations.evolve, reservations.initial);
    expect(previewCancellation(state, daysBefore(8))).toEqual({
      paid: krw(256_000),
      refund: krw(179_200),
      percent: 70,
      reason: 'DAYS_BEFORE_7',
    });
    expect(previewCancellation(state, daysBefore(0))).toEqual({
      paid: krw(256_000),
      refund: krw(0),
      percent: 0,
      reason: 'SAME_DAY',
    });
    const unpaid = [requested].reduce(reservations.evolve, reservations.initial);
    expect(previewCancellation(unpaid, at)).toEqual({
      paid: krw(0),
      refund: krw(0),
      percent: 100,
      reason: 'NOTHING_PAID',
    });
    expect(previewCancellation(state, booking.checkInAt)).toBe('not-cancellable');
  });
});

test('a stay that the host took back is paid back, though the word of it comes after the check-out day', () =>
  given(requested, confirmed, paid, completed)
    .when({ type: 'StayCancelledByHost', reasonText: 'A burst pipe.', at })
    .then({
      ...cancelling,
      cause: 'CANCELLED_BY_HOST',
      reasonText: 'A burst pipe.',
      keep: { amount: 0, currency: 'KRW' },
      askedAt: at,
    }));

describe('a stay that the host took back before its guest cancelled, who heard of it later,', () => {
  const byGuest: ReservationEvent = { ...cancelling, keep: krw(256_000) } as ReservationEvent;
  const word: Input = { type: 'StayCancelledByHost', reasonText: 'a burst pipe', at };
  const state = (...events: ReservationEvent[]) =>
    [requested, confirmed, paid, byGuest, ...events].reduce(reservations.evolve, reservations.initial);

  test('is paid back in full, however far the cancellation is', () => {
    for (const far of [[], [stayBack], [paymentBack], [stayBack, cancelled]])
      given(requested, confirmed, paid, byGuest, ...far)
        .when(word)
        .then(byHost);
  });
  test("is off for the host's reason, and only the money is asked for again", () => {
    for (const far of [[], [stayBack], [paymentBack], [stayBack, cancelled]])
      expect(state(...far, byHost)).toMatchObject({
        status: 'cancelling',
        cause: 'CANCELLED_BY_HOST',
        reasonText: 'a burst pipe',
        awaiting: ['payment'],
      });
    given(requested, confirmed, paid, byGuest, byHost).when({ type: 'StayReleased' }).thenNothing();
    given(requested, confirmed, paid, byGuest, byHost).when({ type: 'PaymentCancelled' }).then(cancelled);
  });
  test("waits for the host's refund when the answer to the guest's cancellation is late", () => {
    const kept = (amount: number): Input => ({ type: 'PaymentCancelled', kept: krw(amount) });
    given(requested, confirmed, paid, byGuest).when(kept(256_000)).then(paymentBack);
    given(requested, confirmed, paid, byGuest, byHost).when(kept(256_000)).thenNothing();
    given(requested, confirmed, paid, byGuest, byHost).when(kept(0)).then(cancelled);
  });
  test('is taken back once, and not at all where nothing was kept in the first place', () => {
    given(requested, confirmed, paid, byGuest, byHost).when(word).thenNothing();
    given(requested, confirmed, paid, byGuest, byHost, cancelled).when(word).thenNothing();
  });
  test('is released by that word: its nights are free', () => {
    given(requested, confirmed, timedOut).when(word).then(stayBack);
    given(requested, byHost).when(word).then(stayBack);
    given(requested, byHost, paymentBack).when(word).then(cancelled);
  });
});

describe('every state meets every message', () => {
  const histories: Record<
    | Reservation['status']
    | 'card-declined'
    | 'awaiting-stay'
    | 'awaiting-payment'
    | 'cancelling-by-host'
    | 'cancelled-by-host',
    ReservationEvent[]
  > = {
    none: [],
    requested: [requested],
    confirmed: [requested, confirmed],
    'payment-pending': [requested, confirmed, deferred],
    'card-declined': [requested, confirmed, declined],
    paid: [requested, confirmed, paid],
    completed: [requested, confirmed, paid, completed],
    rejected: [requested, rejected],
    'payment-failed': [requested, confirmed, failed],
    cancelling: [requested, cancelling],
    'awaiting-stay': [requested, cancelling, paymentBack],
    'awaiting-payment': [requested, cancelling, stayBack],
    cancelled: [requested, cancelling, stayBack, cancelled],
    'cancelling-by-host': [requested, byHost],
    'cancelled-by-host': [requested, byHost, stayBack, cancelled],
  };
  type History = keyof typeof histories;
  const inputs: Record<Input['type'], Input> = {
    RequestReservation: request,
    CancelReservation: cancel,
    StayConfirmed: { type: 'StayConfirmed' },
    StayRejected: { type: 'StayRejected', reason: 'NIGHTS_TAKEN', reasonText: '' },
    StayCancelledByHost: { type: 'StayCancelledByHost', reasonText: '', at },
    StayReleased: { type: 'StayReleased' },
    PaymentCompleted: { type: 'PaymentCompleted' },
    PaymentDeferred: { type: 'PaymentDeferred' },
    PaymentDeclined: decline(false),
    PaymentCancelled: { type: 'PaymentCancelled' },
    PaymentAnswerOverdue: { type: 'PaymentAnswerOverdue' },
    PaymentDeadlinePassed: { type: 'PaymentDeadlinePassed', at },
    CardDeadlinePassed: { type: 'CardDeadlinePassed' },
    CheckOutDayCame: { type: 'CheckOutDayCame' },
    AskAgain: { type: 'AskAgain', at },
  };
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<History, ReservationEvent['type'] | `refused: ${string}`>>> = {
    RequestReservation: {
      none: 'ReservationRequested',
      ...Object.fromEntries(
        Object.keys(histories)
          .filter((key) => key !== 'none')
          .map((key) => [key, 'refused: already-requested']),
      ),
    },
    CancelReservation: {
      none: 'refused: no-such-reservation',
      requested: 'ReservationCancelling',
      confirmed: 'ReservationCancelling',
      'payment-pending': 'ReservationCancelling',
      'card-declined': 'ReservationCancelling',
      paid: 'ReservationCancelling',
      completed: 'refused: not-cancellable',
      rejected: 'refused: not-cancellable',
      'payment-failed': 'refused: not-cancellable',
    },
    StayConfirmed: { requested: 'ReservationConfirmed' },
    StayRejected: { requested: 'ReservationRejected' },
    StayCancelledByHost: {
      requested: 'ReservationCancelling',
      confirmed: 'ReservationCancelling',
      'payment-pending': 'ReservationCancelling',
      'card-declined': 'ReservationCancelling',
      paid: 'ReservationCancelling',
      completed: 'ReservationCancelling',
      cancelling: 'ReservationCancelling',
      'awaiting-stay': 'ReservationCancelling',
      'awaiting-payment': 'ReservationCancelling',
      cancelled: 'ReservationCancelling',
      'payment-failed': 'ReservationPartReturned',
      'cancelling-by-host': 'ReservationPartReturned',
    },
    StayReleased: {
      'payment-failed': 'ReservationPartReturned',
      cancelling: 'ReservationPartReturned',
      'cancelling-by-host': 'ReservationPartReturned',
      'awaiting-stay': 'ReservationCancelled',
    },
    PaymentCompleted: {
      ...{ confirmed: 'ReservationPaid', 'payment-pending': 'ReservationPaid', 'card-declined': 'ReservationPaid' },
    },
    PaymentDeferred: { confirmed: 'ReservationPaymentDeferred' },
    PaymentDeclined: {
      ...{ confirmed: 'ReservationPaymentFailed', 'payment-pending': 'ReservationPaymentFailed' },
      'card-declined': 'ReservationPaymentFailed',
    },
    CardDeadlinePassed: { 'card-declined': 'ReservationPaymentFailed' },
    PaymentCancelled: {
      cancelling: 'ReservationPartReturned',
      'cancelling-by-host': 'ReservationPartReturned',
      'awaiting-payment': 'ReservationCancelled',
    },
    PaymentAnswerOverdue: { confirmed: 'ReservationPaymentDeferred' },
    PaymentDeadlinePassed: { confirmed: 'ReservationCancelling' },
    CheckOutDayCame: { paid: 'ReservationCompleted' },
    AskAgain: Object.fromEntries(Object.keys(histories).map((key) => [key, 'AskedAgain'])),
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history) =>
    (Object.keys(inputs) as Input['type'][]).map(
      (input) => [history, input, table[input][history] ?? 'nothing'] as const,
    ),
  );
  test.each(pairs)('%s + %s → %s', (history, input, expected) => {
    const state = histories[history].reduce(reservations.evolve, reservations.initial);
    const decision = reservations.decide(state, inputs[input]);
    if (decision.accepted)
      expect(decision.events.map((event) => event.type)).toEqual(expected === 'nothing' ? [] : [expected]);
    else expect(`refused: ${decision.refusal}`).toBe(expected);
  });
});
