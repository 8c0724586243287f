import { accept, type Decider } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';

/** Where a seller wants the money. */
export interface BankAccount {
  bank: string;
  number: string;
  holder: string;
}

/**
 * A seller's payout account (정산 계좌); its id is the seller's user id. `changedAt`: when it took the place of another one; without it,
 * the account is the seller's first.
 */
export type PayoutAccount = { status: 'none' } | { status: 'registered'; account: BankAccount; changedAt?: Instant };

/** `repeated`: it is the account that is registered already. */
export type RegisterAccount = { type: 'RegisterAccount'; account: BankAccount; repeated: boolean; at: Instant };

export type AccountEvent =
  /** Also the same again: the seller says that it is right, and what waits is sent once more. */
  { type: 'AccountRegistered'; account: BankAccount } | { type: 'AccountChanged'; account: BankAccount; at: Instant };

export const payoutAccounts: Decider<PayoutAccount, RegisterAccount, AccountEvent, never> = {
  initial: { status: 'none' },
  decide: (state, { account, repeated, at }) =>
    accept(
      state.status === 'none' || repeated
        ? { type: 'AccountRegistered', account }
        : { type: 'AccountChanged', account, at },
    ),
  evolve: (state, event) => {
    const { account } = event;
    if (event.type === 'AccountChanged') return { status: 'registered', account, changedAt: event.at };
    return state.status === 'none' ? { status: 'registered', account } : { ...state, account };
  },
};

export const isSameAccount = (one: BankAccount, other: BankAccount): boolean =>
  one.bank === other.bank && one.holder === other.holder && digitsOf(one) === digitsOf(other);

const digitsOf = ({ number }: BankAccount): string => number.replaceAll('-', '');
