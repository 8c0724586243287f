import type { Refused } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Quote } from '#kernel/quote.ts';
import { reasonOf } from './errors.ts';
import { toProto } from './money.ts';
import { refused, type RefusalStatus } from './rpc.ts';

/** The answer to a quote; `other` shows what is a business's own of an alternative. Throws where there is nothing to quote. */
export function quoteAnswer<Refusal extends string, Other extends { total: Money }, Shown>(
  quote: Quote<string, Other> | Refused<Refusal>,
  refusals: Readonly<Record<Refusal, RefusalStatus>>,
  other: (alternative: Other) => Shown,
) {
  if ('refusal' in quote) throw refused(quote.refusal, refusals[quote.refusal], quote.details);
  return {
    ...shown(quote),
    alternatives: quote.alternatives.map((each) => ({ ...other(each), total: toProto(each.total) })),
  };
}

/** What is the same in every business. */
const shown = ({ isAvailable, reason, lines, total, refundSteps, holdUntil }: Quote<string, unknown>) => ({
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
