import type { Refused } from '#kernel/decision.ts';
import { keptAfterRefund, minus, totalMismatch, type Money } from '#kernel/money.ts';
import { mostAlternatives, type Quote } from '#kernel/quote.ts';
import type { Instant } from '#kernel/time.ts';
import { quartersOf } from './hours.ts';
import type { Lesson } from './lesson.ts';
import { termsOf, type Refusal, type Wish } from './purchase.ts';

/** Another start time of the same lesson. */
export interface OtherTime {
  startTime: Instant;
  total: Money;
}

export type PurchaseQuote = Quote<'not-on-sale' | 'start-time-taken' | 'price-changed', OtherTime>;

/** What is sold of a lesson, and the quarter-hours that its seller has sold for any lesson. */
export interface Sold {
  startTimes: readonly Instant[];
  busy: readonly number[];
}

/** What a purchase would be now, by the very terms that it would get. */
export function quotePurchase(
  { wish, lesson, sold, agreed }: { wish: Wish; lesson: Lesson; sold: Sold; agreed: Money | undefined },
  at: Instant,
  /** How long a purchase may remain unpaid, in milliseconds. */
  payWithin: number,
): PurchaseQuote | Refused<Refusal> {
  const wanted = termsOf(wish, lesson, at);
  if (!wanted.accepted) return wanted;
  const { price, policy, startTime, minutes, title } = wanted.terms;
  const isFree = (time: Instant): boolean =>
    !sold.startTimes.includes(time) &&
    !quartersOf({ startTime: time, minutes }).some((quarter) => sold.busy.includes(quarter));
  const reason = wanted.isClosed
    ? 'not-on-sale'
    : !isFree(startTime)
      ? 'start-time-taken'
      : totalMismatch(agreed, price)
        ? 'price-changed'
        : undefined;
  const percent = policy.refundPercent;
  const others = wanted.offer.startTimes
    .filter((time) => time > at && time !== startTime && isFree(time))
    .toSorted((one, other) => Math.abs(one - startTime) - Math.abs(other - startTime));
  return {
    isAvailable: reason === undefined,
    reason,
    lines: [{ text: title, quantity: 1, unitPrice: price, amount: price }],
    total: price,
    refundSteps: [{ until: startTime, percent, refund: minus(price, keptAfterRefund(price, percent)) }],
    holdUntil: Math.min(at + payWithin, startTime),
    alternatives:
      reason === 'start-time-taken'
        ? others.slice(0, mostAlternatives).map((time) => ({ startTime: time, total: price }))
        : [],
  };
}
