import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { minutes } from '#kernel/time.ts';
import { previewCancellation } from './cancellation.ts';
import { quartersOf } from './hours.ts';
import type { Lesson } from './lesson.ts';
import { purchases, type PurchaseEvent, type Wish } from './purchase.ts';
import { quotePurchase, type PurchaseQuote } from './quote.ts';

const at = Date.UTC(2026, 10, 21);
const hour = minutes(60);
const startTimes = [1, 2, 5, 9, 12].map((hours) => at + hours * hour);
const lesson: Lesson = {
  ...{ status: 'on-sale', sellerId: 'seller', revision: 1, isClosed: false, slots: [] },
  offer: {
    ...{ title: 'Maths', description: '', subject: '', level: '', photos: [] },
    ...{ price: krw(50_000), minutes: 50, startTimes },
  },
};
const wish: Wish = { buyerId: '', lessonId: 'maths', startTime: startTimes[2]! };
const nothing = { startTimes: [], busy: [] };

type Asked = Parameters<typeof quotePurchase>[0];
function quoted(more: Partial<Asked> = {}): PurchaseQuote {
  const quote = quotePurchase({ wish, lesson, sold: nothing, agreed: undefined, ...more }, at, hour);
  if ('refusal' in quote) throw new Error(quote.refusal);
  return quote;
}

describe('a quote for a lecture (B1)', () => {
  test('says what it costs, until when it is held, and what a cancellation refunds', () =>
    expect(quoted()).toEqual({
      isAvailable: true,
      reason: undefined,
      lines: [{ text: 'Maths', quantity: 1, unitPrice: krw(50_000), amount: krw(50_000) }],
      total: krw(50_000),
      refundSteps: [{ until: wish.startTime, percent: 100, refund: krw(50_000) }],
      holdUntil: at + hour,
      alternatives: [],
    }));
  test('shows up to three other start times, the nearest first, when the time is sold, for this lesson or another', () => {
    const busy = quartersOf({ startTime: wish.startTime, minutes: 50 });
    for (const sold of [
      { startTimes: [wish.startTime], busy: [] },
      { startTimes: [], busy },
    ]) {
      const { isAvailable, reason, alternatives } = quoted({ sold });
      expect({ isAvailable, reason }).toEqual({ isAvailable: false, reason: 'start-time-taken' });
      expect(alternatives.map(({ startTime }) => startTime)).toEqual([startTimes[1], startTimes[0], startTimes[3]]);
    }
    const all = quoted({ sold: { startTimes, busy: [] } });
    expect(all).toMatchObject({ isAvailable: false, alternatives: [] });
  });
  test('is not available for a closed lesson, or at another price than the agreed one', () => {
    expect(quoted({ lesson: { ...lesson, isClosed: true } as Lesson })).toMatchObject({ reason: 'not-on-sale' });
    expect(quoted({ agreed: krw(1) })).toMatchObject({ isAvailable: false, reason: 'price-changed' });
  });
  test('is refused as the purchase would be, and shows nothing of a lesson that is not approved', () => {
    const ask = (more: Partial<Asked>, when = at) =>
      quotePurchase({ wish, lesson, sold: nothing, agreed: undefined, ...more }, when, hour);
    expect(ask({ lesson: { status: 'none' } })).toMatchObject({ refusal: 'no-such-lesson' });
    expect(ask({ lesson: { ...lesson, status: 'withdrawn' } as Lesson })).toMatchObject({ refusal: 'not-on-sale' });
    expect(ask({ wish: { ...wish, startTime: at + 1 } })).toMatchObject({ refusal: 'no-such-start-time' });
    expect(ask({}, at + 6 * hour)).toMatchObject({ refusal: 'in-the-past' });
  });
});

test('a purchase at the quoted total is never refused with another price, and its cancellation refunds what the quote said (B1)', () => {
  for (let nth = 1; nth <= 200; nth++) {
    const { status, offer, ...rest } = lesson as Extract<Lesson, { status: 'on-sale' }>;
    const of: Lesson = { status, ...rest, offer: { ...offer, price: krw(nth * 777), minutes: 1 + (nth % 480) } };
    const wanted = { ...wish, buyerId: 'buyer', startTime: startTimes[nth % startTimes.length]! };
    const quote = quoted({ lesson: of, wish: wanted });
    const decision = purchases.decide(purchases.initial, {
      ...{ type: 'RequestPurchase', wish: wanted, lesson: of, isTaken: false, overlapsOwn: false },
      ...{ agreed: quote.total, limits: [], at },
    });
    if (!decision.accepted) throw new Error(decision.refusal);
    const paid: PurchaseEvent[] = [...decision.events, { type: 'PurchasePaid' }];
    const state = paid.reduce(purchases.evolve, purchases.initial);
    for (const { until = 0, percent, refund } of quote.refundSteps) {
      for (const moment of [at, until - 1])
        expect(previewCancellation(state, moment)).toMatchObject({ percent, refund });
      expect(previewCancellation(state, until)).toBe('not-cancellable');
    }
  }
});
