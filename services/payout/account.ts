import { accept, type Decider } from '#kernel/decision.ts';

/** Where a seller wants the money. */
export interface BankAccount {
  bank: string;
  number: string;
  holder: string;
}

/** A seller's payout account (정산 계좌); its id is the seller's user id. */
export type PayoutAccount = { status: 'none' } | { status: 'registered'; account: BankAccount };

/** Also the same again: the seller says that it is right, and what waits is sent once more. */
export type AccountRegistered = { type: 'AccountRegistered'; account: BankAccount };

export const payoutAccounts: Decider<PayoutAccount, AccountRegistered, AccountRegistered, never> = {
  initial: { status: 'none' },
  decide: (_, input) => accept(input),
  evolve: (_, { account }) => ({ status: 'registered', account }),
};
