import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { runTimers } from '#kernel/run-timers.ts';
import { endOf, hoursClaims } from './hours.ts';
import { lessons, type Lesson, type LessonEvent, type Offer } from './lesson.ts';
import { samplePolicy } from './policy.ts';
import { afterLesson, afterPurchase, type LessonMessage, type PurchaseMessage } from './process.ts';
import { purchases, toldBy, type Input, type Purchase, type PurchaseEvent, type Terms } from './purchase.ts';

const minute = 60_000;
const now = Date.UTC(2026, 10, 21);
const startTime = now + 30 * minute;
const offer: Offer = {
  title: 'Maths',
  description: '',
  ...{ subject: 'Maths', level: 'All', photos: [] },
  price: krw(50_000),
  minutes: 50,
  startTimes: [startTime],
};
const terms: Terms = {
  buyerId: 'buyer',
  lessonId: 'maths',
  startTime,
  paymentMethodId: 'visa',
  sellerId: 'seller',
  title: 'Maths',
  minutes: 50,
  price: krw(50_000),
  policy: samplePolicy,
  slots: ['unpaid/buyer/1'],
};
const timeouts = { paymentAnswer: 10_000, payment: 60 * minute, askAgain: 5 * minute };
const kept = <State>(state: State) => ({ id: 'order', state, version: 2, createdAt: now, updatedAt: now });
const words = (messages: readonly (LessonMessage | PurchaseMessage)[] = []) =>
  messages.map(({ to, type }) => (to === 'everybody' ? type : `→ ${to}.${type}`));

const failed: PurchaseEvent = { type: 'PurchasePaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const declined: PurchaseEvent = {
  ...{ type: 'PurchaseCardDeclined', declined: { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since: now } },
};

describe('the way of a lesson to being on sale', () => {
  const requested: LessonEvent = { type: 'LessonSaleRequested', sellerId: 'seller', offer, revision: 1, slots: [] };
  const after = (...events: LessonEvent[]) =>
    afterLesson(5 * minute)(events.slice(-1), kept(events.reduce(lessons.evolve, lessons.initial)));
  test.each<[string, LessonEvent[], string[]]>([
    ['a request goes to the administrators (T5)', [requested], ['LessonSaleRequested', '→ approval.RequestApproval']],
    [
      'a new revision goes there, too, and the old one need not be decided any more',
      [requested, { ...requested, revision: 2 }],
      ['LessonSaleRequested', '→ approval.RequestApproval', '→ approval.WithdrawApproval'],
    ],
    [
      'an approved lesson is registered in the lecture system before it is on sale (T6)',
      [requested, { type: 'LessonApproved' }],
      ['→ lecture.RegisterLesson'],
    ],
    [
      'everybody hears that it is on sale',
      [requested, { type: 'LessonApproved' }, { type: 'LessonOnSale' }],
      ['LessonOnSale'],
    ],
    [
      'everybody hears that it was rejected',
      [requested, { type: 'LessonSaleRejected', reason: '', reasonText: '' }],
      ['LessonSaleRejected'],
    ],
    [
      'nobody need decide about what was withdrawn',
      [requested, { type: 'LessonWithdrawn' }],
      ['LessonWithdrawn', '→ approval.WithdrawApproval'],
    ],
    ['other start times are nobody else’s business', [requested, { type: 'LessonChanged', offer }], []],
  ])('%s', (_, events, expected) => expect(words(after(...events).messages)).toEqual(expected));
});

test('a lesson occupies a slot of its seller’s limit until it is decided or withdrawn, and takes no second one when it is edited (B7)', () => {
  const slots = ['waiting/seller/1'];
  const requested: LessonEvent = { type: 'LessonSaleRequested', sellerId: 'seller', offer, revision: 1, slots };
  const after = (...events: LessonEvent[]) =>
    afterLesson(5 * minute)(events.slice(-1), kept(events.reduce(lessons.evolve, lessons.initial)));
  expect(after(requested).claims).toEqual([{ key: slots[0] }]);
  expect(after(requested, { ...requested, revision: 2, slots: [] }).claims).toEqual([]);
  for (const over of [
    { type: 'LessonApproved' },
    { type: 'LessonSaleRejected', reason: '', reasonText: '' },
    { type: 'LessonWithdrawn' },
  ] as const)
    expect(after(requested, over).releases).toBe('all');
});

describe('the saga of a purchase (K22)', () => {
  const requested: PurchaseEvent = { type: 'PurchaseRequested', terms };
  const paid: PurchaseEvent = { type: 'PurchasePaid' };
  const cancelling: PurchaseEvent = {
    type: 'PurchaseCancelling',
    cause: 'CANCELLED_BY_BUYER',
    reasonText: '',
    keep: krw(0),
    askedAt: now,
    awaiting: ['lecture'],
  };
  const calledOff: PurchaseEvent = { type: 'PurchaseLectureCalledOff' };
  const afterAt = (updatedAt: number, ...events: PurchaseEvent[]) =>
    afterPurchase(timeouts)(events.slice(-1), {
      ...kept(events.reduce(purchases.evolve, purchases.initial)),
      updatedAt,
    });
  const after = (...events: PurchaseEvent[]) => afterAt(now, ...events);

  test('takes the start time and asks for payment (T1, T2), by the card that the buyer chose (B5)', () => {
    const { messages, claims } = after(requested);
    expect(claims).toEqual([{ key: `maths/${startTime}` }, ...hoursClaims(terms), { key: 'unpaid/buyer/1' }]);
    expect(hoursClaims(terms)).toHaveLength(2 * 4); // from 00:30 to 01:20
    expect(messages).toContainEqual({
      to: 'payment',
      type: 'RequestPayment',
      payerId: 'buyer',
      payeeId: 'seller',
      amount: krw(50_000),
      paymentMethodId: 'visa',
    });
  });
  test('a purchase that is paid, or is being cancelled, no longer counts as unpaid; its start time stays taken (B7)', () => {
    expect(after(requested, paid).releases).toEqual([{ key: 'unpaid/buyer/1' }]);
    expect(after(requested, cancelling).releases).toEqual([{ key: 'unpaid/buyer/1' }]);
  });
  test('two alarm clocks run while payment is awaited; the deadline is never after the start', () =>
    expect(after(requested).timers).toEqual([
      { name: 'payment-answer', at: now + 10_000 },
      { name: 'payment-deadline', at: startTime },
      { name: 'ask-again', at: now + minute },
    ]));
  test('while payment is pending only the start ends the waiting', () =>
    expect(after(requested, { type: 'PurchasePaymentDeferred' })).toMatchObject({
      stopTimers: ['payment-answer'],
      timers: [{ name: 'payment-deadline', at: startTime }, { name: 'ask-again' }],
    }));
  test('a paid purchase has the payout booked, to be released after the lecture, and the lecture scheduled (T3, T7)', () => {
    const { messages, stopTimers } = after(requested, paid);
    expect(words(messages)).toEqual(['PurchasePaid', '→ payout.RequestPayout', '→ lecture.ScheduleLecture']);
    expect(messages).toContainEqual({
      to: 'payout',
      type: 'RequestPayout',
      payeeId: 'seller',
      gross: krw(50_000),
      expectedAt: startTime + 50 * minute,
    });
    expect(stopTimers).toBe('all');
  });
  test('a declined payment frees the start time (T14)', () =>
    expect(after(requested, { type: 'PurchasePaymentFailed', reason: 'CARD_DECLINED', reasonText: '' })).toMatchObject({
      releases: 'all',
      stopTimers: 'all',
    }));
  test('the start time stays taken while another card can be charged, for the time to pay from the first decline on (B5)', () => {
    const { messages, releases, stopTimers, timers } = after(requested, declined);
    expect([words(messages), releases]).toEqual([['PurchaseCardDeclined'], undefined]);
    expect(stopTimers).toEqual(['payment-answer', 'payment-deadline']);
    expect(timers?.[0]).toEqual({ name: 'card-deadline', at: Math.min(now + timeouts.payment, startTime) });
  });
  test('where no other card is charged in time, the payment is called off (B5)', () => {
    expect(after(requested, declined, failed)).toMatchObject({
      messages: [{ type: 'PurchasePaymentFailed' }, { type: 'CancelPayment', keep: krw(0), askedAt: now }],
      ...{ stopTimers: 'all', releases: 'all' },
    });
    expect(words(after(requested, failed).messages)).toEqual(['PurchasePaymentFailed']);
    const again: PurchaseEvent = { type: 'AskedAgain', at: now + minute };
    expect(words(after(requested, declined, failed, again).messages)).toEqual(['→ payment.CancelPayment']);
    const back: PurchaseEvent = { type: 'PurchasePartReturned', part: 'payment' };
    expect(words(after(requested, declined, failed, back, again).messages)).toEqual([]);
  });
  test('a cancellation asks the lecture first, then gives money back on both sides, then frees the start time (T9)', () => {
    expect(words(after(requested, paid, cancelling).messages)).toEqual([
      'PurchaseCancelling',
      '→ lecture.CancelLecture',
    ]);
    expect(after(requested, paid, cancelling, calledOff).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now },
      { to: 'payout', type: 'ReversePayout', unlessSent: false },
    ]);
    const over = after(requested, paid, cancelling, calledOff, { type: 'PurchaseCancelled' });
    expect([words(over.messages), over.releases]).toEqual([['PurchaseCancelled'], 'all']);
  });
  test('the cancellation of a completed purchase stops the payout first, unless it was sent, and then gives the money back (B4)', () => {
    const stopping = { ...cancelling, awaiting: ['payout'], wasCompleted: true } as PurchaseEvent;
    const past = [requested, paid, { type: 'PurchaseCompleted' }, stopping] as const;
    expect(after(...past).messages?.slice(1)).toEqual([{ to: 'payout', type: 'ReversePayout', unlessSent: true }]);
    expect(after(...past, { type: 'PurchasePayoutStopped' }).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(0), askedAt: now },
    ]);
  });
  test('a seller who did not come causes a full refund', () =>
    expect(
      words(
        after(requested, paid, { ...cancelling, cause: 'SELLER_ABSENT', awaiting: ['payment', 'payout'] }).messages,
      ),
    ).toEqual(['PurchaseCancelling', '→ payment.CancelPayment', '→ payout.ReversePayout']));
  test('a lecture that was held releases the payout (T3)', () =>
    expect(words(after(requested, paid, { type: 'PurchaseCompleted' }).messages)).toEqual([
      'PurchaseCompleted',
      '→ payout.ReleasePayout',
    ]));
  test('a lecture whose time is over takes no time of its people any more; its start time is not sold again', () =>
    expect(afterAt(endOf(terms), requested, paid, { type: 'PurchaseCompleted' }).releases).toEqual(hoursClaims(terms)));
  test('a lecture that ended before its time keeps it: the same hour is not sold twice (B7)', () =>
    expect(afterAt(endOf(terms) - 1, requested, paid, { type: 'PurchaseCompleted' }).releases).toBeUndefined());
});

const requested: PurchaseEvent = { type: 'PurchaseRequested', terms };
const paid: PurchaseEvent = { type: 'PurchasePaid' };
const ready: PurchaseEvent = { type: 'PurchaseReady' };
const cancelling = (...awaiting: ('lecture' | 'payment' | 'payout')[]): PurchaseEvent => ({
  type: 'PurchaseCancelling',
  cause: 'CANCELLED_BY_BUYER',
  reasonText: '',
  keep: krw(100),
  askedAt: now,
  awaiting,
});
const refusal = (reason: string): PurchaseEvent => ({ type: 'PurchaseCancelRefused', reason });
const pasts: Record<
  Exclude<Purchase['status'], 'none'> | 'asking-lecture' | 'stopping-payout' | 'refused-live' | 'refused-ended',
  PurchaseEvent[]
> = {
  requested: [requested],
  'payment-pending': [requested, { type: 'PurchasePaymentDeferred' }],
  paid: [requested, paid],
  ready: [requested, paid, ready],
  'refused-live': [requested, paid, ready, cancelling('lecture'), refusal('LECTURE_LIVE')],
  'refused-ended': [requested, paid, ready, cancelling('lecture'), refusal('LECTURE_ENDED')],
  completed: [requested, paid, ready, { type: 'PurchaseCompleted' }],
  'payment-failed': [requested, { type: 'PurchasePaymentFailed', reason: 'CARD_DECLINED', reasonText: '' }],
  'asking-lecture': [requested, paid, cancelling('lecture')],
  cancelling: [requested, paid, cancelling('payment', 'payout')],
  'stopping-payout': [
    ...[requested, paid, ready, { type: 'PurchaseCompleted' } as const],
    { ...cancelling('payout'), wasCompleted: true } as PurchaseEvent,
  ],
  cancelled: [requested, cancelling('payment'), { type: 'PurchaseCancelled' }],
};

describe('a purchase without answers (B8)', () => {
  const timers: Record<string, (at: number) => Input> = {
    'payment-answer': () => ({ type: 'PaymentAnswerOverdue' }),
    'payment-deadline': (at) => ({ type: 'PaymentDeadlinePassed', at }),
    'card-deadline': () => ({ type: 'CardDeadlinePassed' }),
    'ask-again': (at) => ({ type: 'AskAgain', at }),
  };
  /** Where it may stay: at rest, or where it asks until the lecture and the money are back. */
  const ends: readonly Purchase['status'][] = ['completed', 'payment-failed', 'cancelling', 'cancelled'];
  const silent = (past: PurchaseEvent[]): Purchase =>
    runTimers(
      { ...purchases, consequences: afterPurchase(timeouts) },
      past,
      timers,
      ({ status }) => ends.includes(status),
      now,
    );
  // What lecture has said to be over is READY until it says how it went; it has just spoken, so it is there.
  test.each(Object.entries(pasts).filter(([name]) => name !== 'refused-ended'))(
    'comes to an end from %s by its timers alone',
    (_, past) => expect(ends).toContain(silent(past).status),
  );
  test.each(['paid', 'ready'] as const)(
    'and is %s a day after its end asks the lecture whether it was held, to give everything back',
    (past) =>
      expect(silent(pasts[past])).toMatchObject({
        status: 'cancelling',
        cause: 'LECTURE_NOT_HELD',
        reasonText: '',
        keep: krw(0),
        awaiting: ['lecture'],
        askedAt: toldBy(terms),
      }),
  );
  test('is not asked how the lecture went before it is over', () =>
    expect(
      afterPurchase(timeouts)([ready], kept(pasts.ready.reduce(purchases.evolve, purchases.initial))).timers,
    ).toContainEqual({ name: 'ask-again', at: endOf(terms) + minute }));

  test.each<[keyof typeof pasts, string[]]>([
    ['requested', ['→ payment.RequestPayment']],
    ['payment-pending', ['→ payment.RequestPayment']],
    ['paid', ['→ payout.RequestPayout', '→ lecture.ScheduleLecture']],
    ['ready', ['→ payout.RequestPayout', '→ lecture.ScheduleLecture']],
    ['refused-ended', ['→ payout.RequestPayout', '→ lecture.ScheduleLecture']],
    ['completed', ['→ payout.RequestPayout', '→ payout.ReleasePayout']],
    ['payment-failed', []],
    ['asking-lecture', ['→ lecture.CancelLecture']],
    ['cancelling', ['→ payment.CancelPayment', '→ payout.ReversePayout']],
    ['stopping-payout', ['→ payout.ReversePayout']],
    ['cancelled', []],
  ])('%s asks again: %j', (past, expected) => {
    const state = pasts[past].reduce(purchases.evolve, purchases.initial);
    expect(words(afterPurchase(timeouts)([{ type: 'AskedAgain', at: now + minute }], kept(state)).messages)).toEqual(
      expected,
    );
  });
});

describe('a lesson without answers (B8)', () => {
  const events: LessonEvent[] = [
    { type: 'LessonSaleRequested', sellerId: 'seller', offer, revision: 1, slots: [] },
    { type: 'LessonApproved' },
    { type: 'LessonOnSale' },
  ];
  const states = events.map((_, nth) => events.slice(0, nth + 1).reduce(lessons.evolve, lessons.initial));
  test.each<[string, Lesson, string[]]>([
    ['undecided', states[0]!, ['→ approval.RequestApproval']],
    ['approved', states[1]!, ['→ lecture.RegisterLesson']],
    ['on sale', states[2]!, []],
  ])('%s asks again: %j', (_, state, expected) =>
    expect(words(afterLesson(5 * minute)([{ type: 'AskedAgain', at: now + minute }], kept(state)).messages)).toEqual(
      expected,
    ),
  );
  test('can be withdrawn by its seller at any time', () => {
    for (const state of states)
      expect(lessons.decide(state, { type: 'WithdrawLesson', by: 'seller' })).toMatchObject({
        events: [{ type: 'LessonWithdrawn' }],
      });
  });
});
