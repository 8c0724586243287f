import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { spec } from '#kernel/spec.ts';
import { chargeKeyOf, refundKeyOf } from './keys.ts';
import { decide, evolve, isRetryable, payments, type Input, type Payment, type PaymentEvent } from './payment.ts';
import { goingBack } from './refunds.ts';
import type { Card } from './wallet.ts';

const order = { kind: 'lodging.reservation', id: 'order' };
const intent = { payerId: 'guest', payeeId: 'host', amount: krw(100_000) };
const at = 1_000;
const later = 9_000;

const requested: PaymentEvent = { type: 'PaymentRequested', order, intent };
const deferred: PaymentEvent = { type: 'PaymentDeferred', retryAt: later };
const completed: PaymentEvent = { type: 'PaymentCompleted', at };
const declined: PaymentEvent = { type: 'PaymentDeclined', reason: 'CARD_DECLINED', reasonText: 'no' };
const cancelled = (amount: number, inDoubt = false): PaymentEvent => ({
  type: 'PaymentCancelled',
  order,
  refund: krw(amount),
  inDoubt,
});
const repeated: PaymentEvent = { type: 'AnswerRepeated' };

const request: Input = { type: 'RequestPayment', order, intent };
const cancel = (keep: number, askedAt = later): Input => ({ type: 'CancelPayment', order, keep: krw(keep), askedAt });
const charged: Input = { type: 'Charged', at };
const refundKey = 'order-refund';
const refunded = (key = refundKey): Input => ({ type: 'Refunded', refundKey: key, charged: true });
const raised = (amount: number): PaymentEvent => ({ type: 'RefundRaised', more: krw(amount) });
const settled: PaymentEvent = { type: 'RefundSettled', charged: true };
const { given } = spec(payments);

describe('a payment', () => {
  test('is charged once asked for (L3)', () => {
    given().when(request).then(requested);
    given(requested).when(charged).then(completed);
  });
  test('is deferred while the provider does not answer, and that is told once (L9)', () => {
    given(requested).when({ type: 'ChargeUnanswered', retryAt: later }).then(deferred);
    given(requested, deferred)
      .when({ type: 'ChargeUnanswered', retryAt: later })
      .then({ type: 'PaymentPostponed', retryAt: later });
  });
  test('counts attempts that never reached the provider', () => {
    const unsent: Input = { type: 'ChargeUnanswered', retryAt: later, unsent: true };
    given(requested)
      .when(unsent)
      .then({ ...deferred, unsent: true });
    given(requested, deferred).when(unsent).then({ type: 'PaymentPostponed', retryAt: later, unsent: true });
    const events: PaymentEvent[] = [
      requested,
      { ...deferred, unsent: true },
      { type: 'PaymentPostponed', retryAt: later },
      { type: 'PaymentPostponed', retryAt: later, unsent: true },
    ];
    expect(events.reduce(evolve, payments.initial)).toMatchObject({ status: 'pending', attempts: 3, unsent: 2 });
  });
  test('completes after it was deferred (L9)', () => given(requested, deferred).when(charged).then(completed));
  test("ends with the provider's reason when it is declined (L13)", () =>
    given(requested).when({ type: 'Declined', reason: 'CARD_DECLINED', reasonText: 'no' }).then(declined));
  test('asked for again is answered again and not charged again', () =>
    given(requested, completed).when(request).then(repeated));
  test('asked for with another amount stays as it was first asked for', () => {
    const other = { ...request, intent: { ...intent, amount: krw(7) } };
    given(requested, completed).when(other).then(repeated);
    expect(evolve([requested, completed].reduce(evolve, payments.initial), repeated)).toMatchObject({ intent });
  });
});

describe('cancelling a payment (L5)', () => {
  test('gives back all but what the policy keeps', () =>
    given(requested, completed).when(cancel(30_000)).then(cancelled(70_000)));
  test('keeps nothing of a payment that completed after the cancellation was asked for', () =>
    given(requested, completed).when(cancel(30_000, at)).then(cancelled(100_000)));
  test('keeps what the policy keeps of a payment that the order knew of, whatever the clocks of the two say', () =>
    given(requested, completed)
      .when({ ...cancel(30_000, at - 5_000), wasPaid: true } as Input)
      .then(cancelled(70_000)));
  test('gives nothing back when the policy keeps all', () =>
    given(requested, completed).when(cancel(100_000)).then(cancelled(0)));
  test('never gives back less than nothing', () =>
    given(requested, completed).when(cancel(200_000)).then(cancelled(0)));
  test('of a declined one gives nothing back', () => given(requested, declined).when(cancel(0)).then(cancelled(0)));
  test('while an attempt may be under way takes back all that it may charge', () =>
    given(requested).when(cancel(30_000)).then(cancelled(100_000, true)));
  test('before the request leaves a tombstone, and the late request charges nothing', () => {
    given().when(cancel(0)).then(cancelled(0));
    given(cancelled(0)).when(request).then(repeated);
  });
  test('twice is once', () => {
    given(requested, completed, cancelled(70_000)).when(cancel(30_000)).then(repeated);
    given(requested, declined, cancelled(0)).when(cancel(0)).then(repeated);
  });
  test('is not undone by an attempt that charges late', () =>
    given(requested, cancelled(100_000, true)).when(charged).thenNothing());
  test('ends when the provider has given back, or never charged', () => {
    given(requested, completed, cancelled(70_000))
      .when({ type: 'Refunded', refundKey, charged: true })
      .then({ type: 'RefundSettled', charged: true });
    given(requested, cancelled(100_000, true))
      .when({ type: 'Refunded', refundKey, charged: false })
      .then({ type: 'RefundSettled', charged: false });
  });
  test('tells again, with the amount, when an attempt in doubt turns out to have charged', () =>
    given(requested, cancelled(100_000, true))
      .when({ type: 'Refunded', refundKey, charged: true })
      .then({ type: 'RefundSettled', charged: true }, repeated));
  test('stays open when the provider refuses the refund for good, with its reason', () => {
    const stuck: PaymentEvent = { type: 'RefundStuck', reason: 'NOT_CHARGED', retryAt: later };
    given(requested, completed, cancelled(70_000))
      .when({ type: 'RefundRefused', refundKey, reason: 'NOT_CHARGED', retryAt: later })
      .then(stuck);
    expect([requested, completed, cancelled(70_000), stuck].reduce(evolve, payments.initial)).toMatchObject({
      status: 'refunding',
      stuck: 'NOT_CHARGED',
    });
  });
});

describe('cancelling a payment once more', () => {
  const paid = [requested, completed];
  const after = (...events: PaymentEvent[]) =>
    [...paid, ...events].reduce(evolve, payments.initial) as Extract<Payment, { status: 'refunding' | 'cancelled' }>;

  test('gives back what is kept no longer, whether the refund is under way, done, or was none', () => {
    given(...paid, cancelled(70_000))
      .when(cancel(0))
      .then(raised(30_000));
    given(...paid, cancelled(70_000), settled)
      .when(cancel(10_000))
      .then(raised(20_000));
    given(...paid, cancelled(0))
      .when(cancel(0))
      .then(raised(100_000));
  });
  test('never gives back less, nor the same again: the highest refund counts, in whatever order they are heard', () => {
    given(...paid, cancelled(70_000))
      .when(cancel(50_000))
      .then(repeated);
    given(...paid, cancelled(100_000))
      .when(cancel(30_000))
      .then(repeated);
    given(...paid, cancelled(100_000), settled)
      .when(cancel(30_000))
      .then(repeated);
    given(...paid, cancelled(70_000), raised(30_000))
      .when(cancel(0))
      .then(repeated);
    given(...paid, cancelled(70_000), settled, raised(30_000))
      .when(cancel(0))
      .then(repeated);
    given(...paid, cancelled(70_000), raised(10_000))
      .when(cancel(0))
      .then(raised(20_000));
  });
  test('gives nothing back of what was never taken', () => {
    given(cancelled(0)).when(cancel(0)).then(repeated);
    given(requested, cancelled(100_000, true)).when(cancel(0)).then(repeated);
    given(requested, cancelled(100_000, true), { type: 'RefundSettled', charged: false })
      .when(cancel(0))
      .then(repeated);
  });
  test('first finishes the refund under way as it was begun; the rest follows under a key of its own', () => {
    const first = after(cancelled(70_000), raised(30_000));
    expect(first).toMatchObject({ status: 'refunding', refund: krw(70_000), more: krw(30_000) });
    const second = after(cancelled(70_000), raised(30_000), settled);
    expect(second).toMatchObject({ status: 'refunding', refund: krw(30_000), back: krw(70_000) });
    expect(second).toEqual(after(cancelled(70_000), settled, raised(30_000)));
    expect([first, second].map((state) => state.status === 'refunding' && refundKeyOf(state))).toEqual([
      refundKey,
      'order-refund-after-70000',
    ]);
    const done = after(cancelled(70_000), raised(30_000), settled, settled);
    expect(done).toMatchObject({ status: 'cancelled', charged: krw(100_000), refunded: krw(100_000) });
    expect([first, second, done].map(goingBack)).toEqual([krw(100_000), krw(100_000), krw(100_000)]);
  });
  test('where nothing went back yet, the first refund is the first', () => {
    const state = after(cancelled(0), raised(100_000));
    expect(state.status === 'refunding' && refundKeyOf(state)).toBe(refundKey);
  });
  test('is not settled by what is heard late of the refund before it', () => {
    const second = [...paid, cancelled(70_000), raised(30_000), settled];
    given(...second)
      .when(refunded())
      .thenNothing();
    given(...second)
      .when({ type: 'RefundRefused', refundKey, reason: 'NO', retryAt: later })
      .thenNothing();
    given(...second)
      .when({ type: 'RefundUnanswered', refundKey, retryAt: later })
      .thenNothing();
    given(...second)
      .when(refunded('order-refund-after-70000'))
      .then(settled);
  });
});

describe('trying a payment again (L9)', () => {
  const by = (id: string, admin = false): Input => ({ type: 'RetryPayment', at, by: { id, admin } });
  test('is for its payer, its payee and administrators', () => {
    for (const person of [by('guest'), by('host'), by('somebody', true)])
      given(requested, deferred).when(person).then({ type: 'PaymentHastened' });
    given(requested, deferred).when(by('stranger')).thenRefused('no-such-payment');
  });
  test('is refused once it is decided', () => given(requested, completed).when(by('guest')).thenRefused('not-pending'));
  test("a tombstone is nobody's but an administrator's", () => {
    given(cancelled(0)).when(by('guest')).thenRefused('no-such-payment');
    given(cancelled(0)).when(by('x', true)).thenRefused('not-pending');
  });
});

describe('another card after a decline (B5)', () => {
  const visa = { id: 'visa', reference: 'r1', brand: 'VISA', last4: '0002', expires: '2029-12' };
  const mastercard = { ...visa, id: 'mastercard', reference: 'r2' };
  const wanted = { ...intent, card: visa, isRetryable: true } as const;
  const waits: PaymentEvent = { ...requested, intent: wanted };
  const second = { ...wanted, card: mastercard, isCardChosen: true, nth: 2 } as const;
  const retried: PaymentEvent = { type: 'PaymentRetried', at, intent: second };
  const choose = (card: Card | null, id = 'guest'): Input => ({
    ...{ type: 'RetryPayment', at, by: { id, admin: id === 'boss' } },
    card,
  });
  test('is charged under a key of its own, and the payment goes on as if it were the first', () => {
    given(waits, declined).when(choose(mastercard)).then(retried);
    const state = [waits, declined, retried].reduce(evolve, payments.initial);
    expect(state).toEqual({ status: 'pending', order, intent: second, attempts: 0, askedAt: at });
    expect([chargeKeyOf('order', wanted), chargeKeyOf('order', second)]).toEqual(['order', 'order-card-2']);
    given(waits, declined, retried).when(charged).then(completed);
  });
  test('may be declined too, and then a third one is charged, or the same one once more', () => {
    const third: PaymentEvent = { type: 'PaymentRetried', at, intent: { ...second, nth: 3 } };
    given(waits, declined, retried, declined).when(choose(mastercard)).then(third);
    expect(chargeKeyOf('order', third.intent)).toBe('order-card-3');
  });
  test('is the fifth at most: the decline of that is final', () => {
    const nth = (which: number): PaymentEvent => ({ type: 'PaymentRetried', at, intent: { ...second, nth: which } });
    const four = [waits, declined, nth(2), declined, nth(3), declined, nth(4), declined];
    given(...four)
      .when(choose(visa))
      .then({ ...nth(5), intent: { ...second, card: visa, nth: 5 } } as PaymentEvent);
    given(...four, nth(5), declined)
      .when(choose(visa))
      .thenRefused('too-many-cards-tried');
    const retryable = (events: PaymentEvent[]) => isRetryable(events.reduce(evolve, payments.initial));
    expect([retryable(four), retryable([...four, nth(5), declined])]).toEqual([true, false]);
  });
  test('asked for twice is charged once', () => {
    given(waits, declined, retried).when(choose(mastercard)).then({ type: 'PaymentHastened' });
    given(waits, declined, retried, completed).when(choose(mastercard)).thenNothing();
  });
  test('is not charged while the one before may be', () => {
    given(waits).when(choose(mastercard)).thenRefused('not-declined');
    given(waits, deferred).when(choose(mastercard)).thenRefused('not-declined');
    given(waits, declined, retried).when(choose(visa)).thenRefused('not-declined');
  });
  test('is not charged for what is paid, or was called off', () => {
    given(waits, completed).when(choose(mastercard)).thenRefused('not-pending');
    given(waits, declined, cancelled(0)).when(choose(mastercard)).thenRefused('not-pending');
    given(waits, declined, retried, cancelled(100_000, true)).when(choose(mastercard)).thenRefused('not-pending');
  });
  test('is chosen by the payer alone, and one of the payer’s', () => {
    given(waits, declined).when(choose(mastercard, 'stranger')).thenRefused('no-such-payment');
    for (const id of ['host', 'boss']) given(waits, declined).when(choose(mastercard, id)).thenRefused('not-payer');
    given(waits, declined).when(choose(null)).thenRefused('unknown-payment-method');
  });
  test('is none where the order does not wait for it, or no cards are kept', () => {
    const { isRetryable: _, ...final } = wanted;
    const { card: __, ...withoutCards } = wanted;
    for (const each of [final, withoutCards])
      given({ ...requested, intent: each }, declined)
        .when(choose(mastercard))
        .thenRefused('not-pending');
  });
  test('that the payer did not name is not chosen for them', () =>
    given(waits, declined)
      .when({ type: 'RetryPayment', at, by: { id: 'guest', admin: false } })
      .thenRefused('not-pending'));
  test('charged too late is given back', () => {
    const retriedThenOff = [waits, declined, retried, cancelled(100_000, true)];
    expect(retriedThenOff.reduce(evolve, payments.initial)).toMatchObject({ status: 'refunding', inDoubt: true });
    given(...retriedThenOff)
      .when(refunded())
      .then({ type: 'RefundSettled', charged: true }, repeated);
  });
});

describe('paying while one waits (R2, R7)', () => {
  const pay: Input = { type: 'Pay', order, intent, attendedUntil: later };
  test('is attended by who asked, and looks after itself from then on', () =>
    given().when(pay).then({ type: 'PaymentAttended', order, intent, attendedUntil: later }));
  test("does not tell of somebody else's", () =>
    given(requested)
      .when({ ...pay, intent: { ...intent, payerId: 'stranger' } })
      .thenRefused('no-such-payment'));
  test('of what was called off before charges nothing', () => given(cancelled(0)).when(pay).thenNothing());
});

describe('every state meets every input', () => {
  const past: Record<Payment['status'], PaymentEvent[]> = {
    none: [],
    pending: [requested],
    completed: [requested, completed],
    declined: [requested, declined],
    refunding: [requested, completed, cancelled(70_000)],
    cancelled: [requested, completed, cancelled(0)],
  };
  const inputs: { [Type in Input['type']]: Extract<Input, { type: Type }> } = {
    RequestPayment: { type: 'RequestPayment', order, intent },
    Pay: { type: 'Pay', order, intent, attendedUntil: later },
    CancelPayment: { type: 'CancelPayment', order, keep: krw(30_000), askedAt: later },
    CallOffUnknown: { type: 'CallOffUnknown', id: 'order', charged: intent.amount },
    RetryPayment: { type: 'RetryPayment', at, by: { id: 'guest', admin: false } },
    Charged: { type: 'Charged', at },
    Declined: { type: 'Declined', reason: 'CARD_DECLINED', reasonText: 'no' },
    ChargeUnanswered: { type: 'ChargeUnanswered', retryAt: later },
    Refunded: { type: 'Refunded', refundKey, charged: true },
    RefundRefused: { type: 'RefundRefused', refundKey, reason: 'NO', retryAt: later },
    RefundUnanswered: { type: 'RefundUnanswered', refundKey, retryAt: later },
  };
  const statuses = ['none', 'pending', 'completed', 'declined', 'refunding', 'cancelled'] as const;
  // What follows, in the order of `statuses`: events, a refusal in brackets, or nothing.
  const table: Record<Input['type'], readonly string[]> = {
    RequestPayment: [
      'PaymentRequested',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
      'AnswerRepeated',
    ],
    Pay: ['PaymentAttended', '', '', '', '', ''],
    CancelPayment: [
      'PaymentCancelled',
      'PaymentCancelled',
      'PaymentCancelled',
      'PaymentCancelled',
      'AnswerRepeated',
      'RefundRaised',
    ],
    CallOffUnknown: ['UnknownChargeCalledOff', '', '', '', '', ''],
    RetryPayment: [
      '(no-such-payment)',
      'PaymentHastened',
      '(not-pending)',
      '(not-pending)',
      '(not-pending)',
      '(not-pending)',
    ],
    Charged: ['', 'PaymentCompleted', '', '', '', ''],
    Declined: ['', 'PaymentDeclined', '', '', '', ''],
    ChargeUnanswered: ['', 'PaymentDeferred', '', '', '', ''],
    Refunded: ['', '', '', '', 'RefundSettled', ''],
    RefundRefused: ['', '', '', '', 'RefundStuck', ''],
    RefundUnanswered: ['', '', '', '', 'RefundPostponed', ''],
  };
  const after: Record<Input['type'], readonly Payment['status'][]> = {
    RequestPayment: ['pending', ...statuses.slice(1)],
    Pay: ['pending', ...statuses.slice(1)],
    CancelPayment: ['cancelled', 'refunding', 'refunding', 'cancelled', 'refunding', 'refunding'],
    CallOffUnknown: ['cancelled', ...statuses.slice(1)],
    RetryPayment: statuses,
    Charged: ['none', 'completed', 'completed', 'declined', 'refunding', 'cancelled'],
    Declined: ['none', 'declined', 'completed', 'declined', 'refunding', 'cancelled'],
    ChargeUnanswered: statuses,
    Refunded: ['none', 'pending', 'completed', 'declined', 'cancelled', 'cancelled'],
    RefundRefused: statuses,
    RefundUnanswered: statuses,
  };
  for (const input of Object.values(inputs))
    test.each(
      statuses.map((status, index) => ({ status, says: table[input.type][index], becomes: after[input.type][index] })),
    )(`${input.type} while $status: $says, then $becomes`, ({ status, says, becomes }) => {
      const state = past[status].reduce(evolve, payments.initial);
      expect(state.status).toBe(status);
      const decision = decide(state, input);
      const events = decision.accepted ? decision.events : [];
      expect(decision.accepted ? events.map(({ type }) => type).join() : `(${decision.refusal})`).toBe(says);
      expect(events.reduce(evolve, state).status).toBe(becomes);
    });
});

describe('a charge that the provider alone knows', () => {
  const callOff: Input = { type: 'CallOffUnknown', id: 'order', charged: intent.amount };
  const calledOff: PaymentEvent = {
    type: 'UnknownChargeCalledOff',
    order: { kind: '', id: 'order' },
    charged: intent.amount,
  };
  const named: PaymentEvent = { type: 'OrderNamed', order };

  test('is called off where nobody asked for it, or only to call it off', () => {
    given().when(callOff).then(calledOff);
    given(cancelled(0)).when(callOff).then(calledOff);
  });
  test('is left to the payment that was asked for meanwhile', () => {
    for (const events of [
      [requested],
      [requested, deferred],
      [requested, completed],
      [requested, declined],
      [requested, completed, cancelled(100_000)],
    ])
      given(...events)
        .when(callOff)
        .thenNothing();
  });
  test('is not charged for an order that asks for it later; that order is named, and told', () => {
    given(calledOff).when(request).then(named, repeated);
    given(calledOff).when(cancel(0)).then(named, repeated);
    given(calledOff, named).when(request).then(repeated);
  });
});
