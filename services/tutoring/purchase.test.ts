import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { administrator, canceller, spec, staff } from '#kernel/spec.ts';
import { previewCancellation } from './cancellation.ts';
import type { Lesson } from './lesson.ts';
import { samplePolicy } from './policy.ts';
import { purchases, type Input, type Purchase, type PurchaseEvent, type Terms, type Wish } from './purchase.ts';

const at = Date.UTC(2026, 10, 21);
const startTime = at + 3_600_000;
const wish: Wish = { buyerId: 'buyer', lessonId: 'maths', startTime };
const lesson: Lesson = {
  status: 'on-sale',
  sellerId: 'seller',
  revision: 1,
  isClosed: false,
  slots: [],
  offer: {
    title: 'Maths',
    description: '',
    ...{ subject: 'Maths', level: 'All', photos: [] },
    price: krw(50_000),
    minutes: 50,
    startTimes: [startTime],
  },
};
const terms: Terms = {
  ...wish,
  sellerId: 'seller',
  title: 'Maths',
  minutes: 50,
  price: krw(50_000),
  policy: samplePolicy,
  slots: [],
};

const requested: PurchaseEvent = { type: 'PurchaseRequested', terms };
const deferred: PurchaseEvent = { type: 'PurchasePaymentDeferred' };
const paid: PurchaseEvent = { type: 'PurchasePaid' };
const ready: PurchaseEvent = { type: 'PurchaseReady' };
const noOther = { reason: 'CARD_DECLINED', reasonText: '', cards: 1 };
const declined: PurchaseEvent = { type: 'PurchaseCardDeclined', declined: { ...noOther, since: at } };
const decline = (isRetryable: boolean, cards = 1): Extract<Input, { type: 'PaymentDeclined' }> => ({
  ...{ type: 'PaymentDeclined', ...noOther, isRetryable, cards, at },
});
const failed: PurchaseEvent = { type: 'PurchasePaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const completed: PurchaseEvent = { type: 'PurchaseCompleted' };
const cancellingUnpaid: PurchaseEvent = {
  type: 'PurchaseCancelling',
  cause: 'CANCELLED_BY_BUYER',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
  awaiting: ['payment'],
};
const cancellingPaid: PurchaseEvent = { ...cancellingUnpaid, wasPaid: true, awaiting: ['lecture'] };
const absent: PurchaseEvent = {
  type: 'PurchaseCancelling',
  cause: 'SELLER_ABSENT',
  reasonText: '',
  keep: krw(0),
  askedAt: at,
  awaiting: ['payment', 'payout'],
};
const calledOff: PurchaseEvent = { type: 'PurchaseLectureCalledOff' };
const refused: PurchaseEvent = { type: 'PurchaseCancelRefused', reason: 'LECTURE_LIVE' };
const back = (part: 'payment' | 'payout'): PurchaseEvent => ({ type: 'PurchasePartReturned', part });
const cancelled: PurchaseEvent = { type: 'PurchaseCancelled' };

const request: Input = {
  type: 'RequestPurchase',
  wish,
  lesson,
  isTaken: false,
  overlapsOwn: false,
  agreed: undefined,
  limits: [],
  at,
};
const cancel: Input = { type: 'CancelPurchase', by: canceller('buyer'), at };
const seller = canceller('seller', { isProvider: true, text: 'I am ill.' });
const ended = (...attendance: string[]): Input => ({ type: 'LectureEnded', attendance, at });
const { given } = spec(purchases);

describe('a buyer', () => {
  test('takes a start time of a lesson on sale, at the price of the moment (T1)', () =>
    given().when(request).then(requested));
  test('cannot buy an unknown lesson or start time', () =>
    given()
      .when({ ...request, lesson: { status: 'none' } })
      .thenRefused('no-such-lesson'));
  test.each(['sale-requested', 'sale-rejected', 'withdrawn'] as const)(
    'cannot buy a lesson that is %s (T6)',
    (status) =>
      given()
        .when({ ...request, lesson: { ...lesson, status, approved: false, reason: '', reasonText: '' } as Lesson })
        .thenRefused('not-on-sale'),
  );
  test('cannot buy a lesson that its seller has closed (B2)', () =>
    given()
      .when({ ...request, lesson: { ...lesson, isClosed: true } as Lesson })
      .thenRefused('not-on-sale'));
  test('cannot buy at another time than the lesson is offered', () =>
    given()
      .when({ ...request, wish: { ...wish, startTime: startTime + 1 } })
      .thenRefused('no-such-start-time'));
  test('cannot buy what has begun', () =>
    given()
      .when({ ...request, at: startTime })
      .thenRefused('in-the-past'));
  test('cannot buy a start time that is taken', () =>
    given()
      .when({ ...request, isTaken: true })
      .thenRefused('start-time-taken'));
  test('who agreed to a price pays no other (B1)', () => {
    given()
      .when({ ...request, agreed: krw(50_000) })
      .then(requested);
    given()
      .when({ ...request, agreed: krw(40_000) })
      .thenRefused('price-changed', { total_units: '50000', total_currency: 'KRW' });
  });
  test('occupies a slot of the limit on unpaid purchases, if there is one (B7)', () => {
    const limit = { most: 2, of: 'unpaid purchases', want: 1 };
    given()
      .when({ ...request, limits: [{ ...limit, free: ['unpaid/buyer/1'] }] })
      .then({ ...requested, terms: { ...terms, slots: ['unpaid/buyer/1'] } });
    given()
      .when({ ...request, limits: [{ ...limit, free: [] }] })
      .thenRefused('too-many-holds', { most: '2', of: 'unpaid purchases' });
  });
  test('cannot be at two lectures at once', () => {
    given()
      .when({ ...request, overlapsOwn: true })
      .thenRefused('overlaps-own');
    given()
      .when({ ...request, isTaken: true, overlapsOwn: true })
      .thenRefused('start-time-taken');
  });
  test.each(['no-payment-method', 'unknown-payment-method'] as const)(
    'without a card orders nothing: %s (B5)',
    (noCard) =>
      given()
        .when({ ...request, noCard })
        .thenRefused(noCard),
  );
  test('cannot be the seller', () =>
    given()
      .when({ ...request, wish: { ...wish, buyerId: 'seller' } })
      .thenRefused('own-lesson'));
});

describe('a purchase', () => {
  test('is paid (T2)', () => given(requested).when({ type: 'PaymentCompleted' }).then(paid));
  test('waits as payment pending while payment defers or is silent (T11)', () => {
    given(requested).when({ type: 'PaymentDeferred' }).then(deferred);
    given(requested).when({ type: 'PaymentAnswerOverdue' }).then(deferred);
    given(requested, deferred).when({ type: 'PaymentCompleted' }).then(paid);
  });
  test('is ready once its lecture is scheduled (T7)', () =>
    given(requested, paid).when({ type: 'LectureScheduled' }).then(ready));
  test('ends with the reason when the payment is declined for good (T14)', () =>
    given(requested, deferred).when(decline(false)).then(failed));
  test('waits for another card when the first is declined, and goes on when that is charged (B5)', () => {
    for (const before of [[requested], [requested, deferred]]) {
      given(...before)
        .when(decline(true))
        .then(declined);
      given(...before, declined)
        .when({ type: 'PaymentCompleted' })
        .then(paid);
    }
  });
  test('hears of each declined card once, and its time to pay runs from the first (B5)', () => {
    given(requested, declined).when(decline(true)).thenNothing();
    given(requested, declined)
      .when({ ...decline(true, 2), at: at + 1 })
      .then({ ...declined, declined: { ...noOther, cards: 2, since: at } } as PurchaseEvent);
  });
  test('ends as payment failed where no other card is charged in time, and takes back one that is charged too late (B5)', () => {
    given(requested, declined).when({ type: 'CardDeadlinePassed' }).then(failed);
    given(requested, declined, failed).when({ type: 'PaymentCompleted' }).thenNothing();
    given(requested, declined, failed).when({ type: 'PaymentCancelled' }).then(back('payment'));
    given(requested, declined, failed, back('payment')).when({ type: 'PaymentCancelled' }).thenNothing();
  });
  test('is completed when its lecture has ended, whatever came before', () => {
    given(requested, paid, ready).when(ended('seller', 'buyer')).then(completed);
    given(requested, paid).when(ended('seller')).then(completed);
    given(requested, paid, ready, cancellingPaid).when(ended('seller')).then(completed);
  });
  test('is cancelled, all refunded, when the seller never came (T9)', () =>
    given(requested, paid, ready).when(ended('buyer')).then(absent));
});

describe('a payment deadline', () => {
  const timedOut: PurchaseEvent = {
    type: 'PurchaseCancelling',
    cause: 'PAYMENT_TIMEOUT',
    reasonText: '',
    keep: krw(0),
    askedAt: at,
    awaiting: ['payment'],
  };
  test('cancels what stays unpaid while payment answers', () =>
    given(requested).when({ type: 'PaymentDeadlinePassed', at }).then(timedOut));
  test('stands still while payment is pending', () =>
    given(requested, deferred).when({ type: 'PaymentDeadlinePassed', at }).thenNothing());
  test('is over in any case when the lecture begins', () =>
    given(requested, deferred)
      .when({ type: 'PaymentDeadlinePassed', at: startTime })
      .then({ ...timedOut, askedAt: startTime } as PurchaseEvent));
});

describe('cancelling', () => {
  test('asks the lecture first and alone, since it may refuse (T8)', () =>
    given(requested, paid, ready).when(cancel).then(cancellingPaid));
  test('calls off the payment alone where nothing else was asked for', () =>
    given(requested).when(cancel).then(cancellingUnpaid));
  test('takes payment and payout back once the lecture is called off, in either order (T9)', () => {
    const asked = [requested, paid, ready, cancellingPaid] as const;
    given(...asked)
      .when({ type: 'LectureCancelled' })
      .then(calledOff);
    given(...asked, calledOff)
      .when({ type: 'PaymentCancelled' })
      .then(back('payment'));
    given(...asked, calledOff, back('payment'))
      .when({ type: 'PayoutReversed' })
      .then(cancelled);
    given(...asked, calledOff)
      .when({ type: 'PayoutReversed' })
      .then(back('payout'));
    given(...asked, calledOff, back('payout'))
      .when({ type: 'PaymentCancelled' })
      .then(cancelled);
  });
  test('comes to nothing when the lecture refuses, and says why', () => {
    const past = [requested, paid, ready, cancellingPaid] as const;
    given(...past)
      .when({ type: 'LectureCancelRefused', reason: 'LECTURE_LIVE' })
      .then(refused);
    expect([...past, refused].reduce(purchases.evolve, purchases.initial)).toEqual({
      status: 'ready',
      terms,
      cancelRefused: 'LECTURE_LIVE',
    });
  });
  test('that was refused says why, also when the end of the lecture arrived first', () => {
    const past = [requested, paid, ready, cancellingPaid, completed] as const;
    given(...past)
      .when({ type: 'LectureCancelRefused', reason: 'LECTURE_ENDED' })
      .then({ ...refused, reason: 'LECTURE_ENDED' } as PurchaseEvent);
    expect([...past, refused].reduce(purchases.evolve, purchases.initial)).toEqual({
      status: 'completed',
      terms,
      cancelRefused: 'LECTURE_LIVE',
    });
    given(...past, refused)
      .when({ type: 'LectureCancelRefused', reason: 'LECTURE_LIVE' })
      .thenNothing();
  });
  test('twice is once', () => given(requested, cancellingUnpaid).when(cancel).thenNothing());
  test("somebody else's is not there", () =>
    given(requested)
      .when({ ...cancel, by: canceller('seller') })
      .thenRefused('no-such-purchase'));
  test('is refused from the start time on', () =>
    given(requested, paid, ready)
      .when({ ...cancel, at: startTime })
      .thenRefused('not-cancellable'));
  test('by its seller, heard of by the lecture only after its end, gives everything back to a buyer who stayed away (B4)', () => {
    const bySeller = {
      ...cancellingUnpaid,
      awaiting: ['lecture'],
      cause: 'CANCELLED_BY_SELLER',
      reasonText: 'ill',
      keep: krw(0),
    } as PurchaseEvent;
    given(requested, paid, ready, bySeller)
      .when(ended('seller'))
      .then({ ...bySeller, askedAt: at, awaiting: ['payment', 'payout'] } as PurchaseEvent);
    given(requested, paid, ready, bySeller).when(ended('seller', 'buyer')).then({ type: 'PurchaseCompleted' });
  });
  test.each([
    ['its seller gives everything back until the end of the lecture', seller, 'CANCELLED_BY_SELLER', 50],
    ['an administrator gives everything back until the end of the lecture', administrator, 'CANCELLED_BY_STAFF', 50],
    ['other staff gives everything back until the start', staff, 'CANCELLED_BY_STAFF', 0],
  ] as const)('by %s, and says why (B4)', (_, by, cause, minutes) => {
    const half: PurchaseEvent = {
      ...{ type: 'PurchaseRequested' },
      terms: { ...terms, policy: { ...samplePolicy, refundPercent: 50 } },
    };
    const end = startTime + minutes * 60_000;
    for (const time of [at, end - 1])
      given(half, paid, ready)
        .when({ ...cancel, by, at: time })
        .then({ ...cancellingPaid, cause, reasonText: by.text, keep: krw(0), askedAt: time } as PurchaseEvent);
    given(half, paid, ready)
      .when({ ...cancel, by, at: end })
      .thenRefused('not-cancellable');
    const told = { cause, reasonText: by.text };
    const begun: PurchaseEvent = { ...cancellingUnpaid, ...told } as PurchaseEvent;
    expect([requested, begun, cancelled].reduce(purchases.evolve, purchases.initial)).toEqual({
      ...{ status: 'cancelled', terms },
      ...told,
    });
  });
  test.each([
    ['its seller', seller, 'CANCELLED_BY_SELLER'],
    ['an administrator', administrator, 'CANCELLED_BY_STAFF'],
  ] as const)(
    'of a completed purchase by %s stops the payout first, and gives all back only then (B4)',
    (_, by, cause) => {
      const past = [requested, paid, ready, completed] as const;
      const stopping = {
        ...{ ...cancellingUnpaid, cause, reasonText: by.text, keep: krw(0), awaiting: ['payout'] },
        wasCompleted: true,
      } as PurchaseEvent;
      const stopped: PurchaseEvent = { type: 'PurchasePayoutStopped' };
      given(...past)
        .when({ ...cancel, by })
        .then(stopping);
      given(...past, stopping)
        .when({ ...cancel, by })
        .thenNothing();
      given(...past, stopping)
        .when({ type: 'PayoutReversed' })
        .then(stopped);
      given(...past, stopping, stopped)
        .when({ type: 'PayoutReversed' })
        .thenNothing();
      given(...past, stopping, stopped)
        .when({ type: 'PaymentCancelled' })
        .then(cancelled);
      const tooLate: PurchaseEvent = { type: 'PurchaseCancelRefused', reason: 'PAID_OUT' };
      given(...past, stopping)
        .when({ type: 'PayoutCompleted' })
        .then(tooLate);
      given(...past, stopping, stopped)
        .when({ type: 'PayoutCompleted' })
        .thenNothing();
      expect([...past, stopping, tooLate].reduce(purchases.evolve, purchases.initial)).toEqual({
        ...{ status: 'completed', terms, cancelRefused: 'PAID_OUT' },
      });
      given(...past, stopping, tooLate) // what has left does not come back, however often it is asked for
        .when({ ...cancel, by: seller })
        .thenRefused('not-cancellable');
      for (const other of [cancel.by, staff])
        given(...past)
          .when({ ...cancel, by: other })
          .thenRefused('not-cancellable');
    },
  );
  test('by seller or staff needs words for the buyer, and changes nothing of a cancellation that has begun (B4)', () => {
    for (const by of [seller, staff]) {
      given(requested)
        .when({ ...cancel, by: { ...by, text: '' } })
        .thenRefused('text-required');
      given(requested, cancellingUnpaid)
        .when({ ...cancel, by })
        .thenNothing();
    }
  });
  test('by another seller is of a purchase that is not there (B4)', () =>
    given(requested)
      .when({ ...cancel, by: { ...seller, id: 'other' } })
      .thenRefused('no-such-purchase'));
  test('is not undone by a payment that completes or is declined late', () => {
    given(requested, cancellingUnpaid).when({ type: 'PaymentCompleted' }).thenNothing();
    given(requested, cancellingUnpaid).when(decline(false)).thenNothing();
  });
  test('is shown before: what comes back', () => {
    const state = [requested, paid, ready].reduce(purchases.evolve, purchases.initial);
    expect(previewCancellation(state, at)).toEqual({
      paid: krw(50_000),
      refund: krw(50_000),
      percent: 100,
      reason: 'BEFORE_START',
    });
    expect(previewCancellation(state, startTime)).toBe('not-cancellable');
    const unpaid = [requested].reduce(purchases.evolve, purchases.initial);
    expect(previewCancellation(unpaid, at)).toEqual({
      paid: krw(0),
      refund: krw(0),
      percent: 100,
      reason: 'NOTHING_PAID',
    });
  });
});

describe('every state meets every message', () => {
  const paidBefore = [requested, paid, ready];
  const histories: Record<
    | Purchase['status']
    | 'card-declined'
    | 'asking-lecture'
    | 'stopping-payout'
    | 'awaiting-payment'
    | 'awaiting-payout',
    PurchaseEvent[]
  > = {
    none: [],
    requested: [requested],
    'payment-pending': [requested, deferred],
    'card-declined': [requested, declined],
    paid: [requested, paid],
    ready: paidBefore,
    completed: [...paidBefore, refused, completed],
    'payment-failed': [requested, failed],
    'asking-lecture': [...paidBefore, cancellingPaid],
    'stopping-payout': [
      ...[...paidBefore, completed],
      { ...cancellingPaid, awaiting: ['payout'], wasCompleted: true } as PurchaseEvent,
    ],
    cancelling: [...paidBefore, cancellingPaid, calledOff],
    'awaiting-payment': [...paidBefore, cancellingPaid, calledOff, back('payout')],
    'awaiting-payout': [...paidBefore, cancellingPaid, calledOff, back('payment')],
    cancelled: [requested, cancellingUnpaid, cancelled],
  };
  type History = keyof typeof histories;
  const inputs: { [Type in Input['type']]: Extract<Input, { type: Type }> } = {
    RequestPurchase: request as Extract<Input, { type: 'RequestPurchase' }>,
    CancelPurchase: cancel as Extract<Input, { type: 'CancelPurchase' }>,
    PaymentCompleted: { type: 'PaymentCompleted' },
    PaymentDeferred: { type: 'PaymentDeferred' },
    PaymentDeclined: decline(false),
    PaymentCancelled: { type: 'PaymentCancelled' },
    PayoutReversed: { type: 'PayoutReversed' },
    PayoutCompleted: { type: 'PayoutCompleted' },
    LectureScheduled: { type: 'LectureScheduled' },
    LectureEnded: { type: 'LectureEnded', attendance: ['seller'], at },
    LectureCancelled: { type: 'LectureCancelled' },
    LectureCancelRefused: { type: 'LectureCancelRefused', reason: 'LECTURE_LIVE' },
    PaymentAnswerOverdue: { type: 'PaymentAnswerOverdue' },
    PaymentDeadlinePassed: { type: 'PaymentDeadlinePassed', at },
    CardDeadlinePassed: { type: 'CardDeadlinePassed' },
    AskAgain: { type: 'AskAgain', at },
  };
  const over = 'refused: not-cancellable';
  /** What follows, where anything does; everything else is let pass without effect. */
  const table: Record<Input['type'], Partial<Record<History, PurchaseEvent['type'] | `refused: ${string}`>>> = {
    RequestPurchase: {
      ...Object.fromEntries(Object.keys(histories).map((key) => [key, 'refused: already-requested'])),
      none: 'PurchaseRequested',
    },
    CancelPurchase: {
      none: 'refused: no-such-purchase',
      requested: 'PurchaseCancelling',
      'payment-pending': 'PurchaseCancelling',
      'card-declined': 'PurchaseCancelling',
      paid: 'PurchaseCancelling',
      ready: 'PurchaseCancelling',
      completed: over,
      'payment-failed': over,
    },
    PaymentCompleted: { requested: 'PurchasePaid', 'payment-pending': 'PurchasePaid', 'card-declined': 'PurchasePaid' },
    PaymentDeferred: { requested: 'PurchasePaymentDeferred' },
    PaymentDeclined: {
      ...{ requested: 'PurchasePaymentFailed', 'payment-pending': 'PurchasePaymentFailed' },
      'card-declined': 'PurchasePaymentFailed',
    },
    CardDeadlinePassed: { 'card-declined': 'PurchasePaymentFailed' },
    PaymentCancelled: { cancelling: 'PurchasePartReturned', 'awaiting-payment': 'PurchaseCancelled' },
    PayoutReversed: {
      cancelling: 'PurchasePartReturned',
      'awaiting-payout': 'PurchaseCancelled',
      'stopping-payout': 'PurchasePayoutStopped',
    },
    PayoutCompleted: { 'stopping-payout': 'PurchaseCancelRefused' },
    LectureScheduled: { paid: 'PurchaseReady' },
    LectureEnded: { paid: 'PurchaseCompleted', ready: 'PurchaseCompleted', 'asking-lecture': 'PurchaseCompleted' },
    LectureCancelled: { 'asking-lecture': 'PurchaseLectureCalledOff' },
    LectureCancelRefused: { 'asking-lecture': 'PurchaseCancelRefused' },
    PaymentAnswerOverdue: { requested: 'PurchasePaymentDeferred' },
    PaymentDeadlinePassed: { requested: 'PurchaseCancelling' },
    AskAgain: Object.fromEntries(Object.keys(histories).map((key) => [key, 'AskedAgain'])),
  };
  const pairs = (Object.keys(histories) as History[]).flatMap((history) =>
    (Object.keys(inputs) as Input['type'][]).map(
      (input) => [history, input, table[input][history] ?? 'nothing'] as const,
    ),
  );
  test.each(pairs)('%s + %s → %s', (history, input, expected) => {
    const state = histories[history].reduce(purchases.evolve, purchases.initial);
    const decision = purchases.decide(state, inputs[input]);
    if (decision.accepted)
      expect(decision.events.map((event) => event.type)).toEqual(expected === 'nothing' ? [] : [expected]);
    else expect(`refused: ${decision.refusal}`).toBe(expected);
  });
});
