import type { AskedAgain } from '#kernel/asking.ts';
import type { Canceller } from '#kernel/canceller.ts';
import type { CardRefusal } from '#kernel/card.ts';
import { onDecline, type CardDeclined, type Declined } from '#kernel/declined.ts';
import { accept, refuse, type Decider, type Decision, type Refused } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { totalMismatch, times, type Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { dateAt, daysAfter, daysBetween, horizonDays, instantAt, type Instant, type LocalDate } from '#kernel/time.ts';
import { cancel, returned } from './cancellation.ts';
import { samplePolicy, type CancellationPolicy } from './policy.ts';
import type { Room } from './room.ts';

/** What a guest asks for. */
export interface Wish {
  guestId: string;
  roomId: string;
  /** In the room's time zone; the check-out day is not a night. */
  checkIn: LocalDate;
  checkOut: LocalDate;
  guests: number;
  /** The card to charge; by default the default one. */
  paymentMethodId?: string | undefined;
}

/** The request and its terms; fixed when the reservation (예약) is made. */
export interface Booking extends Wish {
  hostId: string;
  title: string;
  timeZone: string;
  /** 15:00 of the check-in day: until then it can be cancelled. */
  checkInAt: Instant;
  /** When the check-out day begins: from then on it is completed. */
  checkOutAt: Instant;
  total: Money;
  policy: CancellationPolicy;
  /** Slots of the guest's limits that it occupies until it is paid or over. */
  slots: readonly string[];
}

export type Reservation =
  | { status: 'none' }
  | { status: 'requested' | 'confirmed' | 'paid' | 'completed'; booking: Booking }
  /** `declined`: why it waits for another card; absent where it waits for payment to answer. */
  | { status: 'payment-pending'; booking: Booking; declined?: Declined }
  | { status: 'rejected'; booking: Booking; reason: string; reasonText: string }
  /** `awaiting`: what is not back yet; absent in rows of earlier versions. */
  | { status: 'payment-failed'; booking: Booking; reason: string; reasonText: string; awaiting?: readonly Part[] }
  /** `keep`, `askedAt`: what payment is asked; absent in rows of earlier versions. */
  | {
      status: 'cancelling';
      booking: Booking;
      cause: Cause;
      reasonText: string;
      awaiting: readonly Part[];
      keep?: Money;
      askedAt?: Instant;
      wasPaid?: true;
    }
  | { status: 'cancelled'; booking: Booking; cause: Cause; reasonText: string };

/** NO_ANSWER: the stay was neither confirmed nor rejected by check-in. */
export type Cause = 'CANCELLED_BY_GUEST' | 'CANCELLED_BY_HOST' | 'CANCELLED_BY_STAFF' | 'PAYMENT_TIMEOUT' | 'NO_ANSWER';
/** Parts that a cancellation waits for. */
export type Part = 'stay' | 'payment';

export type Input =
  // commands of people
  | {
      type: 'RequestReservation';
      wish: Wish;
      room: Room | undefined;
      agreed: Money | undefined;
      /** Why no card can be charged; undefined also where payment does not answer in time. */
      noCard?: CardRefusal | undefined;
      limits: readonly Limit[];
      at: Instant;
    }
  | { type: 'CancelReservation'; by: Canceller; at: Instant }
  // events of property and payment
  | { type: 'StayConfirmed' }
  | { type: 'StayRejected'; reason: string; reasonText: string }
  | { type: 'StayCancelledByHost'; reasonText: string; at: Instant }
  | { type: 'StayReleased' }
  | { type: 'PaymentCompleted' }
  | { type: 'PaymentDeferred' }
  | ({ type: 'PaymentDeclined' } & CardDeclined)
  /** `kept` of what was charged; absent in messages of earlier versions. */
  | { type: 'PaymentCancelled'; kept?: Money }
  // timers
  | { type: 'PaymentAnswerOverdue' }
  | { type: 'PaymentDeadlinePassed'; at: Instant }
  | { type: 'CardDeadlinePassed' }
  | { type: 'CheckOutDayCame' }
  | { type: 'AskAgain'; at: Instant };

export type ReservationEvent =
  | { type: 'ReservationRequested'; booking: Booking }
  | { type: 'ReservationConfirmed' }
  | { type: 'ReservationRejected'; reason: string; reasonText: string }
  | { type: 'ReservationPaymentDeferred' }
  | { type: 'ReservationCardDeclined'; declined: Declined }
  | { type: 'ReservationPaid' }
  | { type: 'ReservationPaymentFailed'; reason: string; reasonText: string }
  | { type: 'ReservationCompleted' }
  | ({ type: 'ReservationCancelling'; cause: Cause; reasonText: string } & RefundTerms)
  | { type: 'ReservationPartReturned'; part: Part }
  | { type: 'ReservationCancelled' }
  | AskedAgain;

export type Refusal =
  | 'no-such-room'
  | 'not-on-sale'
  | 'too-many-guests'
  | 'too-many-nights'
  | 'in-the-past'
  | 'too-far-ahead'
  | 'price-changed'
  | CardRefusal
  | 'too-many-holds'
  | 'already-requested'
  | 'no-such-reservation'
  | 'text-required'
  | 'not-cancellable';

const checkInHour = 15;
const mostNights = 30;
const open = ['requested', 'confirmed', 'payment-pending', 'paid'] as const;
const unpaid = ['confirmed', 'payment-pending'] as const;

export function decide(state: Reservation, input: Input): Decision<ReservationEvent, Refusal> {
  switch (input.type) {
    case 'RequestReservation':
      return request(state, input);
    case 'CancelReservation':
      return cancel(state, input);

    case 'StayConfirmed':
      return onlyWhen(state, ['requested'], { type: 'ReservationConfirmed' });
    case 'StayRejected':
      return onlyWhen(state, ['requested'], {
        type: 'ReservationRejected',
        reason: input.reason,
        reasonText: input.reasonText,
      });
    case 'StayCancelledByHost': // the host decided before the end of the stay, even if the message is late; its nights are free
      return notTakenBack(state).includes(state.status)
        ? accept(cancelling(state, 'CANCELLED_BY_HOST', input.at, input.reasonText))
        : returned(state, 'stay');
    case 'StayReleased':
      return returned(state, 'stay');

    case 'PaymentCompleted':
      return onlyWhen(state, unpaid, { type: 'ReservationPaid' });
    case 'PaymentDeferred':
    case 'PaymentAnswerOverdue': // a service that is down cannot say that it defers
      return onlyWhen(state, ['confirmed'], { type: 'ReservationPaymentDeferred' });
    case 'PaymentDeclined':
      if (state.status !== 'confirmed' && state.status !== 'payment-pending') return accept();
      return onDecline<ReservationEvent>(declinedOf(state), input, {
        waits: (declined) => ({ type: 'ReservationCardDeclined', declined }),
        fails: () => paymentFailed(input),
      });
    case 'PaymentCancelled':
      return isRefunded(state, input) ? returned(state, 'payment') : accept();

    case 'PaymentDeadlinePassed':
      return onlyWhen(state, overdue(state, input.at), cancelling(state, 'PAYMENT_TIMEOUT', input.at));
    case 'CardDeadlinePassed': {
      const declined = declinedOf(state);
      return declined ? accept(paymentFailed(declined)) : accept();
    }
    case 'CheckOutDayCame':
      return onlyWhen(state, ['paid'], { type: 'ReservationCompleted' });
    case 'AskAgain':
      return isUnanswered(state, input.at)
        ? accept(cancelling(state, 'NO_ANSWER', input.at))
        : accept({ type: 'AskedAgain', at: input.at });
  }
}

function request(
  state: Reservation,
  { wish, room, agreed, noCard, limits, at }: Extract<Input, { type: 'RequestReservation' }>,
): Decision<ReservationEvent, Refusal> {
  if (state.status !== 'none') return refuse('already-requested');
  const wanted = bookingOf(wish, room, at);
  if (!wanted.accepted) return wanted;
  if (wanted.room.isClosed) return refuse('not-on-sale');
  const changed = totalMismatch(agreed, wanted.booking.total);
  if (changed) return refuse('price-changed', changed);
  if (noCard) return refuse(noCard);
  const tooMany = exceeded(limits);
  if (tooMany) return refuse('too-many-holds', tooMany);
  return accept({ type: 'ReservationRequested', booking: { ...wanted.booking, slots: slotsOf(limits) } });
}

/** The reservation that the wish comes to now, for an order and for a quote alike; or why it is no possible stay. */
export function bookingOf(
  wish: Wish,
  room: Room | undefined,
  at: Instant,
): { accepted: true; booking: Booking; room: Room } | Refused<Refusal> {
  if (!room) return refuse('no-such-room');
  if (wish.guests > room.capacity) return refuse('too-many-guests');
  const nights = daysBetween(wish.checkIn, wish.checkOut);
  if (nights > mostNights) return refuse('too-many-nights');
  const checkInAt = instantAt(wish.checkIn, checkInHour, room.timeZone);
  if (checkInAt <= at) return refuse('in-the-past');
  const latest = daysAfter(dateAt(at, room.timeZone), horizonDays);
  if (wish.checkOut > latest) return refuse('too-far-ahead', { latest });
  const booking: Booking = {
    ...wish,
    hostId: room.hostId,
    title: `${room.propertyName} · ${room.roomName} · ${wish.checkIn} – ${wish.checkOut}`,
    timeZone: room.timeZone,
    checkInAt,
    checkOutAt: instantAt(wish.checkOut, 0, room.timeZone),
    total: times(room.pricePerNight, nights),
    policy: samplePolicy,
    slots: [],
  };
  return { accepted: true, booking, room };
}

/** Why it waits for another card, if it does. */
const declinedOf = (state: Reservation): Declined | undefined =>
  state.status === 'payment-pending' ? state.declined : undefined;

const paymentFailed = ({ reason, reasonText }: Pick<Declined, 'reason' | 'reasonText'>): ReservationEvent => ({
  ...{ type: 'ReservationPaymentFailed', reason, reasonText },
});

/** The deadline is suspended while payment is down; the start of the stay ends it in any case. */
const overdue = (state: Reservation, at: Instant): readonly Reservation['status'][] =>
  state.status !== 'none' && state.booking.checkInAt <= at ? unpaid : ['confirmed'];

/** Check-in has begun without an answer to the request. */
const isUnanswered = (state: Reservation, at: Instant): boolean =>
  state.status === 'requested' && state.booking.checkInAt <= at;

/** The host's cancellation refunds in full, also after the guest's own; any other cancellation refunds in full anyway. */
const notTakenBack = (state: Reservation): readonly Reservation['status'][] =>
  'cause' in state && state.cause === 'CANCELLED_BY_GUEST' ? [state.status] : [...open, 'completed'];

/** The answer to a guest's cancellation does not end that of the host, which refunds more. */
const isRefunded = (state: Reservation, { kept }: { kept?: Money }): boolean =>
  state.status !== 'cancelling' || !state.keep || !kept || kept.amount <= state.keep.amount;

/** A cancellation that nobody requested here: full refund. */
const cancelling = (state: Reservation, cause: Cause, askedAt: Instant, reasonText = ''): ReservationEvent => ({
  type: 'ReservationCancelling',
  cause,
  reasonText,
  keep: state.status === 'none' ? { amount: 0, currency: 'KRW' } : { ...state.booking.total, amount: 0 },
  askedAt,
});

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. */
function onlyWhen(
  state: Reservation,
  statuses: readonly Reservation['status'][],
  event: ReservationEvent,
): Decision<ReservationEvent, Refusal> {
  return statuses.includes(state.status) ? accept(event) : accept();
}

export function evolve(state: Reservation, event: ReservationEvent): Reservation {
  if (event.type === 'ReservationRequested') return { status: 'requested', booking: event.booking };
  if (state.status === 'none') return state;
  const { booking } = state;
  switch (event.type) {
    case 'ReservationConfirmed':
      return { status: 'confirmed', booking };
    case 'ReservationRejected':
      return { status: 'rejected', booking, reason: event.reason, reasonText: event.reasonText };
    case 'ReservationPaymentDeferred':
      return { status: 'payment-pending', booking };
    case 'ReservationCardDeclined':
      return { status: 'payment-pending', booking, declined: event.declined };
    case 'ReservationPaid':
      return { status: 'paid', booking };
    case 'ReservationPaymentFailed':
      return {
        status: 'payment-failed',
        booking,
        reason: event.reason,
        reasonText: event.reasonText,
        awaiting: declinedOf(state) ? ['stay', 'payment'] : ['stay'], // another card may just be charged
      };
    case 'ReservationCompleted':
      return { status: 'completed', booking };
    case 'ReservationCancelling': {
      const { cause, reasonText, keep, askedAt, wasPaid } = event;
      // Already cancelled: the stay is released, so only the refund is requested again.
      return {
        status: 'cancelling',
        booking,
        cause,
        reasonText,
        awaiting: 'cause' in state ? ['payment'] : ['stay', 'payment'],
        keep,
        askedAt,
        ...(wasPaid && { wasPaid }),
      };
    }
    case 'ReservationPartReturned':
      return 'awaiting' in state
        ? { ...state, awaiting: state.awaiting?.filter((part) => part !== event.part) }
        : state;
    case 'ReservationCancelled':
      return state.status === 'cancelling'
        ? { status: 'cancelled', booking, cause: state.cause, reasonText: state.reasonText }
        : state;
    case 'AskedAgain':
      return state;
  }
}

export const reservations: Decider<Reservation, Input, ReservationEvent, Refusal> = {
  initial: { status: 'none' },
  defaults: { booking: { slots: () => [] } },
  decide,
  evolve,
};
