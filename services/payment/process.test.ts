import { describe, expect, test } from '@jest/globals';
import type { Consequences } from '#kernel/aggregate.ts';
import { krw } from '#kernel/money.ts';
import { decide, evolve, payments, type Input, type Payment } from './payment.ts';
import { payment, type Message } from './process.ts';

const order = { kind: 'lodging.reservation', id: 'order' };
const intent = { payerId: 'guest', payeeId: 'host', amount: krw(100_000) };
const now = 5_000;
const request: Input = { type: 'RequestPayment', order, intent };
const unanswered: Input = { type: 'ChargeUnanswered', retryAt: 6_000 };
const cancel: Input = { type: 'CancelPayment', order, keep: krw(30_000), askedAt: 4_000 };
const charged: Input = { type: 'Charged', at: 3_000 };
const refundKey = 'order-refund';

/** What follows from the last of `inputs`. */
function after(...inputs: Input[]): Consequences<Message> {
  let state: Payment = payments.initial;
  let consequences: Consequences<Message> = {};
  for (const input of inputs) {
    const decision = decide(state, input);
    const events = decision.accepted ? decision.events : [];
    state = events.reduce(evolve, state);
    consequences = payment.consequences(events, { id: 'order', state, version: 1, createdAt: now, updatedAt: now });
  }
  const { messages = [], timers = [] } = consequences;
  return { messages, timers };
}

describe('what follows', () => {
  test('a request has the provider asked at once', () =>
    expect(after(request)).toEqual({ messages: [], timers: [{ name: 'attempt', at: now }] }));
  test('without an answer from the provider, the payer hears of it once and the provider is asked again (L9)', () => {
    const deferred = { type: 'PaymentDeferred', order, reason: 'PROVIDER_UNANSWERED' };
    expect(after(request, unanswered)).toEqual({ messages: [deferred], timers: [{ name: 'attempt', at: 6_000 }] });
    expect(after(request, unanswered, unanswered)).toEqual({ messages: [], timers: [{ name: 'attempt', at: 6_000 }] });
    expect(after(request, unanswered, request)).toEqual({ messages: [{ ...deferred, again: true }], timers: [] });
  });
  test('a repeated request is told what was told before, and nothing is charged again', () => {
    const completed = { type: 'PaymentCompleted', order, amount: krw(100_000) };
    expect(after(request, charged)).toEqual({ messages: [completed], timers: [] });
    expect(after(request, charged, request)).toEqual({ messages: [{ ...completed, again: true }], timers: [] });
  });
  test('hastening moves the next attempt to now', () =>
    expect(after(request, unanswered, { type: 'RetryPayment', at: 1_000, by: { id: 'guest', admin: false } })).toEqual({
      messages: [],
      timers: [{ name: 'attempt', at: now }],
    }));
  test('a decline says whether another card can be charged, and that one is charged at once (B5)', () => {
    const card = { id: 'visa', reference: 'r1', brand: 'VISA', last4: '0002', expires: '2029-12' };
    const waits: Input = { type: 'RequestPayment', order, intent: { ...intent, card, isRetryable: true } };
    const declined: Input = { type: 'Declined', reason: 'CARD_DECLINED', reasonText: 'no' };
    const another: Input = { type: 'RetryPayment', at: 1_000, by: { id: 'guest', admin: false }, card };
    const told = { type: 'PaymentDeclined', order, reason: 'CARD_DECLINED', reasonText: 'no' };
    expect(after(request, declined).messages).toEqual([{ ...told, isRetryable: false, cards: 1 }]);
    expect(after(waits, declined).messages).toEqual([{ ...told, isRetryable: true, cards: 1 }]);
    expect(after(waits, declined, another)).toEqual({ messages: [], timers: [{ name: 'attempt', at: now }] });
    expect(after(waits, declined, another, declined).messages).toEqual([{ ...told, isRetryable: true, cards: 2 }]);
  });
  test('a cancellation is answered at once, and the provider gives back after that (L5)', () =>
    expect(after(request, charged, cancel)).toEqual({
      messages: [{ type: 'PaymentCancelled', order, refunded: krw(70_000), kept: krw(30_000) }],
      timers: [{ name: 'settle', at: now }],
    }));
  test('a cancellation of what may have been charged says nothing is refunded, and then what really was', () => {
    expect(after(request, cancel)).toEqual({
      messages: [{ type: 'PaymentCancelled', order, refunded: krw(0), kept: krw(0) }],
      timers: [{ name: 'settle', at: now }],
    });
    expect(after(request, cancel, { type: 'Refunded', refundKey, charged: true })).toEqual({
      messages: [{ type: 'PaymentCancelled', order, refunded: krw(100_000), kept: krw(0) }],
      timers: [],
    });
    expect(after(request, cancel, { type: 'Refunded', refundKey, charged: false })).toEqual({
      messages: [],
      timers: [],
    });
  });
  test('a tombstone answers the late request with the cancellation', () =>
    expect(after(cancel, request)).toEqual({
      messages: [{ type: 'PaymentCancelled', order, refunded: krw(0), kept: krw(0), again: true }],
      timers: [],
    }));
  test('a refund that is raised is told with its new sum; the rest waits for what is under way (L5)', () => {
    const all: Input = { ...cancel, keep: krw(0) };
    const refunded: Input = { type: 'Refunded', refundKey, charged: true };
    const messages = [{ type: 'PaymentCancelled', order, refunded: krw(100_000), kept: krw(0) }];
    expect(after(request, charged, cancel, all)).toEqual({ messages, timers: [] });
    expect(after(request, charged, cancel, all, refunded)).toEqual({
      messages: [],
      timers: [{ name: 'settle', at: now }],
    });
    expect(after(request, charged, cancel, refunded, all)).toEqual({ messages, timers: [{ name: 'settle', at: now }] });
    expect(after(request, charged, all, cancel)).toEqual({
      messages: messages.map((each) => ({ ...each, again: true })),
      timers: [],
    });
  });
  test('a refund that is refused or unanswered is tried again', () => {
    expect(
      after(request, charged, cancel, { type: 'RefundRefused', refundKey, reason: 'NO', retryAt: 300_000 }).timers,
    ).toEqual([{ name: 'settle', at: 300_000 }]);
    expect(after(request, charged, cancel, { type: 'RefundUnanswered', refundKey, retryAt: 7_000 }).timers).toEqual([
      { name: 'settle', at: 7_000 },
    ]);
  });
});
