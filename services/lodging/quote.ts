import type { Refused } from '#kernel/decision.ts';
import { minus, totalMismatch, type Money } from '#kernel/money.ts';
import { mostAlternatives, type Quote, type RefundStep } from '#kernel/quote.ts';
import { dateAt, daysAfter, daysBetween, daysOf, type Instant, type LocalDate } from '#kernel/time.ts';
import { endOfLine } from './cancellation.ts';
import { cancellationFee, refundPercent } from './policy.ts';
import { bookingOf, type Booking, type Refusal, type Wish } from './reservation.ts';
import type { Room } from './room.ts';

/** Other nights of the same room, as many. */
export interface OtherNights {
  checkIn: LocalDate;
  checkOut: LocalDate;
  total: Money;
}

/** `not-checked`: property does not answer; the reservation would be accepted, and may be rejected later. */
export type Reason = 'not-on-sale' | 'nights-taken' | 'price-changed' | 'not-checked';

export type StayQuote = Quote<Reason, OtherNights>;

/** Other nights are looked for so many days before and after those that were asked for. */
const around = 14;

/** The nights to look at for a quote: those of the stay, and those of others in its place. */
export const nightsAround = (
  { checkIn, checkOut }: Wish,
  { timeZone }: Room,
  at: Instant,
): { from: LocalDate; to: LocalDate } => {
  const [today, earliest] = [dateAt(at, timeZone), daysAfter(checkIn, -around)];
  return { from: earliest < today ? today : earliest, to: daysAfter(checkOut, around) };
};

/** What a reservation would be now, by the very terms that it would get. `free`: the free nights around it, if they are known. */
export function quoteStay(
  {
    wish,
    room,
    agreed,
    free,
  }: {
    wish: Wish;
    room: Room | undefined;
    agreed: Money | undefined;
    free: ReadonlySet<LocalDate> | undefined;
  },
  at: Instant,
  /** How long a confirmed stay may remain unpaid, in milliseconds. */
  payWithin: number,
): StayQuote | Refused<Refusal> {
  const wanted = bookingOf(wish, room, at);
  if (!wanted.accepted) return wanted;
  const { booking, room: of } = wanted;
  const isTaken = free !== undefined && !isFree(wish, free);
  const refusal = of.isClosed
    ? 'not-on-sale'
    : isTaken
      ? 'nights-taken'
      : totalMismatch(agreed, booking.total)
        ? 'price-changed'
        : undefined;
  return {
    isAvailable: refusal === undefined,
    reason: refusal ?? (free ? undefined : 'not-checked'),
    lines: [
      {
        text: `${of.propertyName} · ${of.roomName}`,
        quantity: daysBetween(wish.checkIn, wish.checkOut),
        unitPrice: of.pricePerNight,
        amount: booking.total,
      },
    ],
    total: booking.total,
    refundSteps: refundSteps(booking, at),
    holdUntil: Math.min(at + payWithin, booking.checkInAt),
    alternatives: refusal === 'nights-taken' ? otherNights(wish, of, free ?? new Set(), at) : [],
  };
}

const isFree = ({ checkIn, checkOut }: Pick<Wish, 'checkIn' | 'checkOut'>, free: ReadonlySet<LocalDate>): boolean =>
  daysOf(checkIn, checkOut).every((night) => free.has(night));

/** What a cancellation refunds from now on until check-in: each line of the policy ends with a day of the room's calendar. */
function refundSteps(booking: Booking, at: Instant): RefundStep[] {
  const { policy, total, checkInAt } = booking;
  const stepOf = (until: Instant, daysBefore: number): RefundStep => ({
    until,
    percent: refundPercent(policy, daysBefore),
    refund: minus(total, cancellationFee(policy, total, daysBefore)),
  });
  const lines = policy.refunds.map(({ daysBefore }) => stepOf(endOfLine(booking, daysBefore), daysBefore));
  const rest = policy.refunds.some(({ daysBefore }) => daysBefore <= 0) ? [] : [stepOf(checkInAt, 0)];
  return [...lines, ...rest].filter(({ until = 0 }) => until > at);
}

/** Free stays of the same length, the nearest first; of two as near, the earlier. */
function otherNights(wish: Wish, room: Room, free: ReadonlySet<LocalDate>, at: Instant): OtherNights[] {
  const shifts = Array.from({ length: around }, (_, nth) => [-1 - nth, 1 + nth]).flat();
  return shifts
    .map((shift) => ({ checkIn: daysAfter(wish.checkIn, shift), checkOut: daysAfter(wish.checkOut, shift) }))
    .filter((nights) => isFree(nights, free))
    .flatMap(({ checkIn, checkOut }) => {
      const other = bookingOf({ ...wish, checkIn, checkOut }, room, at);
      return other.accepted ? [{ checkIn, checkOut, total: other.booking.total }] : [];
    })
    .slice(0, mostAlternatives);
}
