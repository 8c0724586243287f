import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Cards } from '#kernel/card.ts';
import type { Canceller } from '#kernel/canceller.ts';
import type { Refused } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { previewCancellation, type CancelPreview } from './cancellation.ts';
import type { Nights, Reservations, Rooms } from './ports.ts';
import { nightsAround, quoteStay, type StayQuote } from './quote.ts';
import { decide, type Refusal, type Reservation, type Wish } from './reservation.ts';

/** Asks for a room (L1). Needs no other service: the room and its price are lodging's own copy (L8), and payment may be silent (B5). */
export async function requestReservation(
  { reservations, rooms, cards }: { reservations: Reservations; rooms: Rooms; cards: Cards },
  id: string,
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  at: Instant,
): Promise<Updated<Reservation, Refusal>> {
  const [room, noCard] = await Promise.all([
    rooms.find(wish.roomId),
    cards.refusal(wish.guestId, wish.paymentMethodId),
  ]);
  return reservations.update(
    id,
    (state, limits) => decide(state, { type: 'RequestReservation', wish, room, agreed, noCard, limits, at }),
    async () => (room ? reservations.limits(id, wish.guestId, room.hostId) : []),
  );
}

/** What a reservation would be now (B1). Stores nothing; while property is silent, it is not known whether the nights are free. */
export async function quoteReservation(
  { rooms, nights, payWithin }: { rooms: Rooms; nights: Nights; payWithin: number },
  { wish, agreed }: { wish: Wish; agreed: Money | undefined },
  at: Instant,
): Promise<StayQuote | Refused<Refusal>> {
  const room = await rooms.find(wish.roomId);
  const quoted = (free: Awaited<ReturnType<Nights['free']>>) => quoteStay({ wish, room, agreed, free }, at, payWithin);
  const unchecked = quoted(undefined);
  if (!room || 'refusal' in unchecked) return unchecked; // property need not be asked about what is no stay
  const { from, to } = nightsAround(wish, room, at);
  return quoted(await nights.free(room.id, from, to));
}

/** Cancels for its guest (L5), or for staff (B4). */
export const cancelReservation = (
  { reservations }: { reservations: Reservations },
  id: string,
  by: Canceller,
  at: Instant,
): Promise<Updated<Reservation, Refusal>> =>
  reservations.update(id, (state) => decide(state, { type: 'CancelReservation', by, at }));

/** A reservation that `reader` may see, or undefined. */
export async function readReservation(
  { reservations }: { reservations: Reservations },
  id: string,
  reader: { id: string; seesAll: boolean },
): Promise<StoredAggregate<Reservation> | undefined> {
  const kept = await reservations.get(id);
  if (!kept || kept.state.status === 'none') return undefined;
  return reader.seesAll || kept.state.booking.guestId === reader.id ? kept : undefined;
}

/** What a cancellation now would refund. */
export async function previewOf(
  ports: { reservations: Reservations },
  id: string,
  reader: { id: string; seesAll: boolean },
  at: Instant,
): Promise<CancelPreview | Extract<Refusal, 'no-such-reservation' | 'not-cancellable'>> {
  const kept = await readReservation(ports, id, reader);
  return kept ? previewCancellation(kept.state, at) : 'no-such-reservation';
}

/** A timer is due: payment is silent, a deadline passed, the check-out day came, or it is time to ask again. */
export const onTimer = async (
  { reservations }: { reservations: Reservations },
  id: string,
  type: 'PaymentAnswerOverdue' | 'PaymentDeadlinePassed' | 'CardDeadlinePassed' | 'CheckOutDayCame' | 'AskAgain',
  at: Instant,
): Promise<void> => {
  await reservations.update(id, (state) => decide(state, { type, at }));
};
