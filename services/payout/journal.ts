import type { Instant } from '#kernel/time.ts';
import type { Shares } from './policy.ts';

/** Accounts in Jari's books: what customers paid in, what Jari keeps, what the seller is owed, what was sent to the bank. */
export type LedgerAccount = 'RECEIPTS' | 'COMMISSION' | 'SELLER' | 'BANK';

/** Above zero the account is owed more, below it less. */
export interface Posting {
  account: LedgerAccount;
  amount: number;
}

/** One entry of the books (분개), which sums to zero: the database refuses one that does not. */
export interface Booking {
  type: 'EARNED' | 'TRANSFERRED' | 'RETURNED' | 'REVERSED';
  at: Instant;
  postings: readonly Posting[];
}

/** All that was ever booked for one order, oldest first; only added to. */
export type Journal = readonly Booking[];

export const earned = (at: Instant, { commission, net }: Shares): Booking => ({
  type: 'EARNED',
  at,
  postings: [
    { account: 'RECEIPTS', amount: -(commission.amount + net.amount) },
    { account: 'COMMISSION', amount: commission.amount },
    { account: 'SELLER', amount: net.amount },
  ],
});

export const transferred = (at: Instant, amount: number): Booking => ({
  type: 'TRANSFERRED',
  at,
  postings: [
    { account: 'SELLER', amount: -amount },
    { account: 'BANK', amount },
  ],
});

export const returned = (at: Instant, amount: number): Booking => ({
  ...opposite(transferred(at, amount)),
  type: 'RETURNED',
});

export const reversed = (at: Instant, shares: Shares): Booking => ({
  ...opposite(earned(at, shares)),
  type: 'REVERSED',
});

const opposite = (booking: Booking): Booking => ({
  ...booking,
  postings: booking.postings.map(({ account, amount }) => ({ account, amount: -amount })),
});

/** What an account holds by these bookings. */
export const balanceOf = (journal: Journal, account: LedgerAccount): number =>
  journal
    .flatMap(({ postings }) => postings)
    .reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0);
