import { describe, expect, test } from '@jest/globals';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import { samplePolicy } from './policy.ts';
import { consequencesWith } from './process.ts';
import { runTimers } from '#kernel/run-timers.ts';
import { reservations, type Booking, type Input, type Reservation, type ReservationEvent } from './reservation.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 21);
const booking: Booking = {
  guestId: 'guest',
  roomId: 'pine-2',
  checkIn: '2026-12-24',
  checkOut: '2026-12-26',
  guests: 2,
  paymentMethodId: 'visa',
  hostId: 'host',
  title: 'Pine 2',
  timeZone: 'Asia/Seoul',
  checkInAt: now + 60 * minute,
  checkOutAt: now + 600 * minute,
  total: krw(256_000),
  policy: samplePolicy,
  slots: ['unpaid/guest/3', 'asked/guest/host/1'],
};
const timeouts = { paymentAnswer: 10_000, payment: 24 * 60 * minute, askAgain: 5 * minute };
const requested: ReservationEvent = { type: 'ReservationRequested', booking };
const confirmed: ReservationEvent = { type: 'ReservationConfirmed' };
const failed: ReservationEvent = { type: 'ReservationPaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const declined: ReservationEvent = {
  ...{ type: 'ReservationCardDeclined', declined: { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since: now } },
};
const kept = (events: readonly ReservationEvent[], updatedAt = now): StoredAggregate<Reservation> => ({
  ...{
    id: 'r1',
    state: events.reduce(reservations.evolve, reservations.initial),
    version: 2,
    createdAt: now,
    updatedAt,
  },
});
const after = (...events: ReservationEvent[]) =>
  consequencesWith(timeouts)([events.at(-1) ?? requested], kept([requested, ...events]));
const asked = (consequences: ReturnType<typeof after>) =>
  consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [] : [message.type]));
const told = (consequences: ReturnType<typeof after>) =>
  consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [message.type] : []));

describe('the saga of a reservation (K22)', () => {
  test('availability is asked for before any payment (L7)', () => expect(asked(after())).toEqual(['RequestStay']));
  test('payment is asked for once the stay is confirmed (L3), by the card that the guest chose (B5)', () =>
    expect(after({ type: 'ReservationConfirmed' }).messages).toContainEqual({
      to: 'payment',
      type: 'RequestPayment',
      payerId: 'guest',
      payeeId: 'host',
      amount: krw(256_000),
      paymentMethodId: 'visa',
    }));
  test('two alarm clocks run while payment is awaited; the deadline is never after check-in', () =>
    expect(after({ type: 'ReservationConfirmed' }).timers).toEqual([
      { name: 'payment-answer', at: now + 10_000 },
      { name: 'payment-deadline', at: booking.checkInAt },
      { name: 'ask-again', at: now + minute },
    ]));
  test('occupies the guest’s slots: the host’s until the host answers, all of them until it is paid or over (B7)', () => {
    const [unpaid, asked] = [{ key: 'unpaid/guest/3' }, { key: 'asked/guest/host/1' }];
    expect(after().claims).toEqual([unpaid, asked]);
    expect(after({ type: 'ReservationConfirmed' }).releases).toEqual([asked]);
    for (const last of [failed, { type: 'ReservationPaid' } as const])
      expect(after({ type: 'ReservationConfirmed' }, last).releases).toBe('all');
    expect(after({ type: 'ReservationRejected', reason: 'NO_ANSWER', reasonText: '' }).releases).toBe('all');
    expect(
      after({ type: 'ReservationCancelling', cause: 'CANCELLED_BY_GUEST', reasonText: '', keep: krw(0), askedAt: now })
        .releases,
    ).toBe('all');
  });
  test('nights are given back when the payment is declined for good (L13)', () =>
    expect(asked(after(confirmed, failed))).toEqual(['ReleaseStay']));
  test('the nights stay held while another card can be charged, for the time to pay from the first decline on (B5)', () => {
    const consequences = after(confirmed, declined);
    expect([told(consequences), asked(consequences)]).toEqual([['ReservationCardDeclined'], []]);
    expect(consequences).toMatchObject({ stopTimers: ['payment-answer', 'payment-deadline'] });
    expect(consequences.timers).toContainEqual({ name: 'card-deadline', at: booking.checkInAt });
    expect(consequences.releases).toBeUndefined();
    const early = { ...timeouts, payment: 10 * minute };
    expect(
      consequencesWith(early)([declined], kept([requested, confirmed, declined], now + 3 * minute)).timers,
    ).toContainEqual({ name: 'card-deadline', at: now + 10 * minute });
  });
  test('where no other card is charged in time, the payment is called off with the nights, and nothing is kept (B5)', () => {
    const consequences = after(confirmed, declined, failed);
    expect(asked(consequences)).toEqual(['ReleaseStay', 'CancelPayment']);
    expect(consequences.messages).toContainEqual({ to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now });
    expect(consequences).toMatchObject({ stopTimers: 'all', releases: 'all' });
  });
  test('cancelling gives back nights and money, but for what the policy keeps (L5)', () => {
    const consequences = after({
      type: 'ReservationCancelling',
      cause: 'CANCELLED_BY_GUEST',
      reasonText: '',
      keep: krw(100),
      askedAt: now,
    });
    expect(asked(consequences)).toEqual(['ReleaseStay', 'CancelPayment']);
    expect(consequences.messages).toContainEqual({
      to: 'payment',
      type: 'CancelPayment',
      keep: krw(100),
      askedAt: now,
    });
    expect(consequences.stopTimers).toBe('all');
  });
  test('what the host took back after its guest cancelled is asked back from payment alone, all of it', () => {
    const byGuest: ReservationEvent = {
      type: 'ReservationCancelling',
      cause: 'CANCELLED_BY_GUEST',
      reasonText: '',
      keep: krw(100),
      askedAt: now,
    };
    const consequences = after(byGuest, { ...byGuest, cause: 'CANCELLED_BY_HOST', keep: krw(0) });
    expect(asked(consequences)).toEqual(['CancelPayment']);
    expect(consequences.messages).toContainEqual({ to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now });
  });
  test('a paid reservation is completed when the check-out day begins', () =>
    expect(after({ type: 'ReservationConfirmed' }, { type: 'ReservationPaid' }).timers).toContainEqual({
      name: 'check-out',
      at: booking.checkOutAt,
    }));
  test('everybody hears of each step but the inner one (L10)', () => {
    expect(told(after())).toEqual(['ReservationRequested']);
    const cancelling: ReservationEvent = {
      type: 'ReservationCancelling',
      cause: 'CANCELLED_BY_GUEST',
      reasonText: '',
      keep: krw(0),
      askedAt: now,
    };
    expect(told(after(cancelling, { type: 'ReservationPartReturned', part: 'stay' }))).toEqual([]);
    expect(told(after(cancelling, { type: 'ReservationCancelled' }))).toEqual(['ReservationCancelled']);
  });
});

const cancelling: ReservationEvent = {
  type: 'ReservationCancelling',
  cause: 'CANCELLED_BY_GUEST',
  reasonText: '',
  keep: krw(100),
  askedAt: now,
};
const pasts: Record<Exclude<Reservation['status'], 'none'> | 'card-declined', ReservationEvent[]> = {
  requested: [requested],
  confirmed: [requested, confirmed],
  'payment-pending': [requested, confirmed, { type: 'ReservationPaymentDeferred' }],
  'card-declined': [requested, confirmed, declined],
  paid: [requested, confirmed, { type: 'ReservationPaid' }],
  completed: [requested, confirmed, { type: 'ReservationPaid' }, { type: 'ReservationCompleted' }],
  rejected: [requested, { type: 'ReservationRejected', reason: 'NIGHTS_TAKEN', reasonText: '' }],
  'payment-failed': [requested, confirmed, failed],
  cancelling: [requested, cancelling],
  cancelled: [requested, cancelling, { type: 'ReservationCancelled' }],
};
type Past = keyof typeof pasts;

describe('a reservation that nobody answers (B8)', () => {
  const timers: Record<string, (at: number) => Input> = {
    'payment-answer': () => ({ type: 'PaymentAnswerOverdue' }),
    'payment-deadline': (at) => ({ type: 'PaymentDeadlinePassed', at }),
    'card-deadline': () => ({ type: 'CardDeadlinePassed' }),
    'check-out': () => ({ type: 'CheckOutDayCame' }),
    'ask-again': (at) => ({ type: 'AskAgain', at }),
  };
  /** Where it may stay: at rest, or where it asks for the money until it is back. */
  const ends: readonly Reservation['status'][] = ['completed', 'rejected', 'payment-failed', 'cancelling', 'cancelled'];
  test.each(Object.entries(pasts))('comes to an end from %s by its timers alone', (_, past) => {
    const state = runTimers(
      { ...reservations, consequences: consequencesWith(timeouts) },
      past,
      timers,
      ({ status }) => ends.includes(status),
      now,
    );
    expect(ends).toContain(state.status);
  });
  test('by check-in is cancelled as NO_ANSWER', () =>
    expect(
      reservations.decide({ status: 'requested', booking }, { type: 'AskAgain', at: booking.checkInAt }),
    ).toMatchObject({
      events: [{ type: 'ReservationCancelling', cause: 'NO_ANSWER', keep: krw(0) }],
    }));

  test.each<[Past, string[]]>([
    ['requested', ['RequestStay']],
    ['confirmed', ['RequestPayment', 'RequestStay']],
    ['payment-pending', ['RequestPayment', 'RequestStay']],
    ['card-declined', ['RequestPayment', 'RequestStay']],
    ['paid', ['RequestStay']],
    ['completed', ['RequestStay']],
    ['rejected', []],
    ['payment-failed', ['ReleaseStay']],
    ['cancelling', ['ReleaseStay', 'CancelPayment']],
    ['cancelled', []],
  ])('%s asks again: %j', (past, commands) => {
    const consequences = after(...pasts[past].slice(1), { type: 'AskedAgain', at: now + minute });
    expect([asked(consequences) ?? [], told(consequences) ?? []]).toEqual([commands, []]);
    expect(consequences.timers?.map(({ name }) => name) ?? []).toEqual(commands.length ? ['ask-again'] : []);
  });
  test('asks only for what is missing, on the same terms', () => {
    const stayBack: ReservationEvent = { type: 'ReservationPartReturned', part: 'stay' };
    const again: ReservationEvent = { type: 'AskedAgain', at: now + minute };
    expect(after(cancelling, stayBack, again).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now },
    ]);
    expect(after({ ...cancelling, wasPaid: true } as ReservationEvent, stayBack, again).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now, wasPaid: true },
    ]);
    expect(asked(after(confirmed, failed, stayBack, again)) ?? []).toEqual([]);
    expect(asked(after(confirmed, declined, failed, stayBack, again))).toEqual(['CancelPayment']);
    const moneyBack: ReservationEvent = { type: 'ReservationPartReturned', part: 'payment' };
    expect(asked(after(confirmed, declined, failed, stayBack, moneyBack, again)) ?? []).toEqual([]);
  });
});
