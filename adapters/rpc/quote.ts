import type { Quote } from '#kernel/quote.ts';
import { reasonOf } from './errors.ts';
import { toProto } from './money.ts';

/** A quote as every business shows it; alternatives are each business's own. */
export const shownQuote = ({ isAvailable, reason, lines, total, refundSteps, holdUntil }: Quote<string, unknown>) => ({
  available: isAvailable,
  reason: reason ? reasonOf(reason) : '',
  lines: lines.map(({ text, quantity, unitPrice, amount }) => ({
    ...{ text, quantity },
    unitPrice: toProto(unitPrice),
    amount: toProto(amount),
  })),
  total: toProto(total),
  refundSteps: refundSteps.map(({ until, percent, refund }) => ({
    until: until === undefined ? undefined : new Date(until),
    percent,
    refund: toProto(refund),
  })),
  holdUntil: holdUntil === undefined ? undefined : new Date(holdUntil),
});
