import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Books, Compared } from './books.ts';
import type { Payment, PaymentEvent, Refusal } from './payment.ts';
import type { Card, Wallet, WalletEvent, WalletRefusal } from './wallet.ts';

/** The payments that we keep. */
export interface Payments {
  /** Decides on the stored payment; saves it and what follows in one transaction. */
  update(id: string, decide: (state: Payment) => Decision<PaymentEvent, Refusal>): Promise<Updated<Payment, Refusal>>;
  get(id: string): Promise<StoredAggregate<Payment> | undefined>;
  /** Newest first, at most `size`, only ids below `after`. */
  list(
    where: { status?: Payment['status']; payerId?: string; payeeId?: string },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Payment>[]>;
  /** All that changed at `since` or later, in no order. */
  changedSince(since: Instant): AsyncIterable<StoredAggregate<Payment>>;
}

/** What the provider says of a key, now and for ever. A key that was voided is declined, reason `VOIDED`. */
export type Answer = { outcome: 'charged' } | { outcome: 'declined'; reason: string; reasonText: string };

export interface Charge {
  /** `chargeKeyOf` the order and its card: each card has an answer of its own. */
  key: string;
  amount: Money;
  /** The card's reference; without one the provider's adapter knows what is charged. */
  card?: string;
}

export interface LedgerEntry {
  /** The order's id. */
  key: string;
  type: 'CHARGE' | 'REFUND';
  /** 0: a refund came to nothing, and what was booked for it before does not count any more. */
  amount: Money;
  at: Instant;
}

/** Who moves the money. What is thrown means *unknown*: it may have happened, and may still happen, unless it says that the provider was not called (`Unanswered`). */
export interface Provider {
  /** Charges once per key, however often it is asked. */
  charge(charge: Charge): Promise<Answer>;
  /** What became of the key, if the provider has heard of it. */
  find(key: string): Promise<Answer | undefined>;
  /** Shuts the key for good; `charged`: too late, it has charged. */
  void(charge: Charge): Promise<'voided' | 'charged'>;
  /** Gives back once per `refundKey`, however often it is asked, what was charged for the order whose id is `key`. `refused`: for good. `pending`: under way, maybe for days. */
  refund(
    refund: Charge & { refundKey: string },
  ): Promise<{ outcome: 'refunded' | 'pending' } | { outcome: 'refused'; reason: string }>;
  /** What the provider itself has booked: of one key, or since an instant. */
  ledger(of: { key: string } | { since: Instant }): AsyncIterable<LedgerEntry>;
}

/** The customers' wallets that we keep. */
export interface Wallets {
  update(
    customerId: string,
    decide: (state: Wallet) => Decision<WalletEvent, WalletRefusal>,
  ): Promise<Updated<Wallet, WalletRefusal>>;
  /** The same, without spending the call's proof of having been done once: a repetition may come here again. */
  updateWithoutProof: Wallets['update'];
  get(customerId: string): Promise<Wallet>;
}

/** Who keeps the customers' cards, with their numbers: a provider. */
export interface CardKeeper {
  /** Tokens that need no page, of cards that are none. */
  readonly testTokens: readonly string[];
  /** The card that the token of the provider's page stands for; undefined where it stands for none. */
  exchange(token: string): Promise<Omit<Card, 'id'> | undefined>;
}

/** What was taken and given back for one order. */
export interface Sums {
  charged: number;
  refunded: number;
}

/** One order on which our books and the provider's do not agree. */
export interface Difference {
  id: string;
  status: Payment['status'];
  ours: Sums;
  theirs: Sums;
  /** Of a charge that no payment of ours stands for: what the provider has not given back. */
  unknown?: Money;
}

/** How far the books are compared. */
export interface ComparedBooks {
  get(): Promise<Books>;
  compared(input: Compared): Promise<Books>;
}

/** Something that people must look at. */
export type Alarm =
  | { type: 'RefundRefused'; id: string; reason: string }
  | { type: 'UnknownChargeGivenBack'; id: string; amount: Money }
  | ({ type: 'BooksDiffer' } & Difference);

/** Counts the charges of each payer that the provider declined. Many of them in a short time are how stolen cards are tried out. */
export interface Declines {
  /** 0, or the time in milliseconds until the payer may be charged again. */
  wait(payerId: string): number;
  count(payerId: string): void;
}

export interface Ports {
  payments: Payments;
  declines: Declines;
  provider: Provider;
  /** Waits until the provider may be called so many times, after so many tries. Rejects when that is not soon. */
  turn(tries: number, calls: number): Promise<void>;
  now(): Instant;
  /** In [0, 1). */
  random(): number;
  raise(alarm: Alarm): void;
}
