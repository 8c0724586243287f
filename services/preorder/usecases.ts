import type { Kept, Updated } from '#kernel/aggregate.ts';
import { refuse } from '#kernel/decision.ts';
import { previewCancellation, type CancelPreview } from './cancellation.ts';
import type { Inventory, Preorders } from './ports.ts';
import { decide, isMade, preorders as core, type Input, type Preorder, type Refusal, type Wish } from './preorder.ts';

type PreorderUpdated = Promise<Updated<Preorder, Refusal>>;

/**
 * Pre-orders, if there is stock (P2). While inventory cannot be asked, nothing is kept (P10); from the moment that it may hold stock for
 * the pre-order, the intention to have it is kept, and given up again unless it becomes one.
 */
export async function requestPreorder({ preorders, inventory }: { preorders: Preorders; inventory: Inventory }, id: string, wish: Wish): PreorderUpdated {
  const request: Input = { type: 'RequestPreorder', wish, phone: await inventory.find(wish.productId) };
  const wished = decide(core.initial, request);
  if (!wished.accepted) return wished;
  let isIntended = false;
  const intend = async (): Promise<void> => {
    if (!isIntended) isIntended = (await preorders.note(id, (state) => decide(state, request))).accepted;
  };
  try {
    if ((await inventory.hold(id, wish.productId, wish.quantity, intend)) === 'held') return await preorders.update(id, (state) => decide(state, { type: 'StockHeld' }));
    await preorders.note(id, (state) => decide(state, { type: 'StockRefused' }));
    return refuse('out-of-stock');
  } catch (error) {
    if (isIntended) await giveUp({ preorders }, id).catch(() => undefined); // then its alarm clock does
    throw error;
  }
}

/** An intention that did not become a pre-order; what inventory may hold for it goes back. */
export const giveUp = async ({ preorders }: { preorders: Preorders }, id: string): Promise<void> => {
  await preorders.note(id, (state) => decide(state, { type: 'StockUnanswered' }));
};

/** Cancels for its customer (P6). */
export const cancelPreorder = ({ preorders }: { preorders: Preorders }, id: string, by: string): PreorderUpdated =>
  preorders.update(id, (state) => decide(state, { type: 'CancelPreorder', by }));

/** A pre-order that `reader` may see, or undefined. */
export async function readPreorder({ preorders }: { preorders: Preorders }, id: string, reader: { id: string; seesAll: boolean }): Promise<Kept<Preorder> | undefined> {
  const kept = await preorders.get(id);
  if (!kept || !isMade(kept.state)) return undefined;
  return reader.seesAll || kept.state.booking.customerId === reader.id ? kept : undefined;
}

/** What cancelling now would give back. */
export async function previewOf(
  ports: { preorders: Preorders },
  id: string,
  reader: { id: string; seesAll: boolean },
): Promise<CancelPreview | Extract<Refusal, 'no-such-preorder' | 'not-cancellable'>> {
  const kept = await readPreorder(ports, id, reader);
  return kept ? previewCancellation(kept.state) : 'no-such-preorder';
}
