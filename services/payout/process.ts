import type { Aggregate, Consequences, Kept } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import { payoutAccounts, type AccountRegistered, type PayoutAccount } from './account.ts';
import { payouts, type Input, type Payout, type PayoutEvent } from './payout.ts';

/** What payout tells whoever asked. */
/** `again`: it answers a command that came again. */
export type Message = ({ type: 'PayoutCompleted'; order: OrderRef; net: Money } | { type: 'PayoutReversed'; order: OrderRef }) & { again?: true };

/** What follows from each event: who is told, when the bank is asked (again), and which number in the row of transfers is taken. */
function after(event: PayoutEvent, { state, updatedAt }: Kept<Payout>): Consequences<Message> {
  switch (event.type) {
    case 'PayoutRequested':
    case 'AccountMissing': // an account that came in between knew of nobody who waits, so it is looked for once more
      return { timers: [{ name: 'send', at: updatedAt }] };
    case 'TransferReturned': // nor did one that came while the bank was asked about another
      return state.status === 'waiting-account' ? { timers: [{ name: 'send', at: updatedAt }] } : {};
    case 'TransferIntended':
      return { timers: [{ name: 'send', at: updatedAt }], claims: state.status === 'sending' ? [nthTransfer(state.terms.payeeId, event.number)] : [] };
    case 'TransferPostponed':
      return { timers: [{ name: state.status === 'reversing' ? 'settle' : 'send', at: event.retryAt }] };
    case 'PayoutReversed':
      return { messages: answer(state), stopTimers: ['send'], timers: state.status === 'reversing' ? [{ name: 'settle', at: updatedAt }] : [] };
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

/** How the payout stands, as it is told; nothing while it is on its way. */
function answer(state: Payout): Message[] {
  switch (state.status) {
    case 'none':
    case 'pending':
    case 'sending':
    case 'waiting-account':
      return [];
    case 'completed':
      return [{ type: 'PayoutCompleted', order: state.order, net: state.terms.net }];
    case 'reversing':
    case 'reversed':
    case 'tombstone':
      return [{ type: 'PayoutReversed', order: state.order }];
  }
}

export const payout: Aggregate<Payout, Input, PayoutEvent, never, Message> = {
  ...payouts,
  name: 'payout',
  consequences: ([event], kept) => (event ? after(event, kept) : {}), // an input has one event
};

/** A new account wakes the payouts that wait for one. */
export const payoutAccount: Aggregate<PayoutAccount, AccountRegistered, AccountRegistered, never, never> = {
  ...payoutAccounts,
  name: 'payout_account',
  consequences: (_, { updatedAt }) => ({ timers: [{ name: 'wake', at: updatedAt }] }),
};
