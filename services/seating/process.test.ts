import { describe, expect, test } from '@jest/globals';
import { runTimers } from '#kernel/run-timers.ts';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { samplePolicy } from './policy.ts';
import { consequencesWith } from './process.ts';
import { selections, type Booking, type Input, type Selection, type SelectionEvent } from './selection.ts';
import { at as now, end, start } from './testing/sample.ts';

const booking: Booking = {
  ...{ customerId: 'mina', cafeId: 'books', seatId: 'seat-14', period: { start, end }, paymentMethodId: 'visa' },
  ...{ title: 'Books & Window · 14', total: krw(4_000), policy: samplePolicy, slots: ['unpaid/mina/1'] },
};
const made: SelectionEvent = { type: 'SelectionMade', booking };
const held: SelectionEvent = { type: 'SelectionHeld' };
const paid: SelectionEvent = { type: 'SelectionPaid' };
const failed: SelectionEvent = { type: 'SelectionPaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const declinedAt = (since: number): SelectionEvent => ({
  ...{ type: 'SelectionCardDeclined', declined: { reason: 'CARD_DECLINED', reasonText: '', cards: 1, since } },
});
const cancelling: SelectionEvent = {
  type: 'SelectionCancelling',
  cause: 'CANCELLED_BY_CUSTOMER',
  reasonText: '',
  keep: krw(100),
  askedAt: now,
};

const timeouts = { paymentAnswer: 10_000, payment: minutes(10), askAgain: minutes(5) };
const after = (...events: SelectionEvent[]) => afterAt(now, ...events);
const afterAt = (time: number, ...events: SelectionEvent[]) => {
  const state = [made, ...events].reduce(selections.evolve, selections.initial);
  return consequencesWith(timeouts)([events.at(-1) ?? made], {
    id: 's1',
    state,
    version: 2,
    createdAt: now,
    updatedAt: time,
  });
};
const asked = (consequences: ReturnType<typeof after>) =>
  consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [] : [message.type]));
const told = (consequences: ReturnType<typeof after>) =>
  consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [message.type] : []));

describe('the saga of a selection (K22)', () => {
  test('the seat is asked for before any payment, and one of the customer’s slots for unpaid selections occupied (C6)', () => {
    expect(asked(after())).toEqual(['HoldSeat']);
    expect(after().claims).toEqual([{ key: 'unpaid/mina/1' }]);
  });
  test('payment is asked for once the seat is held (C2), by the card that the customer chose (B5)', () =>
    expect(after(held).messages).toContainEqual({
      to: 'payment',
      type: 'RequestPayment',
      payerId: 'mina',
      amount: krw(4_000),
      paymentMethodId: 'visa',
    }));
  test('two alarm clocks run while payment is awaited; the deadline is never after the beginning', () => {
    expect(after(held).timers).toEqual([
      { name: 'payment-answer', at: now + 10_000 },
      { name: 'payment-deadline', at: now + minutes(10) },
      { name: 'ask-again', at: now + minutes(1) },
    ]);
    expect(afterAt(start - minutes(5), held).timers?.[1]).toEqual({ name: 'payment-deadline', at: start });
  });
  test('only the beginning ends the waiting for a payment that is late (C7)', () =>
    expect(after(held, { type: 'SelectionPaymentDeferred' })).toMatchObject({
      stopTimers: ['payment-answer'],
      timers: [{ name: 'payment-deadline', at: start }, { name: 'ask-again' }],
    }));
  test('the seat is registered once it is paid, and the slot free for another selection (C3)', () => {
    expect(asked(after(held, paid))).toEqual(['RegisterSeat']);
    expect(after(held, paid)).toMatchObject({ stopTimers: 'all', releases: 'all' });
  });
  test('a registered seat is completed when its time is over', () =>
    expect(after(held, paid, { type: 'SelectionRegistered' }).timers).toEqual([{ name: 'time-over', at: end }]));
  test('the seat is given back when the payment is declined (C9)', () => {
    expect(asked(after(held, failed))).toEqual(['ReleaseSeat']);
    expect(after(held, failed)).toMatchObject({ stopTimers: 'all', releases: 'all' });
  });
  test('the seat stays held while another card can be charged, for the time to pay from the first decline on (B5)', () => {
    expect(after(held, declinedAt(now))).toEqual({
      messages: [{ to: 'everybody', type: 'SelectionCardDeclined' }],
      stopTimers: ['payment-answer', 'payment-deadline'],
      timers: [
        { name: 'card-deadline', at: now + minutes(10) },
        { name: 'ask-again', at: now + minutes(1) },
      ],
    });
    expect(afterAt(now + minutes(5), held, declinedAt(now)).timers?.[0]?.at).toBe(now + minutes(10));
    expect(after(held, declinedAt(start - minutes(5))).timers?.[0]?.at).toBe(start);
  });
  test('where no other card is charged in time, the payment is called off with the seat (B5)', () => {
    expect(after(held, declinedAt(now), failed)).toMatchObject({
      messages: [
        { type: 'SelectionPaymentFailed' },
        { type: 'ReleaseSeat' },
        { type: 'CancelPayment', keep: krw(0), askedAt: now },
      ],
      ...{ stopTimers: 'all', releases: 'all' },
    });
  });
  test('cancelling gives back seat and money, but for what the policy keeps (C4)', () => {
    expect(asked(after(held, paid, cancelling))).toEqual(['ReleaseSeat', 'CancelPayment']);
    expect(after(cancelling).messages).toContainEqual({
      to: 'payment',
      type: 'CancelPayment',
      keep: krw(100),
      askedAt: now,
    });
    expect(after(cancelling)).toMatchObject({ stopTimers: 'all', releases: 'all' });
  });
  test('a refused one asks for nothing, and leaves its slot (C6)', () => {
    const refused = after({ type: 'SelectionRefused', reason: 'SEAT_TAKEN' });
    expect([asked(refused), refused.releases]).toEqual([[], 'all']);
  });
  test('everybody hears of each step but the inner one (C8)', () => {
    expect(told(after())).toEqual(['SelectionMade']);
    expect(told(after(cancelling, { type: 'SelectionPartReturned', part: 'seat' }))).toEqual([]);
    expect(told(after(cancelling, { type: 'SelectionCancelled' }))).toEqual(['SelectionCancelled']);
  });
});

const pasts: Record<Exclude<Selection['status'], 'none'>, SelectionEvent[]> = {
  selected: [made],
  held: [made, held],
  'payment-pending': [made, held, { type: 'SelectionPaymentDeferred' }],
  paid: [made, held, paid],
  registered: [made, held, paid, { type: 'SelectionRegistered' }],
  completed: [made, held, paid, { type: 'SelectionRegistered' }, { type: 'SelectionCompleted' }],
  refused: [made, { type: 'SelectionRefused', reason: 'SEAT_TAKEN' }],
  'payment-failed': [made, held, failed],
  cancelling: [made, cancelling],
  cancelled: [made, cancelling, { type: 'SelectionCancelled' }],
};
type Past = keyof typeof pasts;

describe('a selection that nobody answers (B8)', () => {
  const timers: Record<string, (at: number) => Input> = {
    'payment-answer': () => ({ type: 'PaymentAnswerOverdue' }),
    'payment-deadline': (at) => ({ type: 'PaymentDeadlinePassed', at }),
    'card-deadline': () => ({ type: 'CardDeadlinePassed' }),
    'time-over': () => ({ type: 'TimeIsOver' }),
    'ask-again': (at) => ({ type: 'AskAgain', at }),
  };
  /** Where it may stay: at rest, or where it asks for the money until it is back. */
  const ends: readonly Selection['status'][] = ['completed', 'refused', 'payment-failed', 'cancelling', 'cancelled'];
  const silent = (past: SelectionEvent[]): Selection =>
    runTimers(
      { ...selections, consequences: consequencesWith(timeouts) },
      past,
      timers,
      ({ status }) => ends.includes(status),
      now,
    );
  test.each(Object.entries(pasts))('comes to an end from %s by its timers alone', (_, past) =>
    expect(ends).toContain(silent(past).status),
  );
  test('ends as payment failed where no other card is charged (B5)', () =>
    expect(silent([made, held, declinedAt(now)])).toMatchObject({
      ...{ status: 'payment-failed', reason: 'CARD_DECLINED', awaiting: ['seat', 'payment'] },
    }));
  test('is paid back as NOT_REGISTERED when its time is over, and as NOT_HELD when it begins unpaid', () => {
    expect(silent(pasts.paid)).toMatchObject({
      status: 'cancelling',
      cause: 'NOT_REGISTERED',
      reasonText: '',
      keep: krw(0),
      askedAt: end,
    });
    expect(silent(pasts.selected)).toMatchObject({ status: 'cancelling', cause: 'NOT_HELD', askedAt: start });
  });

  test.each<[Past, string[]]>([
    ['selected', ['HoldSeat']],
    ['held', ['RequestPayment']],
    ['payment-pending', ['RequestPayment']],
    ['paid', ['RegisterSeat']],
    ['registered', []],
    ['completed', []],
    ['refused', []],
    ['payment-failed', ['ReleaseSeat']],
    ['cancelling', ['ReleaseSeat', 'CancelPayment']],
    ['cancelled', []],
  ])('%s asks again: %j', (past, commands) => {
    const consequences = after(...pasts[past].slice(1), { type: 'AskedAgain', at: now + minutes(1) });
    expect([asked(consequences) ?? [], told(consequences) ?? []]).toEqual([commands, []]);
    expect(consequences.timers?.map(({ name }) => name) ?? []).toEqual(commands.length ? ['ask-again'] : []);
  });
  test('asks only for what is missing, on the same terms', () => {
    const again: SelectionEvent = { type: 'AskedAgain', at: now + minutes(1) };
    const seatBack: SelectionEvent = { type: 'SelectionPartReturned', part: 'seat' };
    expect(after(cancelling, seatBack, again).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now },
    ]);
    expect(after({ ...cancelling, wasPaid: true } as SelectionEvent, seatBack, again).messages).toEqual([
      { to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now, wasPaid: true },
    ]);
    expect(asked(after(held, failed, seatBack, again)) ?? []).toEqual([]);
  });
});
