import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Canceller } from '#kernel/canceller.ts';
import { refuse, type Refused } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { isAccepted, previewCancellation, type CancelPreview } from './cancellation.ts';
import { contractFor, type Wish } from './contract.ts';
import type { Payments, Products, Rentals } from './ports.ts';
import { quoteRental, type RentalQuote } from './quote.ts';
import { decide, rentals as core, type Input, type Refusal, type Rental } from './rental.ts';

export interface Ports {
  rentals: Rentals;
  products: Products;
  payments: Payments;
  now(): Instant;
}

/**
 * Rents a dispenser: paid first, or not accepted at all (R2, R7). The intent is committed before payment is asked, so that whatever
 * happens between the two is undone: here when no answer comes, and by the clock when we die (`undoIntent`). Asked again by the same call
 * before that, the intent is gone on with, and the customer charged once.
 */
export async function rent(
  { rentals, products, payments, now }: Ports,
  newId: string,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
): Promise<Updated<Rental, Refusal>> {
  const [{ rental: before, mark }, product] = await Promise.all([
    rentals.earlierAttempt(),
    products.find(wish.productId),
  ]);
  const [id, state] = [before?.id ?? newId, before?.state ?? core.initial];
  const contract = state.status === 'none' ? contractFor(wish, product) : state.contract;
  if (typeof contract === 'string') return refuse(contract);
  const limits = async (): Promise<Limit[]> => [...(await rentals.limits(id, wish.customerId)), ...mark];
  const begin = (free: readonly Limit[]): Input => ({ type: 'BeginPayment', contract, agreed, limits: free });
  const wished = decide(state, begin(await limits()));
  if (!wished.accepted) return wished;

  const note = (input: Input) => rentals.updateWithoutProof(id, (state) => decide(state, input));
  let isIntended = false;
  let refused: Updated<Rental, Refusal> | undefined;
  const intend = async (): Promise<boolean> => {
    isIntended = true; // from here on it may be stored, also when no answer comes
    const noted = await rentals.updateWithoutProof(id, (state, free) => decide(state, begin(free)), limits);
    if (!noted.accepted) [isIntended, refused] = [false, noted];
    return noted.accepted;
  };
  let outcome: Awaited<ReturnType<Payments['pay']>>;
  try {
    outcome = await payments.pay(id, contract, intend);
    if (outcome === 'paid') return await rentals.update(id, (state) => decide(state, { type: 'Paid' }));
    if (refused) return refused;
  } catch (error) {
    if (isIntended) await note({ type: 'PaymentInDoubt', at: now() });
    throw error;
  }
  await note({ type: 'PaymentDeclined' });
  return refuse(outcome === 'declined' || outcome === 'not-intended' ? 'payment-declined' : outcome);
}

/** What a rental would be now (B1). Stores nothing, and asks nobody: the product is rental's own copy. */
export async function quoteFor(
  { products }: { products: Pick<Products, 'find' | 'newest'> },
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
): Promise<RentalQuote | Refused<Refusal>> {
  const product = await products.find(wish.productId);
  const onSale = product?.isClosed ? await products.newest() : [];
  return quoteRental({ wish, product, agreed, onSale });
}

/** The timer is due: an intent that has not become a rental is undone. */
export async function undoIntent({ rentals, now }: Ports, id: string): Promise<void> {
  await rentals.update(id, (state) => decide(state, { type: 'PaymentInDoubt', at: now() }));
}

/** Time to ask again what is not answered, or to give all money back. */
export async function askAgain({ rentals, now }: Ports, id: string, due: Instant): Promise<void> {
  const at = Math.max(due, now());
  const made = (await rentals.get(id))?.createdAt ?? at;
  await rentals.update(id, (state) => decide(state, { type: 'AskAgain', made, at }));
}

/** Cancels for its customer (R5), or for staff (B4). */
export const cancelRental = ({ rentals, now }: Ports, id: string, by: Canceller): Promise<Updated<Rental, Refusal>> =>
  rentals.update(id, (state) => decide(state, { type: 'CancelRental', by, at: now() }));

export interface Reader {
  id: string;
  seesAll: boolean;
}

/** A rental that `reader` may see, or undefined. */
export async function readRental(
  { rentals }: Ports,
  id: string,
  reader: Reader,
): Promise<StoredAggregate<Rental> | undefined> {
  const kept = await rentals.get(id);
  if (!kept || !isAccepted(kept.state)) return undefined;
  return reader.seesAll || kept.state.contract.customerId === reader.id ? kept : undefined;
}

/** What a cancellation now would refund. */
export async function previewOf(
  ports: Ports,
  id: string,
  reader: Reader,
): Promise<CancelPreview | Extract<Refusal, 'no-such-rental' | 'not-cancellable'>> {
  const kept = await readRental(ports, id, reader);
  return kept ? previewCancellation(kept.state) : 'no-such-rental';
}
