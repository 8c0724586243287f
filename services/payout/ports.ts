import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { AccountEvent, PayoutAccount } from './account.ts';
import type { Ceilings, PaymentRecord, Review } from './holding.ts';
import type { Booking } from './journal.ts';
import type { Payout, PayoutEvent, Refusal, Standing, Transfer } from './payout.ts';

/** The payouts that we keep; tombstones are not listed. */
export interface Payouts {
  /** Decides on the stored payout; saves it and what follows in one transaction. */
  update(id: string, decide: (state: Payout) => Decision<PayoutEvent, Refusal>): Promise<Updated<Payout, Refusal>>;
  /** The same, with the seller's balance: read before the decision, and again if another transfer to the seller came first. */
  prepare(
    id: string,
    payeeId: string,
    decide: (state: Payout, standing: Standing) => Decision<PayoutEvent, Refusal>,
  ): Promise<Updated<Payout, Refusal>>;
  get(id: string): Promise<StoredAggregate<Payout> | undefined>;
  /** Newest first, at most `size`, only ids below `after`. */
  list(where: PayoutFilter, page: { size: number; after?: string }): Promise<StoredAggregate<Payout>[]>;
}

export interface PayoutFilter {
  payeeId?: string | undefined;
  /** As it is shown: a payout that is being taken back is PENDING until that is done. */
  shown?: Shown | undefined;
}

export type Shown = 'HELD' | 'PENDING' | 'WAITING_ACCOUNT' | 'COMPLETED' | 'REVERSED';

/** Where sellers want their money. */
export interface PayoutAccounts {
  update(
    payeeId: string,
    decide: (state: PayoutAccount) => Decision<AccountEvent, never>,
  ): Promise<Updated<PayoutAccount, never>>;
  get(payeeId: string): Promise<StoredAggregate<PayoutAccount> | undefined>;
}

/** What was booked on one seller's account with Jari. */
export interface Statements {
  /** `held`: what of the balance belongs to held payouts. */
  balance(payeeId: string): Promise<{ balance: number; held: number }>;
  /** Newest first; only those before the `before`th. */
  entries(payeeId: string, page: { size: number; before?: number | undefined }): Promise<Entry[]>;
  /** Oldest first; only those after the `after`th. */
  entriesAfter(payeeId: string, page: { size: number; after: number }): Promise<Entry[]>;
}

export interface Entry {
  /** Counts from 1, the oldest. */
  number: number;
  at: Instant;
  type: Booking['type'];
  orderId: string;
  amount: number;
  /** After this entry. */
  balance: number;
  /** When what was earned is sent at the earliest, while it is held. */
  due: Instant | undefined;
}

/** What the bank says of a key, now and for ever. */
export type BankAnswer = { outcome: 'transferred' } | { outcome: 'refused'; reason: string };

/** What the bank itself has booked. */
export interface BankEntry {
  orderId: string;
  amount: Money;
  account: string;
  at: Instant;
}

/** Who sends the money. What is thrown means *unknown*: it may have happened, and may still happen. */
export interface Bank {
  /** Transfers once per key, however often it is asked. */
  transfer(orderId: string, transfer: Transfer): Promise<BankAnswer>;
  /** Outcome of the key, if the bank knows it. */
  find(key: string): Promise<BankAnswer | undefined>;
  /** Shuts the key for good; `transferred`: too late, the money is sent. */
  void(key: string): Promise<'voided' | 'transferred'>;
}

/** Payment's own record of each order, asked before anything is sent. */
export interface PaidOrders {
  /** Undefined when payment knows no completed payment of the order. Rejects when payment does not answer. */
  find(orderId: string): Promise<PaymentRecord | undefined>;
}

/** Something that people must look at. */
export interface Alarm {
  type: 'PayoutInReview';
  /** The order's. */
  id: string;
  payeeId: string;
  reason: Review;
}

export interface Ports {
  payouts: Payouts;
  accounts: PayoutAccounts;
  bank: Bank;
  /** Waits until the bank may be called so many times, after so many tries. Rejects when that is not soon. */
  turn(tries: number, calls: number): Promise<void>;
  paidOrders: PaidOrders;
  ceilings: Ceilings;
  now(): Instant;
  /** In [0, 1). */
  random(): number;
  raise(alarm: Alarm): void;
}
