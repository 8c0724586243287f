import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Refused } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { previewCancellation, type CancelPreview } from './cancellation.ts';
import type { Inventory, Preorders } from './ports.ts';
import { quotePhones, type PreorderQuote } from './quote.ts';
import { decide, isMade, preorders as core, type Input, type Preorder, type Refusal, type Wish } from './preorder.ts';

type PreorderUpdated = Promise<Updated<Preorder, Refusal>>;

/**
 * Pre-orders, if there is stock (P2). While inventory cannot be asked, nothing is kept (P10); from the moment that it may hold stock for
 * the pre-order, the intention to have it is kept, and given up again unless it becomes one.
 */
export async function requestPreorder(
  { preorders, inventory }: { preorders: Preorders; inventory: Pick<Inventory, 'find' | 'hold'> },
  newId: string,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
): PreorderUpdated {
  const { preorder: earlier, mark } = await preorders.earlierAttempt();
  const id = earlier?.id ?? newId;
  if (earlier && isMade(earlier.state)) return preorders.update(id, () => accept());
  const limits = async (): Promise<Limit[]> => [...(await preorders.limits(id, wish)), ...mark];
  const [phone, before] = await Promise.all([inventory.find(wish.productId), limits()]);
  const request = (free: readonly Limit[]): Input => ({ type: 'RequestPreorder', wish, phone, agreed, limits: free });
  let isIntended = earlier?.state.status === 'intended';
  if (!isIntended) {
    const wished = decide(core.initial, request(before));
    if (!wished.accepted) return wished;
  }
  let refused: Awaited<PreorderUpdated> | undefined;
  const intend = async (): Promise<boolean> => {
    if (isIntended) return true;
    const noted = await preorders.updateWithoutProof(id, (state, free) => decide(state, request(free)), limits);
    if (!noted.accepted) refused = noted;
    return (isIntended = noted.accepted);
  };
  try {
    const outcome = await inventory.hold(id, wish.productId, wish.quantity, intend);
    if (outcome === 'held') return await preorders.update(id, (state) => decide(state, { type: 'StockHeld' }));
    if (refused) return refused;
    await preorders.updateWithoutProof(id, (state) => decide(state, { type: 'StockRefused' }));
    return refuse('out-of-stock');
  } catch (error) {
    if (isIntended) await giveUp({ preorders }, id).catch(() => undefined); // otherwise its timer does
    throw error;
  }
}

/** What a pre-order would be now (B1). Stores nothing; while inventory cannot be asked, there is none. */
export async function quotePreorder(
  inventory: Pick<Inventory, 'find' | 'variants'>,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  at: Instant,
  acceptWithin: number,
): Promise<PreorderQuote | Refused<Refusal>> {
  const phone = await inventory.find(wish.productId);
  const quoted = (variants: Awaited<ReturnType<Inventory['variants']>>) =>
    quotePhones({ wish, phone, variants, agreed }, at, acceptWithin);
  const first = quoted([]);
  if (!phone?.family || 'refusal' in first || first.reason !== 'out-of-stock') return first;
  return quoted(await inventory.variants(phone.family));
}

/** An intention that did not become a pre-order; what inventory may hold for it goes back. */
export const giveUp = async ({ preorders }: { preorders: Preorders }, id: string): Promise<void> => {
  await preorders.updateWithoutProof(id, (state) => decide(state, { type: 'StockUnanswered' }));
};

/** The clock spoke: no dealership has accepted it in time. */
export const expirePreorder = async ({ preorders }: { preorders: Preorders }, id: string): Promise<void> => {
  await preorders.update(id, (state) => decide(state, { type: 'AcceptanceOverdue' }));
};

/** The clock spoke: it was accepted, and neither sent nor picked up in time. */
export const expireAccepted = async ({ preorders }: { preorders: Preorders }, id: string): Promise<void> => {
  await preorders.update(id, (state) => decide(state, { type: 'ReceiptOverdue' }));
};

/** Time to ask again what is not answered. */
export const askAgain = async ({ preorders }: { preorders: Preorders }, id: string, at: Instant): Promise<void> => {
  await preorders.update(id, (state) => decide(state, { type: 'AskAgain', at }));
};

/** Cancels for its customer (P6), or for staff (B4). */
export const cancelPreorder = ({ preorders }: { preorders: Preorders }, id: string, by: Canceller): PreorderUpdated =>
  preorders.update(id, (state) => decide(state, { type: 'CancelPreorder', by }));

/** A pre-order that `reader` may see, or undefined. */
export async function readPreorder(
  { preorders }: { preorders: Preorders },
  id: string,
  reader: { id: string; seesAll: boolean },
): Promise<StoredAggregate<Preorder> | undefined> {
  const kept = await preorders.get(id);
  if (!kept || !isMade(kept.state)) return undefined;
  return reader.seesAll || kept.state.booking.customerId === reader.id ? kept : undefined;
}

/** What a cancellation now would refund. */
export async function previewOf(
  ports: { preorders: Preorders },
  id: string,
  reader: { id: string; seesAll: boolean },
): Promise<CancelPreview | Extract<Refusal, 'no-such-preorder' | 'not-cancellable'>> {
  const kept = await readPreorder(ports, id, reader);
  return kept ? previewCancellation(kept.state) : 'no-such-preorder';
}
