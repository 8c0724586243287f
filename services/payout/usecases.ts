import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { seconds, type Instant } from '#kernel/time.ts';
import { backOff, pauseAfter } from '#kernel/unanswered.ts';
import { payoutAccounts, type BankAccount, type PayoutAccount } from './account.ts';
import { needsReview } from './holding.ts';
import { decide, type Input, type Payout, type Refusal } from './payout.ts';
import type { BankAnswer, Ports } from './ports.ts';

type Sending = Extract<Payout, { status: 'sending' }>;
type Reversing = Extract<Payout, { status: 'reversing' }>;

/** A seller says where the money goes (T3). `isRegistered`: whether it is the account that is stored. */
export const registerAccount = (
  { accounts, now }: Pick<Ports, 'accounts' | 'now'>,
  payeeId: string,
  account: BankAccount,
  isRegistered: (stored: BankAccount) => boolean,
): Promise<Updated<PayoutAccount, never>> =>
  accounts.update(payeeId, (state) => {
    const repeated = state.status === 'registered' && isRegistered(state.account);
    return payoutAccounts.decide(state, { type: 'RegisterAccount', account, repeated, at: now() });
  });

/** An operator lets a payout pass the ceilings. What payment says is checked all the same. */
export const approvePayout = (
  { payouts }: Pick<Ports, 'payouts'>,
  id: string,
  by: string,
): Promise<Updated<Payout, Refusal>> => payouts.update(id, (state) => decide(state, { type: 'ApprovePayout', by }));

/** The timer `due`: the hold is over. */
export async function endHold(ports: Ports, id: string, at: Instant): Promise<void> {
  raiseReview(ports, await ports.payouts.update(id, (state) => decide(state, { type: 'HoldElapsed', at })));
}

function raiseReview({ raise }: Pick<Ports, 'raise'>, updated: Updated<Payout, Refusal>): void {
  if (!updated.accepted) return;
  const { id, state } = updated.after;
  if (state.status === 'held' && needsReview(state.reason))
    raise({ type: 'PayoutInReview', id, payeeId: state.terms.payeeId, reason: state.reason });
}

/** The timer `send`: first decides what is sent, and the next time has the bank send it. The intent is committed before, the outcome after. */
export async function send(ports: Ports, id: string): Promise<void> {
  const kept = await ports.payouts.get(id);
  switch (kept?.state.status) {
    case 'pending':
    case 'waiting-account':
      return prepare(ports, id, kept.state.terms.payeeId);
    case 'sending': {
      const input = await transfer(ports, kept, kept.state);
      await ports.payouts.update(id, (state) => decide(state, input));
    }
  }
}

async function prepare(ports: Ports, id: string, payeeId: string): Promise<void> {
  const { payouts, paidOrders, ceilings, now, random } = ports;
  const found = await paidOrders.find(id).then(
    (payment) => ({ payment }),
    () => 'unanswered' as const,
  );
  if (found === 'unanswered') {
    await payouts.update(id, (state) => decide(state, { type: 'Unanswered', retryAt: now() + backOff(4, random()) }));
    return;
  }
  const updated = await payouts.prepare(id, payeeId, (state, standing) =>
    decide(state, { type: 'PrepareTransfer', id, standing, payment: found.payment, ceilings, at: now() }),
  );
  raiseReview(ports, updated);
}

async function transfer(
  { bank, turn, now, random }: Ports,
  { id, updatedAt }: StoredAggregate<Payout>,
  { transfer, tries }: Sending,
): Promise<Input> {
  try {
    // Asked before it is sent again. In its first moments only a crash can have sent it, and the bank knows a young key for sure.
    const mayHaveBeenSent = tries > 0 || now() - updatedAt > youngMs;
    await turn(tries, mayHaveBeenSent ? 2 : 1);
    const answer = (mayHaveBeenSent ? await bank.find(transfer.key) : undefined) ?? (await bank.transfer(id, transfer));
    return outcome(answer, now());
  } catch (error) {
    return { type: 'Unanswered', retryAt: now() + pauseAfter(error, tries, random) };
  }
}

const outcome = (answer: BankAnswer, at: number): Input =>
  answer.outcome === 'transferred'
    ? { type: 'Transferred', at }
    : { type: 'NotTransferred', reason: answer.reason, at };

/** The timer `settle`: a transfer in doubt is stopped, or known to have arrived, before the payout counts as reversed. */
export async function settle(ports: Ports, id: string): Promise<void> {
  const kept = await ports.payouts.get(id);
  if (kept?.state.status !== 'reversing') return;
  const input = await stop(ports, kept.state);
  await ports.payouts.update(id, (state) => decide(state, input));
}

async function stop({ bank, turn, now, random }: Ports, { transfer, tries }: Reversing): Promise<Input> {
  try {
    await turn(tries, 1);
    return (await bank.void(transfer.key)) === 'transferred'
      ? { type: 'Transferred', at: now() }
      : { type: 'NotTransferred', reason: 'VOIDED', at: now() };
  } catch (error) {
    return { type: 'Unanswered', retryAt: now() + pauseAfter(error, tries, random) };
  }
}

/** The timer `wake` of an account: whatever waits for it is sent. */
export async function wake(ports: Ports, payeeId: string): Promise<void> {
  for (let page = await waiting(ports, payeeId); page.length; page = await waiting(ports, payeeId, page.at(-1)?.id))
    for (const { id } of page) await prepare(ports, id, payeeId);
}

const waiting = ({ payouts }: Ports, payeeId: string, after?: string): Promise<StoredAggregate<Payout>[]> =>
  payouts.list({ payeeId, shown: 'WAITING_ACCOUNT' }, { size: 100, ...(after && { after }) });

const youngMs = seconds(2);
