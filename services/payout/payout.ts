import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { BankAccount } from './account.ts';
import { earned, returned, reversed, transferred, type Journal } from './journal.ts';
import { samplePolicy, share, type CommissionPolicy, type Shares } from './policy.ts';

/** Who is paid out what; fixed by the first request. */
export interface Terms extends Shares {
  payeeId: string;
  gross: Money;
  policy: CommissionPolicy;
}

/** What the bank is told, the same each time: the key decides that it is done once. */
export interface Transfer {
  key: string;
  amount: Money;
  to: BankAccount;
}

/** How a seller stands with Jari. */
export interface Standing {
  /** `version` rises whenever the seller registers one. */
  account: (BankAccount & { version: number }) | undefined;
  /** What is due by all bookings of this seller; below zero it is owed. */
  balance: number;
  /** So many transfers were begun. */
  transfers: number;
}

interface Asked {
  order: OrderRef;
  terms: Terms;
  journal: Journal;
}

/** An order's payout (송금). Its id is the order's. */
export type Payout =
  | { status: 'none' }
  | ({ status: 'pending' } & Asked)
  /** The bank was told, or is about to be. `tries` that brought no answer; any of them may have arrived. */
  | ({ status: 'sending'; transfer: Transfer; accountVersion: number; tries: number } & Asked)
  /** `refused`: the version of the account that the bank would not take; 0 while there is none. */
  | ({ status: 'waiting-account'; refused: number; reason: string } & Asked)
  | ({ status: 'completed' } & Asked)
  /** Taken back, but only reversed once the bank has said whether the transfer arrived: what the seller owes depends on it. */
  | ({ status: 'reversing'; transfer: Transfer; tries: number } & Asked)
  | ({ status: 'reversed' } & Asked)
  /** The reversal came first: a request that comes after it pays nothing. */
  | { status: 'tombstone'; order: OrderRef };

export type Input =
  // asked by the order's owner
  | { type: 'RequestPayout'; order: OrderRef; payeeId: string; gross: Money; at: Instant }
  | { type: 'ReversePayout'; order: OrderRef; at: Instant }
  // time to decide what is sent
  | { type: 'PrepareTransfer'; id: string; standing: Standing; at: Instant }
  // what came of asking the bank
  | { type: 'Transferred'; at: Instant }
  | { type: 'NotTransferred'; reason: string; at: Instant }
  | { type: 'TransferUnanswered'; retryAt: Instant };

export type PayoutEvent =
  | { type: 'PayoutRequested'; order: OrderRef; terms: Terms; at: Instant }
  | { type: 'TransferIntended'; transfer: Transfer; accountVersion: number; number: number; at: Instant }
  | { type: 'TransferPostponed'; retryAt: Instant }
  | { type: 'TransferReturned'; reason: string; at: Instant }
  | { type: 'AccountMissing' }
  | { type: 'PayoutCompleted' }
  | { type: 'PayoutReversed'; order: OrderRef; at: Instant }
  | { type: 'DoubtSettled'; at: Instant }
  /** Whoever asked hears again how the payout stands. */
  | { type: 'AnswerRepeated' };

export function decide(state: Payout, input: Input): Decision<PayoutEvent, never> {
  switch (input.type) {
    case 'RequestPayout': {
      const { order, payeeId, gross, at } = input;
      if (state.status !== 'none') return accept({ type: 'AnswerRepeated' });
      return accept({ type: 'PayoutRequested', order, terms: { payeeId, gross, policy: samplePolicy, ...share(gross, samplePolicy) }, at });
    }
    case 'ReversePayout':
      return isOver(state) ? accept({ type: 'AnswerRepeated' }) : accept({ type: 'PayoutReversed', order: input.order, at: input.at });
    case 'PrepareTransfer':
      return prepare(state, input);

    case 'Transferred':
      if (state.status === 'sending') return accept({ type: 'PayoutCompleted' });
      return state.status === 'reversing' ? accept({ type: 'DoubtSettled', at: input.at }) : accept();
    case 'NotTransferred':
      return isInDoubt(state) ? accept({ type: 'TransferReturned', reason: input.reason, at: input.at }) : accept();
    case 'TransferUnanswered':
      return isInDoubt(state) ? accept({ type: 'TransferPostponed', retryAt: input.retryAt }) : accept();
  }
}

/** Never more than is due in all: what a seller owes from reversals is kept back, and so settled. */
function prepare(state: Payout, { id, standing, at }: Extract<Input, { type: 'PrepareTransfer' }>): Decision<PayoutEvent, never> {
  if (state.status !== 'pending' && state.status !== 'waiting-account') return accept();
  const { net } = state.terms;
  const { account, balance, transfers } = standing;
  const amount = { ...net, amount: Math.max(0, Math.min(net.amount, balance)) };
  if (amount.amount === 0) return accept({ type: 'PayoutCompleted' });
  if (!account) return state.status === 'pending' ? accept({ type: 'AccountMissing' }) : accept();
  if (state.status === 'waiting-account' && state.refused === account.version) return accept();
  const { version, ...to } = account;
  return accept({ type: 'TransferIntended', transfer: { key: nextKey(id, state.journal), amount, to }, accountVersion: version, number: transfers + 1, at });
}

/** The bank gives one key the same answer for ever; after a refusal it is asked by another. */
function nextKey(id: string, journal: Journal): string {
  const before = journal.filter(({ type }) => type === 'TRANSFERRED').length;
  return before === 0 ? id : `${id}-${before + 1}`;
}

const isInDoubt = (state: Payout): boolean => state.status === 'sending' || state.status === 'reversing';

const isOver = ({ status }: Payout): boolean => status === 'reversing' || status === 'reversed' || status === 'tombstone';

export function evolve(state: Payout, event: PayoutEvent): Payout {
  if (event.type === 'PayoutRequested')
    return { status: 'pending', order: event.order, terms: event.terms, journal: [earned(event.at, event.terms)] };
  if (state.status === 'none') return event.type === 'PayoutReversed' ? { status: 'tombstone', order: event.order } : state;
  if (state.status === 'tombstone') return state;
  const { order, terms, journal } = state;
  const asked: Asked = { order, terms, journal };
  switch (event.type) {
    case 'TransferIntended': {
      const { transfer, accountVersion, at } = event;
      return { status: 'sending', ...asked, journal: [...journal, transferred(at, transfer.amount.amount)], transfer, accountVersion, tries: 0 };
    }
    case 'TransferPostponed':
      return state.status === 'sending' || state.status === 'reversing' ? { ...state, tries: state.tries + 1 } : state;
    case 'TransferReturned':
      return notTransferred(state, event);
    case 'AccountMissing':
      return { status: 'waiting-account', ...asked, refused: 0, reason: 'NO_ACCOUNT' };
    case 'PayoutCompleted':
      return { status: 'completed', ...asked };
    case 'PayoutReversed':
      return state.status === 'sending' ? { status: 'reversing', ...asked, transfer: state.transfer, tries: 0 } : over(asked, event.at);
    case 'DoubtSettled':
      return over(asked, event.at);
    case 'AnswerRepeated':
      return state;
  }
}

function notTransferred(state: Extract<Payout, Asked>, { reason, at }: Extract<PayoutEvent, { type: 'TransferReturned' }>): Payout {
  if (state.status !== 'sending' && state.status !== 'reversing') return state;
  const { order, terms, transfer } = state;
  const asked: Asked = { order, terms, journal: [...state.journal, returned(at, transfer.amount.amount)] };
  return state.status === 'reversing'
    ? over(asked, at)
    : { status: 'waiting-account', ...asked, refused: state.accountVersion, reason };
}

const over = ({ order, terms, journal }: Asked, at: Instant): Payout => ({ status: 'reversed', order, terms, journal: [...journal, reversed(at, terms)] });

export const payouts: Decider<Payout, Input, PayoutEvent, never> = { initial: { status: 'none' }, decide, evolve };
