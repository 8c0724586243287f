import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Standing, Terms } from './payout.ts';

/**
 * Why a payout waits for an operator. It stays held until one approves it, or the order's owner releases or reverses it; NOT_RELEASED
 * nobody can approve, for the order has to be looked at.
 */
export type Review =
  | 'NOT_RELEASED'
  | 'PAYMENT_MISMATCH'
  | 'ABOVE_TRANSFER_CEILING'
  | 'ABOVE_DAILY_CEILING'
  | 'ABOVE_NEW_SELLER_CEILING';

/** Empty: the hold has not elapsed. ACCOUNT_CHANGED: transfers to a changed account wait, and then go on by themselves. */
export type HoldReason = '' | 'ACCOUNT_CHANGED' | Review;

export const needsReview = (reason: HoldReason): reason is Review => reason !== '' && reason !== 'ACCOUNT_CHANGED';

/** What payment's own record says of an order. */
export interface PaymentRecord {
  payeeId: string;
  /** What the buyer paid and has not got back. */
  paid: Money;
}

/** Nothing is sent that the buyer has not paid to this seller. */
export const covers = (record: PaymentRecord | undefined, { payeeId, gross }: Terms): boolean =>
  record !== undefined &&
  record.payeeId === payeeId &&
  record.paid.currency === gross.currency &&
  record.paid.amount >= gross.amount;

/** The most that is sent without an operator, in minor units. */
export interface Ceilings {
  transfer: number;
  /** To one seller in 24 hours. */
  day: number;
  /** To one seller in 24 hours, while the first transfer to this seller is younger than `newFor`. */
  newSeller: number;
  /** In milliseconds. */
  newFor: number;
}

export function aboveCeiling(
  amount: Money,
  { sentLately, firstSentAt }: Standing,
  ceilings: Ceilings,
  at: Instant,
): Review | undefined {
  if (amount.amount > ceilings.transfer) return 'ABOVE_TRANSFER_CEILING';
  const inOneDay = sentLately + amount.amount;
  if (inOneDay > ceilings.day) return 'ABOVE_DAILY_CEILING';
  const isNew = firstSentAt === undefined || at - firstSentAt < ceilings.newFor;
  return isNew && inOneDay > ceilings.newSeller ? 'ABOVE_NEW_SELLER_CEILING' : undefined;
}
