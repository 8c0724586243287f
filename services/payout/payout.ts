import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { BankAccount } from './account.ts';
import {
  aboveCeiling,
  covers,
  needsReview,
  type Ceilings,
  type HoldReason,
  type PaymentRecord,
  type Review,
} from './holding.ts';
import { earned, returned, reversed, transferred, type Journal } from './journal.ts';
import { samplePolicy, share, type CommissionPolicy, type Shares } from './policy.ts';

/** Payee and amounts; fixed by the first request. */
export interface Terms extends Shares {
  payeeId: string;
  gross: Money;
  policy: CommissionPolicy;
}

/** The order to the bank, the same each time: the key ensures that it is executed once. */
export interface Transfer {
  key: string;
  amount: Money;
  to: BankAccount;
}

/** A seller's balance with Jari. */
export interface Standing {
  /** `version` rises whenever the seller registers one. Nothing is sent to it before `usableFrom`. */
  account: (BankAccount & { version: number; usableFrom: Instant }) | undefined;
  /** What is due by all bookings of this seller except those of held payouts; below zero it is owed. */
  balance: number;
  /** So many transfers were begun. */
  transfers: number;
  /** What was sent in the last 24 hours. */
  sentLately: number;
  firstSentAt: Instant | undefined;
}

interface Asked {
  order: OrderRef;
  terms: Terms;
  journal: Journal;
  /** The operator who let it pass the ceilings. */
  approvedBy?: string;
  /** The version of a changed account that it was held for. Timers go by another clock than decisions, so it waits once. */
  waitedFor?: number;
}

/** An order's payout (송금). Its id is the order's. */
export type Payout =
  | { status: 'none' }
  /** Booked, and not to be sent before `due`. Until it is `released`, the order can still be refunded. */
  | ({ status: 'held'; due: Instant; released: boolean; reason: HoldReason } & Asked)
  /** Due: what is sent is decided next. */
  | ({ status: 'pending' } & Asked)
  /** The transfer was sent, or is about to be. `tries`: attempts without an answer; any of them may have arrived. */
  | ({ status: 'sending'; transfer: Transfer; accountVersion: number; tries: number } & Asked)
  /** `refused`: version of the account that the bank refused; 0 if there is none. */
  | ({ status: 'waiting-account'; refused: number; reason: string } & Asked)
  | ({ status: 'completed' } & Asked)
  /** Taken back, but reversed only when the bank has said whether the transfer arrived: what the seller owes depends on it. */
  | ({ status: 'reversing'; transfer: Transfer; tries: number } & Asked)
  | ({ status: 'reversed' } & Asked)
  /** The release came first: a request that comes after it is held until `due`, and released. */
  | { status: 'released-early'; order: OrderRef; due: Instant }
  /** The reversal came first: a request that comes after it pays nothing. */
  | { status: 'tombstone'; order: OrderRef };

export type Input =
  // asked by the order's owner
  | { type: 'RequestPayout'; order: OrderRef; payeeId: string; gross: Money; due: Instant; at: Instant }
  | { type: 'ReleasePayout'; order: OrderRef; due: Instant }
  /** `unlessSent`: what has left for the bank stays. */
  | { type: 'ReversePayout'; order: OrderRef; unlessSent: boolean; at: Instant }
  // asked by an operator
  | { type: 'ApprovePayout'; by: string }
  // timers
  | { type: 'HoldElapsed'; at: Instant }
  // time to decide what is sent
  | {
      type: 'PrepareTransfer';
      id: string;
      standing: Standing;
      payment: PaymentRecord | undefined;
      ceilings: Ceilings;
      at: Instant;
    }
  // what came of asking the bank, or payment
  | { type: 'Transferred'; at: Instant }
  | { type: 'NotTransferred'; reason: string; at: Instant }
  | { type: 'Unanswered'; retryAt: Instant };

export type PayoutEvent =
  | { type: 'PayoutHeld'; order: OrderRef; terms: Terms; due: Instant; released: boolean; at: Instant }
  | { type: 'PayoutReleased'; order: OrderRef; due: Instant }
  | { type: 'HoldExtended'; due: Instant; accountVersion: number }
  | { type: 'ReviewNeeded'; reason: Review; at: Instant }
  | { type: 'PayoutApproved'; by: string }
  | { type: 'PayoutDue' }
  | { type: 'TransferIntended'; transfer: Transfer; accountVersion: number; number: number; at: Instant }
  | { type: 'TransferPostponed'; retryAt: Instant }
  | { type: 'TransferReturned'; reason: string; at: Instant }
  | { type: 'AccountMissing' }
  | { type: 'PayoutCompleted' }
  | { type: 'PayoutReversed'; order: OrderRef; at: Instant }
  | { type: 'DoubtSettled'; at: Instant }
  /** The order gets the current answer again. */
  | { type: 'AnswerRepeated' };

export type Refusal = 'no-such-payout' | 'own-request' | 'not-in-review' | 'not-released';

export function decide(state: Payout, input: Input): Decision<PayoutEvent, Refusal> {
  switch (input.type) {
    case 'RequestPayout': {
      const { order, payeeId, gross, at } = input;
      if (state.status !== 'none' && state.status !== 'released-early') return accept({ type: 'AnswerRepeated' });
      const terms: Terms = { payeeId, gross, policy: samplePolicy, ...share(gross, samplePolicy) };
      const released = state.status === 'released-early';
      const due = released ? Math.max(state.due, input.due) : input.due;
      return accept({ type: 'PayoutHeld', order, terms, due, released, at });
    }
    case 'ReleasePayout': // asked twice, the first release counts; it brings no payout before the time that was promised
      if (state.status === 'none') return accept({ type: 'PayoutReleased', order: input.order, due: input.due });
      return state.status === 'held' && !state.released
        ? accept({ type: 'PayoutReleased', order: input.order, due: Math.max(state.due, input.due) })
        : accept({ type: 'AnswerRepeated' });
    case 'ReversePayout':
      return isOver(state) || (input.unlessSent && isSent(state))
        ? accept({ type: 'AnswerRepeated' })
        : accept({ type: 'PayoutReversed', order: input.order, at: input.at });
    case 'ApprovePayout':
      return approve(state, input.by);
    case 'HoldElapsed':
      if (state.status !== 'held' || needsReview(state.reason) || input.at < state.due) return accept();
      return accept(
        state.released ? { type: 'PayoutDue' } : { type: 'ReviewNeeded', reason: 'NOT_RELEASED', at: input.at },
      );
    case 'PrepareTransfer':
      return prepare(state, input);

    case 'Transferred':
      if (state.status === 'sending') return accept({ type: 'PayoutCompleted' });
      return state.status === 'reversing' ? accept({ type: 'DoubtSettled', at: input.at }) : accept();
    case 'NotTransferred':
      return isInDoubt(state) ? accept({ type: 'TransferReturned', reason: input.reason, at: input.at }) : accept();
    case 'Unanswered':
      return isInDoubt(state) || isDue(state)
        ? accept({ type: 'TransferPostponed', retryAt: input.retryAt })
        : accept();
  }
}

/** An operator answers for amounts, and not for an order that has not ended: its buyer may still get everything back. */
function approve(state: Payout, by: string): Decision<PayoutEvent, Refusal> {
  if (!('terms' in state)) return refuse('no-such-payout');
  if (state.terms.payeeId === by) return refuse('own-request');
  if (state.status === 'held' && state.reason === 'NOT_RELEASED') return refuse('not-released');
  if (state.status === 'held' && needsReview(state.reason)) return accept({ type: 'PayoutApproved', by });
  return state.approvedBy === by ? accept() : refuse('not-in-review'); // idempotent
}

/**
 * Never more than is due in all: what a seller owes from reversals is kept back, and so settled. Never what the buyer has not paid, and
 * never above the ceilings without an operator.
 */
function prepare(state: Payout, input: Extract<Input, { type: 'PrepareTransfer' }>): Decision<PayoutEvent, Refusal> {
  if (!isDue(state)) return accept();
  const { id, standing, payment, ceilings, at } = input;
  const { account, balance, transfers } = standing;
  if (!covers(payment, state.terms)) return accept({ type: 'ReviewNeeded', reason: 'PAYMENT_MISMATCH', at });
  const { net } = state.terms;
  const amount = { ...net, amount: Math.max(0, Math.min(net.amount, balance)) };
  if (amount.amount === 0) return accept({ type: 'PayoutCompleted' });
  if (!account) return state.status === 'pending' ? accept({ type: 'AccountMissing' }) : accept();
  if (state.status === 'waiting-account' && state.refused === account.version) return accept();
  const { version, usableFrom, ...to } = account;
  if (usableFrom > at && state.waitedFor !== version)
    return accept({ type: 'HoldExtended', due: usableFrom, accountVersion: version });
  const above = state.approvedBy === undefined ? aboveCeiling(amount, standing, ceilings, at) : undefined;
  if (above) return accept({ type: 'ReviewNeeded', reason: above, at });
  return accept({
    type: 'TransferIntended',
    transfer: { key: nextKey(id, state.journal), amount, to },
    accountVersion: version,
    number: transfers + 1,
    at,
  });
}

/** The bank gives one key the same answer for ever; after a refusal it is asked by another. */
function nextKey(id: string, journal: Journal): string {
  const before = journal.filter(({ type }) => type === 'TRANSFERRED').length;
  return before === 0 ? id : `${id}-${before + 1}`;
}

const isInDoubt = (state: Payout): boolean => state.status === 'sending' || state.status === 'reversing';

const isDue = (state: Payout): state is Extract<Payout, { status: 'pending' | 'waiting-account' }> =>
  state.status === 'pending' || state.status === 'waiting-account';

/** Maybe: nobody knows it of a transfer that is under way. */
const isSent = ({ status }: Payout): boolean => status === 'sending' || status === 'completed';

const isOver = ({ status }: Payout): boolean =>
  status === 'reversing' || status === 'reversed' || status === 'tombstone';

export function evolve(state: Payout, event: PayoutEvent): Payout {
  if (event.type === 'PayoutHeld') {
    const { order, terms, due, released } = event;
    return { status: 'held', order, terms, journal: [earned(event.at, terms)], due, released, reason: '' };
  }
  if (!('terms' in state)) return first(state, event);
  const { order, terms, journal, approvedBy, waitedFor } = state;
  const asked: Asked = {
    order,
    terms,
    journal,
    ...(approvedBy !== undefined && { approvedBy }),
    ...(waitedFor !== undefined && { waitedFor }),
  };
  switch (event.type) {
    case 'PayoutReleased':
      return { status: 'held', ...asked, due: event.due, released: true, reason: '' };
    case 'HoldExtended':
      return {
        status: 'held',
        ...asked,
        due: event.due,
        released: true,
        reason: 'ACCOUNT_CHANGED',
        waitedFor: event.accountVersion,
      };
    case 'ReviewNeeded':
      return {
        status: 'held',
        ...asked,
        due: event.at,
        released: state.status !== 'held' || state.released,
        reason: event.reason,
      };
    case 'PayoutApproved':
      return { status: 'pending', ...asked, approvedBy: event.by };
    case 'PayoutDue':
      return { status: 'pending', ...asked };
    case 'TransferIntended': {
      const { transfer, accountVersion, at } = event;
      return {
        status: 'sending',
        ...asked,
        journal: [...journal, transferred(at, transfer.amount.amount)],
        transfer,
        accountVersion,
        tries: 0,
      };
    }
    case 'TransferPostponed':
      return state.status === 'sending' || state.status === 'reversing' ? { ...state, tries: state.tries + 1 } : state;
    case 'TransferReturned':
      return notTransferred(state, asked, event);
    case 'AccountMissing':
      return { status: 'waiting-account', ...asked, refused: 0, reason: 'NO_ACCOUNT' };
    case 'PayoutCompleted':
      return { status: 'completed', ...asked };
    case 'PayoutReversed':
      return state.status === 'sending'
        ? { status: 'reversing', ...asked, transfer: state.transfer, tries: 0 }
        : over(asked, event.at);
    case 'DoubtSettled':
      return over(asked, event.at);
    case 'AnswerRepeated':
      return state;
  }
}

/** What came before the request. */
function first(state: Payout, event: PayoutEvent): Payout {
  if (state.status === 'tombstone') return state;
  if (event.type === 'PayoutReversed') return { status: 'tombstone', order: event.order };
  return event.type === 'PayoutReleased' ? { status: 'released-early', order: event.order, due: event.due } : state;
}

function notTransferred(
  state: Payout,
  asked: Asked,
  { reason, at }: Extract<PayoutEvent, { type: 'TransferReturned' }>,
): Payout {
  if (state.status !== 'sending' && state.status !== 'reversing') return state;
  const back: Asked = { ...asked, journal: [...asked.journal, returned(at, state.transfer.amount.amount)] };
  return state.status === 'reversing'
    ? over(back, at)
    : { status: 'waiting-account', ...back, refused: state.accountVersion, reason };
}

const over = (asked: Asked, at: Instant): Payout => ({
  ...asked,
  status: 'reversed',
  journal: [...asked.journal, reversed(at, asked.terms)],
});

export const payouts: Decider<Payout, Input, PayoutEvent, Refusal> = { initial: { status: 'none' }, decide, evolve };
