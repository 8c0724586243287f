import { describe, expect, test } from '@jest/globals';
import type { Limit } from '#kernel/limit.ts';
import { krw } from '#kernel/money.ts';
import { administrator, canceller, spec, staff } from '#kernel/spec.ts';
import { minutes } from '#kernel/time.ts';
import { previewCancellation } from './cancellation.ts';
import { samplePolicy } from './policy.ts';
import {
  selections,
  type Booking,
  type Input,
  type Refusal,
  type Selection,
  type SelectionEvent,
  type Wish,
} from './selection.ts';
import { at, cafe, end, start } from './testing/sample.ts';

const wish: Wish = { customerId: 'mina', cafeId: 'books', seatId: 'seat-14', period: { start, end } };
const booking: Booking = {
  ...wish,
  title: 'Books & Window · 14 · 2026-12-24 12:00 – 14:00',
  timeZone: 'Asia/Seoul',
  total: krw(4_000),
  policy: samplePolicy,
  slots: [],
};

const made: SelectionEvent = { type: 'SelectionMade', booking };
const held: SelectionEvent = { type: 'SelectionHeld' };
const refused: SelectionEvent = { type: 'SelectionRefused', reason: 'SEAT_TAKEN' };
const deferred: SelectionEvent = { type: 'SelectionPaymentDeferred' };
const paid: SelectionEvent = { type: 'SelectionPaid' };
const noOther = { reason: 'CARD_DECLINED', reasonText: '', cards: 1 };
const declined: SelectionEvent = { type: 'SelectionCardDeclined', declined: { ...noOther, since: at } };
const decline = (isRetryable: boolean, cards = 1): Input => ({
  ...{ type: 'PaymentDeclined', ...noOther, isRetryable, cards, at },
});
const failed: SelectionEvent = { type: 'SelectionPaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const registered: SelectionEvent = { type: 'SelectionRegistered' };
const completed: SelectionEvent = { type: 'SelectionCompleted' };
const cancelling: SelectionEvent = {
  type: 'SelectionCancelling',
  cause: 'CANCELLED_BY_CUSTOMER',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
};
/** `wasPaid`: payment keeps what the policy keeps, whatever its clock says. */
const cancellingPaid: SelectionEvent = { ...cancelling, wasPaid: true };
const byStaff: SelectionEvent = {
  type: 'SelectionCancelling',
  cause: 'CANCELLED_BY_STAFF',
  reasonText: staff.text,
  keep: krw(0),
  askedAt: at,
};
const timedOut: SelectionEvent = {
  type: 'SelectionCancelling',
  cause: 'PAYMENT_TIMEOUT',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
};
const seatBack: SelectionEvent = { type: 'SelectionPartReturned', part: 'seat' };
const paymentBack: SelectionEvent = { type: 'SelectionPartReturned', part: 'payment' };
const cancelled: SelectionEvent = { type: 'SelectionCancelled' };

const select: Input = { type: 'SelectSeat', wish, cafe, agreed: undefined, limits: [], at };
const cancel: Input = { type: 'CancelSelection', by: canceller('mina'), at };
const { given } = spec(selections);

describe('a customer', () => {
  test('selects a seat at the price of the moment, which is frozen (C1)', () => given().when(select).then(made));
  test('cannot select a seat that is not there', () => {
    given()
      .when({ ...select, cafe: undefined })
      .thenRefused('no-such-seat');
    given()
      .when({ ...select, wish: { ...wish, seatId: 'seat-99' } })
      .thenRefused('no-such-seat');
  });
  test('cannot select a seat of a cafe that is closed (B2)', () =>
    given()
      .when({ ...select, cafe: { ...cafe, isClosed: true } })
      .thenRefused('not-on-sale'));
  test.each(['no-payment-method', 'unknown-payment-method'] as const)(
    'without a card orders nothing: %s (B5)',
    (noCard) =>
      given()
        .when({ ...select, noCard })
        .thenRefused(noCard),
  );
  test('cannot select a time that has begun', () =>
    given()
      .when({ ...select, at: start })
      .thenRefused('begun-already'));
  test('who agreed to a total pays no other (B1)', () => {
    given()
      .when({ ...select, agreed: krw(4_000) })
      .then(made);
    given()
      .when({ ...select, agreed: krw(3_000) })
      .thenRefused('price-changed', { total_units: '4000', total_currency: 'KRW' });
  });
  test('cannot select a time more than 180 days ahead (B7)', () =>
    given()
      .when({ ...select, at: start - minutes(180 * 24 * 60 + 30) })
      .thenRefused('too-far-ahead', { latest: '2026-12-24' }));
  test('has a number of slots for unpaid selections, and no more (B7)', () => {
    const limit = (free: string[]): Limit => ({ most: 3, of: 'unpaid selections', want: 1, free });
    given()
      .when({ ...select, limits: [limit(['unpaid/mina/2', 'unpaid/mina/0'])] })
      .then({ ...made, booking: { ...booking, slots: ['unpaid/mina/2'] } });
    given()
      .when({ ...select, limits: [limit([])] })
      .thenRefused('too-many-holds', { most: '3', of: 'unpaid selections' });
  });
});

describe('a selection', () => {
  test('is held before anything is paid (C6)', () => given(made).when({ type: 'SeatHeld' }).then(held));
  test('is refused with the reason when the seat cannot be had (C6)', () =>
    given(made).when({ type: 'SeatRefused', reason: 'SEAT_TAKEN' }).then(refused));
  test('is paid once held (C2)', () => given(made, held).when({ type: 'PaymentCompleted' }).then(paid));
  test('is registered once paid (C3)', () => given(made, held, paid).when({ type: 'SeatRegistered' }).then(registered));
  test('waits as payment pending when payment defers, or is silent (C7)', () => {
    given(made, held).when({ type: 'PaymentDeferred' }).then(deferred);
    given(made, held).when({ type: 'PaymentAnswerOverdue' }).then(deferred);
  });
  test('is paid after waiting (C7)', () => given(made, held, deferred).when({ type: 'PaymentCompleted' }).then(paid));
  test('ends with the reason when the payment is declined for good (C9)', () => {
    given(made, held).when(decline(false)).then(failed);
    given(made, held, deferred).when(decline(false)).then(failed);
  });
  test('waits for another card when the first is declined, and goes on when that is charged (B5)', () => {
    for (const before of [
      [made, held],
      [made, held, deferred],
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
    given(made, held, declined).when(decline(true)).thenNothing();
    given(made, held, declined)
      .when({ ...decline(true, 2), at: at + minutes(5) } as Input)
      .then({ ...declined, declined: { ...noOther, cards: 2, since: at } } as SelectionEvent);
  });
  test('ends as payment failed where no other card is charged in time, and takes back one that is charged too late (B5)', () => {
    given(made, held, declined).when({ type: 'CardDeadlinePassed' }).then(failed);
    given(made, held, declined, failed).when({ type: 'PaymentCompleted' }).thenNothing();
    given(made, held, declined, failed).when({ type: 'PaymentCancelled' }).then(paymentBack);
    given(made, held, deferred).when({ type: 'CardDeadlinePassed' }).thenNothing();
  });
  test('is completed when its time is over', () =>
    given(made, held, paid, registered).when({ type: 'TimeIsOver' }).then(completed));
});

describe('a payment deadline', () => {
  test('frees what stays unpaid while payment answers (C9)', () =>
    given(made, held).when({ type: 'PaymentDeadlinePassed', at }).then(timedOut));
  test('stands still while payment is pending', () =>
    given(made, held, deferred).when({ type: 'PaymentDeadlinePassed', at }).thenNothing());
  test('is over in any case when the time begins (C9)', () =>
    given(made, held, deferred)
      .when({ type: 'PaymentDeadlinePassed', at: start })
      .then({ ...timedOut, askedAt: start } as SelectionEvent));
});

describe('cancelling', () => {
  test('keeps nothing, by the frozen policy (C4)', () =>
    given(made, held, paid, registered).when(cancel).then(cancellingPaid));
  test('keeps what a policy keeps that was frozen before', () => {
    const half: SelectionEvent = { ...made, booking: { ...booking, policy: { version: 'older', refundPercent: 50 } } };
    given(half, held, paid)
      .when(cancel)
      .then({ ...cancellingPaid, keep: krw(2_000) } as SelectionEvent);
  });
  test('twice is once', () => given(made, cancelling).when(cancel).thenNothing());
  test("somebody else's is not there", () =>
    given(made)
      .when({ ...cancel, by: canceller('stranger') })
      .thenRefused('no-such-selection'));
  test('is refused once the time has begun', () => {
    given(made, held, paid)
      .when({ ...cancel, at: start })
      .thenRefused('not-cancellable');
    given(made, held, paid)
      .when({ ...cancel, at: start - 1 })
      .then({ ...cancellingPaid, askedAt: start - 1 } as SelectionEvent);
  });
  test('by staff gives everything back until the period begins, by administrators until it is over, and says why (B4)', () => {
    const half: SelectionEvent = { ...made, booking: { ...booking, policy: { version: 'older', refundPercent: 50 } } };
    for (const [by, last] of [
      [staff, start],
      [administrator, end],
    ] as const) {
      for (const time of [at, last - 1])
        given(half, held, paid)
          .when({ ...cancel, by, at: time })
          .then({ ...byStaff, askedAt: time } as SelectionEvent);
      given(half, held, paid)
        .when({ ...cancel, by, at: last })
        .thenRefused('not-cancellable');
    }
    const over = [made, held, paid, byStaff, seatBack, cancelled].reduce(selections.evolve, selections.initial);
    expect(over).toEqual({ ...{ status: 'cancelled', booking }, cause: 'CANCELLED_BY_STAFF', reasonText: staff.text });
  });
  test('by staff needs words for the customer, and changes nothing of a cancellation that has begun (B4)', () => {
    given(made, held)
      .when({ ...cancel, by: { ...staff, text: '' } })
      .thenRefused('text-required');
    given(made, cancelling)
      .when({ ...cancel, by: staff })
      .thenNothing();
  });
  test('waits for seat and payment, in either order (C4)', () => {
    given(made, cancelling).when({ type: 'PaymentCancelled' }).then(paymentBack);
    given(made, cancelling, paymentBack).when({ type: 'SeatReleased' }).then(cancelled);
    given(made, cancelling).when({ type: 'SeatReleased' }).then(seatBack);
    given(made, cancelling, seatBack).when({ type: 'PaymentCancelled' }).then(cancelled);
  });
  test('is shown before: what comes back', () => {
    const state = (...events: SelectionEvent[]): Selection => events.reduce(selections.evolve, selections.initial);
    const all = { paid: krw(4_000), refund: krw(4_000), percent: 100, reason: 'BEFORE_START' };
    expect(previewCancellation(state(made, held, paid), at)).toEqual(all);
    expect(previewCancellation(state(made, held, paid, registered), at)).toEqual(all);
    expect(previewCancellation(state(made, held), at)).toEqual({
      paid: krw(0),
      refund: krw(0),
      percent: 100,
      reason: 'NOTHING_PAID',
    });
    expect(previewCancellation(state(made, held, paid), start)).toBe('not-cancellable');
    expect(previewCancellation(selections.initial, at)).toBe('not-cancellable');
  });
});

describe('every state meets every message', () => {
  const histories: Record<
    Selection['status'] | 'card-declined' | 'awaiting-seat' | 'awaiting-payment',
    SelectionEvent[]
  > = {
    none: [],
    selected: [made],
    held: [made, held],
    'payment-pending': [made, held, deferred],
    'card-declined': [made, held, declined],
    paid: [made, held, paid],
    registered: [made, held, paid, registered],
    completed: [made, held, paid, registered, completed],
    refused: [made, refused],
    'payment-failed': [made, held, failed],
    cancelling: [made, cancelling],
    'awaiting-seat': [made, cancelling, paymentBack],
    'awaiting-payment': [made, cancelling, seatBack],
    cancelled: [made, cancelling, seatBack, cancelled],
  };
  type History = keyof typeof histories;
  const inputs: Record<Input['type'], Input> = {
    SelectSeat: select,
    CancelSelection: cancel,
    SeatHeld: { type: 'SeatHeld' },
    SeatRefused: { type: 'SeatRefused', reason: 'SEAT_TAKEN' },
    SeatRegistered: { type: 'SeatRegistered' },
    SeatReleased: { type: 'SeatReleased' },
    PaymentCompleted: { type: 'PaymentCompleted' },
    PaymentDeferred: { type: 'PaymentDeferred' },
    PaymentDeclined: decline(false),
    PaymentCancelled: { type: 'PaymentCancelled' },
    PaymentAnswerOverdue: { type: 'PaymentAnswerOverdue' },
    PaymentDeadlinePassed: { type: 'PaymentDeadlinePassed', at },
    CardDeadlinePassed: { type: 'CardDeadlinePassed' },
    TimeIsOver: { type: 'TimeIsOver' },
    AskAgain: { type: 'AskAgain', at },
  };
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<History, SelectionEvent['type'] | `refused: ${Refusal}`>>> = {
    SelectSeat: {
      none: 'SelectionMade',
      ...Object.fromEntries(
        Object.keys(histories)
          .filter((key) => key !== 'none')
          .map((key) => [key, 'refused: already-selected']),
      ),
    },
    CancelSelection: {
      none: 'refused: no-such-selection',
      selected: 'SelectionCancelling',
      held: 'SelectionCancelling',
      'payment-pending': 'SelectionCancelling',
      'card-declined': 'SelectionCancelling',
      paid: 'SelectionCancelling',
      registered: 'SelectionCancelling',
      completed: 'refused: not-cancellable',
      refused: 'refused: not-cancellable',
      'payment-failed': 'refused: not-cancellable',
    },
    SeatHeld: { selected: 'SelectionHeld' },
    SeatRefused: { selected: 'SelectionRefused' },
    SeatRegistered: { paid: 'SelectionRegistered' },
    SeatReleased: {
      'payment-failed': 'SelectionPartReturned',
      cancelling: 'SelectionPartReturned',
      'awaiting-seat': 'SelectionCancelled',
    },
    PaymentCompleted: { held: 'SelectionPaid', 'payment-pending': 'SelectionPaid', 'card-declined': 'SelectionPaid' },
    PaymentDeferred: { held: 'SelectionPaymentDeferred' },
    PaymentDeclined: {
      ...{ held: 'SelectionPaymentFailed', 'payment-pending': 'SelectionPaymentFailed' },
      'card-declined': 'SelectionPaymentFailed',
    },
    PaymentCancelled: { cancelling: 'SelectionPartReturned', 'awaiting-payment': 'SelectionCancelled' },
    PaymentAnswerOverdue: { held: 'SelectionPaymentDeferred' },
    PaymentDeadlinePassed: { held: 'SelectionCancelling' },
    CardDeadlinePassed: { 'card-declined': 'SelectionPaymentFailed' },
    TimeIsOver: { registered: 'SelectionCompleted' },
    AskAgain: Object.fromEntries(Object.keys(histories).map((key) => [key, 'AskedAgain'])),
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history) =>
    (Object.keys(inputs) as Input['type'][]).map(
      (input) => [history, input, table[input][history] ?? 'nothing'] as const,
    ),
  );
  test.each(pairs)('%s + %s → %s', (history, input, expected) => {
    const state = histories[history].reduce(selections.evolve, selections.initial);
    const decision = selections.decide(state, inputs[input]);
    if (decision.accepted)
      expect(decision.events.map((event) => event.type)).toEqual(expected === 'nothing' ? [] : [expected]);
    else expect(`refused: ${decision.refusal}`).toBe(expected);
  });
});
