import { cancelsAs, type Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Decision } from '#kernel/decision.ts';
import { minus, type Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { dateAt, daysAfter, daysBetween, instantAt, type Instant } from '#kernel/time.ts';
import { cancellationFee, refundPercent } from './policy.ts';
import type { Booking, Part, Refusal, Reservation, ReservationEvent } from './reservation.ts';

export function cancel(
  state: Reservation,
  { by, at }: { by: Canceller; at: Instant },
): Decision<ReservationEvent, Refusal> {
  if (state.status === 'none') return refuse('no-such-reservation');
  const { booking } = state;
  const who = cancelsAs(by, { customerId: booking.guestId }, 'no-such-reservation');
  if (!who.accepted) return who;
  if (state.status === 'cancelling' || state.status === 'cancelled') return accept(); // idempotent: the first one counts
  if (!isCancellable(state, at, who.afterBegin ? booking.checkOutAt : booking.checkInAt))
    return refuse('not-cancellable');
  const { reasonText } = who;
  if (who.as === 'CUSTOMER') {
    const keep = cancellationFee(booking.policy, booking.total, daysBeforeCheckIn(booking, at));
    return accept({
      type: 'ReservationCancelling',
      cause: 'CANCELLED_BY_GUEST',
      reasonText,
      keep,
      askedAt: at,
      ...(state.status === 'paid' && { wasPaid: true }),
    });
  }
  const keep = { ...booking.total, amount: 0 };
  return accept({ type: 'ReservationCancelling', cause: 'CANCELLED_BY_STAFF', reasonText, keep, askedAt: at });
}

/** The last part that is given back ends the cancellation. A part that is not awaited changes nothing. */
export function returned(state: Reservation, part: Part): Decision<ReservationEvent, Refusal> {
  if (!('awaiting' in state) || !state.awaiting?.includes(part)) return accept();
  return accept(
    state.status === 'cancelling' && state.awaiting.length === 1
      ? { type: 'ReservationCancelled' }
      : { type: 'ReservationPartReturned', part },
  );
}

/** Terms of the refund, also for a cancellation that an earlier version began at `began`. Nothing is kept of a card that is charged too late. */
export function refundTerms(
  state: Extract<Reservation, { status: 'cancelling' | 'payment-failed' }>,
  began: Instant,
): RefundTerms {
  const { booking } = state;
  const nothing = { ...booking.total, amount: 0 };
  if (state.status === 'payment-failed') return { keep: nothing, askedAt: began };
  const { cause, askedAt = began, wasPaid } = state;
  const keep =
    cause === 'CANCELLED_BY_GUEST'
      ? cancellationFee(booking.policy, booking.total, daysBeforeCheckIn(booking, askedAt))
      : nothing;
  return { keep: state.keep ?? keep, askedAt, ...(wasPaid && { wasPaid }) };
}

/** What a cancellation at `at` would refund. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  reason: string;
}

export function previewCancellation(
  state: Reservation,
  at: Instant,
): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  if (state.status === 'none' || !isCancellable(state, at)) return 'not-cancellable';
  const { total, policy } = state.booking;
  const daysBefore = daysBeforeCheckIn(state.booking, at);
  const nothing = { ...total, amount: 0 };
  const percent = refundPercent(policy, daysBefore);
  if (state.status !== 'paid') return { paid: nothing, refund: nothing, percent, reason: 'NOTHING_PAID' };
  const line = policy.refunds.find((each) => daysBefore >= each.daysBefore);
  return {
    paid: total,
    refund: minus(total, cancellationFee(policy, total, daysBefore)),
    percent,
    reason: line ? `DAYS_BEFORE_${line.daysBefore}` : 'SAME_DAY',
  };
}

/** The guest and the customer centre can until check-in; administrators as long as a host, until the check-out day. */
function isCancellable(
  state: Exclude<Reservation, { status: 'none' }>,
  at: Instant,
  until = state.booking.checkInAt,
): boolean {
  switch (state.status) {
    case 'requested':
    case 'confirmed':
    case 'payment-pending':
    case 'paid':
      return at < until;
    case 'completed':
    case 'rejected':
    case 'payment-failed':
    case 'cancelling':
    case 'cancelled':
      return false;
  }
}

/** When the line of the policy for so many days before check-in ends: with a day of the room's calendar. */
export const endOfLine = ({ checkIn, checkInAt, timeZone }: Booking, daysBefore: number): Instant =>
  Math.min(instantAt(daysAfter(checkIn, 1 - daysBefore), 0, timeZone), checkInAt);

/** Until when a cancellation refunds everything; undefined where it never does. */
export function freeUntil(booking: Booking): Instant | undefined {
  const line = booking.policy.refunds.findLast(({ percent }) => percent === 100);
  return line && endOfLine(booking, line.daysBefore);
}

/** Whole days left before check-in, by the room's calendar. */
const daysBeforeCheckIn = (booking: Booking, at: Instant): number =>
  daysBetween(dateAt(at, booking.timeZone), booking.checkIn);
