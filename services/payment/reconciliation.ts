import type { Instant } from '#kernel/time.ts';
import type { Payment } from './payment.ts';
import type { Books, Difference, LedgerEntry, Payments, Provider } from './ports.ts';

/**
 * Compares our payments with the provider's ledger, both ways: what either of them booked or changed since `since`. What looks
 * different is read again by itself before it is called so: an order may have moved between the two readings, and an order's
 * entries may reach back beyond `since`. Payments under way are left to finish; one that moves while we look is left to the next run.
 */
export async function reconcile({ payments, provider }: { payments: Payments; provider: Provider }, since: Instant): Promise<Difference[]> {
  const theirs = new Map<string, Books>();
  for await (const entry of provider.ledger({ since })) theirs.set(entry.key, add(theirs.get(entry.key), entry));

  const suspects: string[] = [];
  for await (const kept of payments.changedSince(since)) {
    if (isResting(kept.state) && !same(expected(kept.state), theirs.get(kept.id))) suspects.push(kept.id);
    theirs.delete(kept.id);
  }

  const differences: Difference[] = [];
  for (const id of [...suspects, ...theirs.keys()]) {
    const difference = await compare({ payments, provider }, id);
    if (difference) differences.push(difference);
  }
  return differences;
}

async function compare({ payments, provider }: { payments: Payments; provider: Provider }, id: string): Promise<Difference | undefined> {
  const before = await payments.get(id);
  let theirs = nothing;
  for await (const entry of provider.ledger({ key: id })) theirs = add(theirs, entry);
  const moved = (await payments.get(id))?.version !== before?.version;
  const state: Payment = before?.state ?? { status: 'none' };
  const ours = expected(state);
  return moved || !isResting(state) || same(ours, theirs) ? undefined : { id, status: state.status, ours, theirs };
}

const nothing: Books = { charged: 0, refunded: 0 };

const add = (books: Books = nothing, { type, amount }: LedgerEntry): Books =>
  type === 'CHARGE' ? { ...books, charged: books.charged + amount.amount } : { ...books, refunded: books.refunded + amount.amount };

const same = (ours: Books, theirs: Books = nothing): boolean => ours.charged === theirs.charged && ours.refunded === theirs.refunded;

/** Whether the books should agree by now. */
const isResting = (state: Payment): boolean => state.status !== 'pending' && state.status !== 'refunding';

function expected(state: Payment): Books {
  switch (state.status) {
    case 'completed':
      return { charged: state.intent.amount.amount, refunded: 0 };
    case 'cancelled':
      return { charged: state.charged.amount, refunded: state.refunded.amount };
    case 'none':
    case 'pending':
    case 'declined':
    case 'refunding':
      return nothing;
  }
}
