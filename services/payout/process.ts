import type { Aggregate, Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { forEachEvent } from '#kernel/consequences.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { payoutAccounts, type AccountEvent, type PayoutAccount, type RegisterAccount } from './account.ts';
import type { HoldReason } from './holding.ts';
import { payouts, type Input, type Payout, type PayoutEvent, type Refusal } from './payout.ts';

/** Answers of payout to the order. */
/** `again`: it answers a command that came again. */
export type Message = (
  | { type: 'PayoutHeld'; order: OrderRef; net: Money; due: Instant; reason: HoldReason }
  | { type: 'PayoutCompleted'; order: OrderRef; net: Money }
  | { type: 'PayoutReversed'; order: OrderRef }
) & { again?: true };

/** What follows from each event: messages, timers for the bank, and the number of the transfer that is claimed. */
function after(event: PayoutEvent, { state, updatedAt }: StoredAggregate<Payout>): Consequences<Message> {
  switch (event.type) {
    case 'PayoutHeld':
    case 'PayoutReleased':
    case 'HoldExtended':
      return { messages: answer(state), timers: state.status === 'held' ? [{ name: 'due', at: state.due }] : [] };
    case 'ReviewNeeded': // an operator decides; no clock does
      return { messages: answer(state) };
    case 'PayoutDue':
    case 'PayoutApproved':
    case 'AccountMissing': // an account registered meanwhile did not see this payout: look for it once more
      return { timers: [{ name: 'send', at: updatedAt }] };
    case 'TransferReturned': // nor did one that came while the bank was asked about another
      return state.status === 'waiting-account' ? { timers: [{ name: 'send', at: updatedAt }] } : {};
    case 'TransferIntended':
      return {
        timers: [{ name: 'send', at: updatedAt }],
        claims: state.status === 'sending' ? [nthTransfer(state.terms.payeeId, event.number)] : [],
      };
    case 'TransferPostponed':
      return { timers: [{ name: state.status === 'reversing' ? 'settle' : 'send', at: event.retryAt }] };
    case 'PayoutReversed':
      return {
        messages: answer(state),
        stopTimers: ['due', 'send'],
        timers: state.status === 'reversing' ? [{ name: 'settle', at: updatedAt }] : [],
      };
    case 'PayoutCompleted':
      return { messages: answer(state) };
    case 'AnswerRepeated':
      return { messages: answer(state).map((each) => ({ ...each, again: true })) };
    case 'DoubtSettled':
      return {};
  }
}

/**
 * How much is sent depends on what was sent before, so a seller's transfers are numbered and each number is taken once: of two that
 * were decided on the same balance one is decided again.
 */
const nthTransfer = (payeeId: string, number: number) => ({ key: `${payeeId}/${number}` });

/** The current answer of payout; none while the transfer is on its way. */
function answer(state: Payout): Message[] {
  switch (state.status) {
    case 'none':
    case 'released-early':
    case 'pending':
    case 'sending':
    case 'waiting-account':
      return [];
    case 'held':
      return [{ type: 'PayoutHeld', order: state.order, net: state.terms.net, due: state.due, reason: state.reason }];
    case 'completed':
      return [{ type: 'PayoutCompleted', order: state.order, net: state.terms.net }];
    case 'reversing':
    case 'reversed':
    case 'tombstone':
      return [{ type: 'PayoutReversed', order: state.order }];
  }
}

export const payout: Aggregate<Payout, Input, PayoutEvent, Refusal, Message> = {
  ...payouts,
  name: 'payout',
  consequences: forEachEvent(after),
};

/** The seller is notified, because somebody else may have changed the account. */
export type AccountMessage = { type: 'PayoutAccountChanged'; payeeId: string; changedAt: Instant };

/** A new account wakes the payouts that wait for one. */
export const payoutAccount: Aggregate<PayoutAccount, RegisterAccount, AccountEvent, never, AccountMessage> = {
  ...payoutAccounts,
  name: 'payout_account',
  consequences: (events, { id, updatedAt }) => ({
    timers: [{ name: 'wake', at: updatedAt }],
    messages: events.flatMap((event) =>
      event.type === 'AccountChanged'
        ? [{ type: 'PayoutAccountChanged' as const, payeeId: id, changedAt: event.at }]
        : [],
    ),
  }),
};
