import type { Refused } from '#kernel/decision.ts';
import { minus, totalMismatch, type Money } from '#kernel/money.ts';
import { mostAlternatives, type Quote } from '#kernel/quote.ts';
import { minutes, type Instant } from '#kernel/time.ts';
import type { Cafe } from './cafe.ts';
import { cancellationFee } from './policy.ts';
import { bookingOf, type Refusal, type Wish } from './selection.ts';

/** Another seat of the same cafe, for the same period. */
export interface OtherSeat {
  seatId: string;
  label: string;
  total: Money;
}

/** `not-checked`: studycafe does not answer; the selection would be accepted, and may be refused later. */
export type Reason = 'not-on-sale' | 'seat-taken' | 'seat-blocked' | 'price-changed' | 'not-checked';

export type SeatQuote = Quote<Reason, OtherSeat>;

/** State of each seat of a cafe in a period, by its id. */
export type SeatStates = ReadonlyMap<string, 'free' | 'taken' | 'blocked'>;

/** What a selection would be now, by the very terms that it would get. `seats`: their states in the period, if they are known. */
export function quoteSeat(
  {
    wish,
    cafe,
    agreed,
    seats,
  }: { wish: Wish; cafe: Cafe | undefined; agreed: Money | undefined; seats: SeatStates | undefined },
  at: Instant,
  /** How long a held seat may remain unpaid, in milliseconds. */
  payWithin: number,
): SeatQuote | Refused<Refusal> {
  const wanted = bookingOf(wish, cafe, at);
  if (!wanted.accepted) return wanted;
  const { booking, cafe: of, label } = wanted;
  const { period, policy, total } = booking;
  const state = seats && (seats.get(wish.seatId) ?? 'taken');
  const refusal = of.isClosed
    ? 'not-on-sale'
    : state === 'taken' || state === 'blocked'
      ? (`seat-${state}` as const)
      : totalMismatch(agreed, total)
        ? 'price-changed'
        : undefined;
  return {
    isAvailable: refusal === undefined,
    reason: refusal ?? (seats ? undefined : 'not-checked'),
    lines: [
      {
        text: `${of.name} · ${label}`,
        quantity: (period.end - period.start) / minutes(60),
        unitPrice: of.pricePerHour,
        amount: total,
      },
    ],
    total,
    refundSteps: [
      { until: period.start, percent: policy.refundPercent, refund: minus(total, cancellationFee(policy, total)) },
    ],
    holdUntil: Math.min(at + payWithin, period.start),
    alternatives:
      refusal === 'seat-taken' || refusal === 'seat-blocked' ? otherSeats(wish.seatId, of, seats, total) : [],
  };
}

/** Free seats, the nearest first in the order of the cafe's map. */
function otherSeats(seatId: string, { seats }: Cafe, states: SeatStates | undefined, total: Money): OtherSeat[] {
  const wanted = seats.findIndex(({ id }) => id === seatId);
  return seats
    .map(({ id, label }, nth) => ({ seatId: id, label, total, away: Math.abs(nth - wanted) }))
    .filter((seat) => states?.get(seat.seatId) === 'free')
    .toSorted((one, other) => one.away - other.away)
    .slice(0, mostAlternatives)
    .map(({ away: _, ...seat }) => seat);
}
