import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Cards } from '#kernel/card.ts';
import type { Canceller } from '#kernel/canceller.ts';
import type { Refused } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Cafe } from './cafe.ts';
import { previewCancellation, type CancelPreview } from './cancellation.ts';
import type { Ports, Seats } from './ports.ts';
import { quoteSeat, type SeatQuote } from './quote.ts';
import { decide, type Refusal, type Selection, type Wish } from './selection.ts';

/** Selects a seat (C1). Needs no other service: the cafe and its price are seating's own copy, and payment may be silent (B5). */
export async function selectSeat(
  { selections, cards }: Ports & { cards: Cards },
  id: string,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  cafe: Cafe | undefined,
  at: Instant,
): Promise<Updated<Selection, Refusal>> {
  const noCard = await cards.refusal(wish.customerId, wish.paymentMethodId);
  return selections.update(
    id,
    (state, limits) => decide(state, { type: 'SelectSeat', wish, cafe, agreed, noCard, limits, at }),
    () => selections.limits(id, wish.customerId),
  );
}

/** What a selection would be now (B1). Stores nothing; while studycafe is silent, it is not known whether the seat is free. */
export async function quoteSelection(
  { seats, payWithin }: { seats: Seats; payWithin: number },
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  cafe: Cafe | undefined,
  at: Instant,
): Promise<SeatQuote | Refused<Refusal>> {
  const quoted = (states: Awaited<ReturnType<Seats['states']>>) =>
    quoteSeat({ wish, cafe, agreed, seats: states }, at, payWithin);
  const unchecked = quoted(undefined);
  if ('refusal' in unchecked) return unchecked; // studycafe need not be asked about what is no selection
  return quoted(await seats.states(wish.cafeId, wish.period));
}

/** Cancels for its customer (C4), or for staff (B4). */
export const cancelSelection = (
  { selections }: Ports,
  id: string,
  by: Canceller,
  at: Instant,
): Promise<Updated<Selection, Refusal>> =>
  selections.update(id, (state) => decide(state, { type: 'CancelSelection', by, at }));

/** A selection that `reader` may see, or undefined. */
export async function readSelection(
  { selections }: Ports,
  id: string,
  reader: { id: string; seesAll: boolean },
): Promise<StoredAggregate<Selection> | undefined> {
  const kept = await selections.get(id);
  if (!kept || kept.state.status === 'none') return undefined;
  return reader.seesAll || kept.state.booking.customerId === reader.id ? kept : undefined;
}

/** What a cancellation now would refund. */
export async function previewOf(
  ports: Ports,
  id: string,
  reader: { id: string; seesAll: boolean },
  at: Instant,
): Promise<CancelPreview | Extract<Refusal, 'no-such-selection' | 'not-cancellable'>> {
  const kept = await readSelection(ports, id, reader);
  return kept ? previewCancellation(kept.state, at) : 'no-such-selection';
}

/** A timer is due: payment is silent, a deadline passed, the time is over, or it is time to ask again. */
export const onTimer = async (
  { selections }: Ports,
  id: string,
  type: 'PaymentAnswerOverdue' | 'PaymentDeadlinePassed' | 'CardDeadlinePassed' | 'TimeIsOver' | 'AskAgain',
  at: Instant,
): Promise<void> => {
  await selections.update(id, (state) => decide(state, { type, at }));
};
