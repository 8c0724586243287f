import type { Details } from './decision.ts';

/** An amount of money: whole minor units (KRW has none smaller than the won) and an ISO 4217 currency. */
export interface Money {
  /** A safe integer; prices are bounded far below 2^53 where they come in. */
  amount: number;
  currency: string;
}

export const krw = (amount: number): Money => ({ amount, currency: 'KRW' });

export const times = (money: Money, factor: number): Money => ({ ...money, amount: money.amount * factor });

/** The part of `money` that remains after `percent` of it (0–100) was given back, rounded down in the payer's favour. */
export const keptAfterRefund = (money: Money, percent: number): Money => ({
  ...money,
  amount: Math.floor((money.amount * (100 - percent)) / 100),
});

/** An absent amount adds nothing. */
export const plus = (money: Money, ...others: readonly (Money | undefined)[]): Money => ({
  ...money,
  amount: others.reduce((sum, other) => sum + (other?.amount ?? 0), money.amount),
});

export const minus = (money: Money, other: Money): Money => ({ ...money, amount: money.amount - other.amount });

export const isSame = (one: Money, other: Money): boolean =>
  one.amount === other.amount && one.currency === other.currency;

/** Details of the refusal of a total that is not the agreed one; undefined where it is, or where nothing was agreed. */
export const totalMismatch = (agreed: Money | undefined, total: Money): Details | undefined =>
  agreed && !isSame(agreed, total) ? { total_units: String(total.amount), total_currency: total.currency } : undefined;

/** Whether a price becomes ten times what it was or more, or a tenth or less: usually a zero too many, or one too few. */
export const isTenfoldChange = (from: Money, to: Money): boolean =>
  to.amount !== from.amount && (to.amount >= from.amount * 10 || to.amount * 10 <= from.amount);
