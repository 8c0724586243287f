import { balanceOf, type LedgerAccount } from '../../../services/payout/journal.ts';
import type { Purchase } from '../../../services/tutoring/purchase.ts';
import type { Play } from '../history.ts';
import { sentAt } from '../invariants.ts';
import { skewMs } from '../world.ts';
import { wrongTransfers } from './outgoings.ts';
import { accountOf, bankOf, payoutsIn, type Made } from './payout.ts';

type Bought = { id: string; state: Exclude<Purchase, { status: 'none' }> };

const accounts: readonly LedgerAccount[] = ['RECEIPTS', 'COMMISSION', 'SELLER', 'BANK'];

/** 5: an order's payout is the price less the commission, or nothing; each booking sums to zero; the bank has sent what our books say. */
export function sellersBooks(play: Play, purchases: readonly Bought[]): string[] {
  const payouts = new Map(payoutsIn(play.world).map(({ id, state }) => [id, state]));
  return [
    ...purchases.flatMap(({ id, state }) => duePerOrder(id, state.status, payouts.get(id))),
    ...[...payouts].flatMap(([id, state]) => [
      ...balanced(id, state),
      ...sent(play, id, state),
      ...forgotten(play, id, state),
    ]),
    ...[...Map.groupBy(payouts.values(), ({ terms }) => terms.payeeId).values()].flatMap(settled),
    ...wrongTransfers(play.world),
    ...purchases.flatMap((each) => heldTooEarly(play, each)),
    ...purchases.flatMap((each) => bothPaid(play, each)),
  ];
}

/** 5: no lecture ends, and so counts as held, before its planned start, until which its money may be refunded. */
function heldTooEarly({ world }: Play, { id, state }: Bought): string[] {
  const endedAt = sentAt(world, 'lecture', 'LectureEnded', id) ?? Infinity;
  return endedAt < state.terms.startTime - skewMs ? [`5: the lecture of ${id} ended before its start`] : [];
}

/** 5: what its buyer gets back was not sent to its seller. */
const bothPaid = ({ world }: Play, { id, state }: Bought): string[] =>
  state.status === 'cancelled' && bankOf(world).entries.some(({ orderId }) => orderId === id)
    ? [`5: ${id} is cancelled, and its seller was paid`]
    : [];

function duePerOrder(id: string, status: string, payout: Made | undefined): string[] {
  const net = payout
    ? balanceOf(
        payout.journal.filter(({ type }) => type === 'EARNED' || type === 'REVERSED'),
        'SELLER',
      )
    : 0;
  const due = status === 'completed' ? 45_005 : 0; // 50,005 less a commission of 5,000, rounded in the seller's favour
  if (net !== due) return [`5: ${id} is ${status}, and its seller is due ${net} instead of ${due}`];
  const isAtRest = payout === undefined || ['completed', 'waiting-account', 'reversed'].includes(payout.status);
  return isAtRest ? [] : [`6: the payout of ${id} hangs as ${payout.status}`];
}

function balanced(id: string, { journal }: Made): string[] {
  const wrong = journal.filter(({ postings }) => postings.reduce((sum, { amount }) => sum + amount, 0) !== 0);
  const whole = accounts.reduce((sum, account) => sum + balanceOf(journal, account), 0);
  return wrong.length || whole ? [`5: the books of ${id} do not balance`] : [];
}

function sent(play: Play, id: string, { journal }: Made): string[] {
  const entries = bankOf(play.world).entries.filter(({ orderId }) => orderId === id);
  const theirs = entries.reduce((sum, { amount }) => sum + amount.amount, 0);
  const ours = balanceOf(journal, 'BANK');
  return [
    ...(entries.length > 1 ? [`5: ${id} was transferred ${entries.length} times`] : []),
    ...(theirs === ours ? [] : [`5: the bank sent ${theirs} for ${id}, and the books say ${ours}`]),
  ];
}

/** What is due is kept back no longer than for an account that the bank takes. */
function forgotten({ world }: Play, id: string, state: Made): string[] {
  const account = accountOf(world, state.terms.payeeId);
  return state.status === 'waiting-account' && account && account.version !== state.refused
    ? [`6: the payout of ${id} waits, and there is an account`]
    : [];
}

/** What a seller owes is set off before anything is sent. */
function settled(payouts: readonly Made[]): string[] {
  const bookings = payouts.flatMap(({ journal }) => journal).sort((a, b) => a.at - b.at);
  let balance = 0;
  return bookings.flatMap((booking) => {
    balance += balanceOf([booking], 'SELLER');
    return booking.type === 'TRANSFERRED' && balance < 0 ? [`5: the seller owes ${-balance}, and was sent money`] : [];
  });
}
