import type { Instant } from '#kernel/time.ts';
import { refundKeyOf } from './keys.ts';
import { decide, isUnknown, type Payment } from './payment.ts';
import type { ComparedBooks, Difference, LedgerEntry, Payments, Ports, Provider, Sums } from './ports.ts';

/**
 * Compares our payments with the provider's ledger, both ways: what either of them booked or changed since `since`. What looks
 * different is read again by itself before it is called so: an order may have moved between the two readings, and an order's
 * entries may reach back beyond `since`, and `also` those that were unknown before. Payments under way are left to finish; one that moves while we look is left to the next run.
 */
export async function reconcile(
  { payments, provider }: { payments: Payments; provider: Provider },
  since: Instant,
  also: readonly string[] = [],
): Promise<Difference[]> {
  const theirs = new Map<string, Sums>();
  for await (const entry of provider.ledger({ since })) theirs.set(entry.key, add(theirs.get(entry.key), entry));

  const suspects: string[] = [];
  for await (const kept of payments.changedSince(since)) {
    if (isResting(kept.state) && !same(expected(kept.state), theirs.get(kept.id))) suspects.push(kept.id);
    theirs.delete(kept.id);
  }

  const differences: Difference[] = [];
  for (const id of new Set([...suspects, ...theirs.keys(), ...also])) {
    const difference = await compare({ payments, provider }, id);
    if (difference) differences.push(difference);
  }
  return differences;
}

async function compare(
  { payments, provider }: { payments: Payments; provider: Provider },
  id: string,
): Promise<Difference | undefined> {
  const before = await payments.get(id);
  let theirs = nothing;
  let amount: LedgerEntry['amount'] | undefined;
  for await (const entry of provider.ledger({ key: id })) [theirs, amount] = [add(theirs, entry), entry.amount];
  const moved = (await payments.get(id))?.version !== before?.version;
  const state: Payment = before?.state ?? { status: 'none' };
  const ours = expected(state);
  if (moved || !isResting(state) || same(ours, theirs)) return undefined;
  const left = theirs.charged - theirs.refunded;
  return {
    id,
    status: state.status,
    ours,
    theirs,
    ...(amount && left > 0 && isUnknown(state) && { unknown: { ...amount, amount: left } }),
  };
}

const nothing: Sums = { charged: 0, refunded: 0 };

const add = (books: Sums = nothing, { type, amount }: LedgerEntry): Sums =>
  type === 'CHARGE'
    ? { ...books, charged: books.charged + amount.amount }
    : { ...books, refunded: books.refunded + amount.amount };

const same = (ours: Sums, theirs: Sums = nothing): boolean =>
  ours.charged === theirs.charged && ours.refunded === theirs.refunded;

/**
 * One comparison: raises an alarm for each difference. A charge that no payment of ours stands for is given back once it has been known for
 * `patienceMs` (0: never): an order that was restored from a backup may still ask for it, and then it is that order's.
 */
export async function compareBooks(
  ports: Pick<Ports, 'payments' | 'provider' | 'turn' | 'now' | 'raise'> & { books: ComparedBooks },
  { lookBackMs, patienceMs }: { lookBackMs: number; patienceMs: number },
): Promise<Difference[]> {
  const { books, now, raise } = ports;
  const at = now();
  const before = await books.get();
  const differences = await reconcile(
    ports,
    Math.min(at, before.comparedAt ?? at) - lookBackMs,
    Object.keys(before.unknown),
  );
  for (const { unknown: _, ...difference } of differences) raise({ type: 'BooksDiffer', ...difference });
  const unknown = differences.filter((difference) => difference.unknown);
  const { unknown: since } = await books.compared({ type: 'Compared', at, unknown: unknown.map(({ id }) => id) });
  const due = patienceMs > 0 ? unknown.filter(({ id }) => (since[id] ?? at) <= at - patienceMs) : [];
  const failures: unknown[] = [];
  for (const difference of due) await giveBack(ports, difference).catch((error: unknown) => failures.push(error));
  if (failures.length) throw failures[0]; // the next turn tries again
  return differences;
}

/** Noted before it is given back, so that whoever asks for it from now on hears that it is called off. */
async function giveBack(
  { payments, provider, turn, raise }: Pick<Ports, 'payments' | 'provider' | 'turn' | 'raise'>,
  { id, theirs, unknown: left }: Difference,
): Promise<void> {
  if (!left) return;
  const noted = await payments.update(id, (state) =>
    decide(state, { type: 'CallOffUnknown', id, charged: { ...left, amount: theirs.charged } }),
  );
  if (!noted.accepted || !isUnknown(noted.after.state)) return;
  const refundKey = refundKeyOf({ order: { id }, ...(theirs.refunded > 0 && { back: { amount: theirs.refunded } }) });
  await turn(1, 2);
  const answer = await provider.refund({ key: id, refundKey, amount: left });
  if (answer.outcome === 'refused') raise({ type: 'RefundRefused', id, reason: answer.reason });
  else raise({ type: 'UnknownChargeGivenBack', id, amount: left });
}

/** Whether the books should agree by now. */
const isResting = (state: Payment): boolean => state.status !== 'pending' && state.status !== 'refunding';

function expected(state: Payment): Sums {
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
