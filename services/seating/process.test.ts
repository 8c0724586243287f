import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { samplePolicy } from './policy.ts';
import { consequencesWith } from './process.ts';
import { selections, type Booking, type SelectionEvent } from './selection.ts';
import { at as now, end, start } from './testing/sample.ts';

const booking: Booking = {
  ...{ customerId: 'mina', cafeId: 'books', seatId: 'seat-14', period: { start, end } },
  ...{ title: 'Books & Window · 14', total: krw(4_000), policy: samplePolicy, slots: ['unpaid/mina/1'] },
};
const made: SelectionEvent = { type: 'SelectionMade', booking };
const held: SelectionEvent = { type: 'SelectionHeld' };
const paid: SelectionEvent = { type: 'SelectionPaid' };
const failed: SelectionEvent = { type: 'SelectionPaymentFailed', reason: 'CARD_DECLINED', reasonText: '' };
const cancelling: SelectionEvent = { type: 'SelectionCancelling', cause: 'CANCELLED_BY_CUSTOMER', keep: krw(100), askedAt: now };

const after = (...events: SelectionEvent[]) => afterAt(now, ...events);
const afterAt = (time: number, ...events: SelectionEvent[]) => {
  const state = [made, ...events].reduce(selections.evolve, selections.initial);
  return consequencesWith({ paymentAnswer: 10_000, payment: minutes(10) })([events.at(-1) ?? made], { id: 's1', state, version: 2, createdAt: now, updatedAt: time });
};
const asked = (consequences: ReturnType<typeof after>) => consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [] : [message.type]));
const told = (consequences: ReturnType<typeof after>) => consequences.messages?.flatMap((message) => (message.to === 'everybody' ? [message.type] : []));

describe('the saga of a selection (K22)', () => {
  test('the seat is asked for before any payment, and one of the customer’s slots for unpaid selections occupied (C6)', () => {
    expect(asked(after())).toEqual(['HoldSeat']);
    expect(after().claims).toEqual([{ key: 'unpaid/mina/1' }]);
  });
  test('payment is asked for once the seat is held (C2)', () =>
    expect(after(held).messages).toContainEqual({ to: 'payment', type: 'RequestPayment', payerId: 'mina', amount: krw(4_000) }));
  test('two alarm clocks run while payment is awaited; the deadline is never after the beginning', () => {
    expect(after(held).timers).toEqual([
      { name: 'payment-answer', at: now + 10_000 },
      { name: 'payment-deadline', at: now + minutes(10) },
    ]);
    expect(afterAt(start - minutes(5), held).timers?.[1]).toEqual({ name: 'payment-deadline', at: start });
  });
  test('only the beginning ends the waiting for a payment that is late (C7)', () =>
    expect(after(held, { type: 'SelectionPaymentDeferred' })).toMatchObject({ stopTimers: ['payment-answer'], timers: [{ name: 'payment-deadline', at: start }] }));
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
  test('cancelling gives back seat and money, but for what the policy keeps (C4)', () => {
    expect(asked(after(held, paid, cancelling))).toEqual(['ReleaseSeat', 'CancelPayment']);
    expect(after(cancelling).messages).toContainEqual({ to: 'payment', type: 'CancelPayment', keep: krw(100), askedAt: now });
    expect(after(cancelling)).toMatchObject({ stopTimers: 'all', releases: 'all' });
  });
  test('a refused one asks for nothing, and leaves its slot (C6)', () => {
    const refused = after({ type: 'SelectionRefused', reason: 'SEAT_TAKEN' });
    expect([asked(refused), refused.releases]).toEqual([[], 'all']);
  });
  test('everybody hears of each step but the inner one (C8)', () => {
    expect(told(after())).toEqual(['SelectionMade']);
    expect(after(cancelling, { type: 'SelectionPartReturned', part: 'seat' })).toEqual({});
    expect(told(after(cancelling, { type: 'SelectionCancelled' }))).toEqual(['SelectionCancelled']);
  });
});
