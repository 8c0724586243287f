import type { AskedAgain } from '#kernel/asking.ts';
import { defaultIfCancelled, type Canceller } from '#kernel/canceller.ts';
import type { CardRefusal } from '#kernel/card.ts';
import { onDecline, type CardDeclined, type Declined } from '#kernel/declined.ts';
import { accept, refuse, type Decider, type Decision, type Refused } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { totalMismatch, type Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { dateAt, timeAt, type Instant } from '#kernel/time.ts';
import type { Cafe } from './cafe.ts';
import { cancel, returned } from './cancellation.ts';
import { samplePolicy, type CancellationPolicy } from './policy.ts';
import { latestStart, priceOf, wrongTimes, type Period, type WrongTime } from './times.ts';

/** What a customer asks for. */
export interface Wish {
  customerId: string;
  cafeId: string;
  seatId: string;
  period: Period;
  /** The card to charge; by default the default one. */
  paymentMethodId?: string | undefined;
}

/** The request and its terms; fixed when the seat is selected. */
export interface Booking extends Wish {
  title: string;
  /** The cafe's; selections made before it was kept lack it. */
  timeZone?: string;
  total: Money;
  policy: CancellationPolicy;
  /** Slots of the customer's limit that it occupies until it is paid or over. */
  slots: readonly string[];
  /** Only in rows of version 0.1.0, which knew the slot by its number; the claim on it is released with all others. */
  slot?: number;
}

/** A customer's selection of a seat for a time (좌석 선택). */
export type Selection =
  | { status: 'none' }
  | { status: 'selected' | 'held' | 'paid' | 'registered' | 'completed'; booking: Booking }
  /** `declined`: why it waits for another card; absent where it waits for payment to answer. */
  | { status: 'payment-pending'; booking: Booking; declined?: Declined }
  | { status: 'refused'; booking: Booking; reason: string; reasonText: string }
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

/** NOT_HELD: no answer to the hold when the period begins. NOT_REGISTERED: no registration until the period is over. */
export type Cause = 'CANCELLED_BY_CUSTOMER' | 'CANCELLED_BY_STAFF' | 'PAYMENT_TIMEOUT' | 'NOT_HELD' | 'NOT_REGISTERED';
/** Parts that a cancellation waits for. */
export type Part = 'seat' | 'payment';

export type Input =
  // commands of people
  | {
      type: 'SelectSeat';
      wish: Wish;
      cafe: Cafe | undefined;
      agreed: Money | undefined;
      /** Why no card can be charged; undefined also where payment does not answer in time. */
      noCard?: CardRefusal | undefined;
      limits: readonly Limit[];
      at: Instant;
    }
  | { type: 'CancelSelection'; by: Canceller; at: Instant }
  // events of studycafe and payment
  | { type: 'SeatHeld' }
  | { type: 'SeatRefused'; reason: string }
  | { type: 'SeatRegistered' }
  | { type: 'SeatReleased' }
  | { type: 'PaymentCompleted' }
  | { type: 'PaymentDeferred' }
  | ({ type: 'PaymentDeclined' } & CardDeclined)
  | { type: 'PaymentCancelled' }
  // timers
  | { type: 'PaymentAnswerOverdue' }
  | { type: 'PaymentDeadlinePassed'; at: Instant }
  | { type: 'CardDeadlinePassed' }
  | { type: 'TimeIsOver' }
  | { type: 'AskAgain'; at: Instant };

export type SelectionEvent =
  | { type: 'SelectionMade'; booking: Booking }
  | { type: 'SelectionHeld' }
  | { type: 'SelectionRefused'; reason: string }
  | { type: 'SelectionPaymentDeferred' }
  | { type: 'SelectionCardDeclined'; declined: Declined }
  | { type: 'SelectionPaid' }
  | { type: 'SelectionPaymentFailed'; reason: string; reasonText: string }
  | { type: 'SelectionRegistered' }
  | { type: 'SelectionCompleted' }
  | ({ type: 'SelectionCancelling'; cause: Cause; reasonText: string } & RefundTerms)
  | { type: 'SelectionPartReturned'; part: Part }
  | { type: 'SelectionCancelled' }
  | AskedAgain;

export type Refusal =
  | 'no-such-seat'
  | 'not-on-sale'
  | WrongTime
  | 'price-changed'
  | CardRefusal
  | 'too-many-holds'
  | 'already-selected'
  | 'no-such-selection'
  | 'text-required'
  | 'not-cancellable';

const unpaid = ['held', 'payment-pending'] as const;

export function decide(state: Selection, input: Input): Decision<SelectionEvent, Refusal> {
  switch (input.type) {
    case 'SelectSeat':
      return select(state, input);
    case 'CancelSelection':
      return cancel(state, input);

    case 'SeatHeld':
      return onlyWhen(state, ['selected'], { type: 'SelectionHeld' });
    case 'SeatRefused':
      return onlyWhen(state, ['selected'], { type: 'SelectionRefused', reason: input.reason });
    case 'SeatRegistered':
      return onlyWhen(state, ['paid'], { type: 'SelectionRegistered' });
    case 'SeatReleased':
      return returned(state, 'seat');

    case 'PaymentCompleted':
      return onlyWhen(state, unpaid, { type: 'SelectionPaid' });
    case 'PaymentDeferred':
    case 'PaymentAnswerOverdue': // a service that is down cannot say that it defers
      return onlyWhen(state, ['held'], { type: 'SelectionPaymentDeferred' });
    case 'PaymentDeclined':
      if (state.status !== 'held' && state.status !== 'payment-pending') return accept();
      return onDecline<SelectionEvent>(declinedOf(state), input, {
        waits: (declined) => ({ type: 'SelectionCardDeclined', declined }),
        fails: () => paymentFailed(input),
      });
    case 'PaymentCancelled':
      return returned(state, 'payment');

    case 'PaymentDeadlinePassed':
      return timeOut(state, input.at);
    case 'CardDeadlinePassed': {
      const declined = declinedOf(state);
      return declined ? accept(paymentFailed(declined)) : accept();
    }
    case 'TimeIsOver':
      return onlyWhen(state, ['registered'], { type: 'SelectionCompleted' });
    case 'AskAgain':
      return askAgain(state, input.at);
  }
}

function select(
  state: Selection,
  { wish, cafe, agreed, noCard, limits, at }: Extract<Input, { type: 'SelectSeat' }>,
): Decision<SelectionEvent, Refusal> {
  if (state.status !== 'none') return refuse('already-selected');
  const wanted = bookingOf(wish, cafe, at);
  if (!wanted.accepted) return wanted;
  const { booking } = wanted;
  if (wanted.cafe.isClosed) return refuse('not-on-sale');
  const changed = totalMismatch(agreed, booking.total);
  if (changed) return refuse('price-changed', changed);
  if (noCard) return refuse(noCard);
  const tooMany = exceeded(limits);
  if (tooMany) return refuse('too-many-holds', tooMany);
  return accept({ type: 'SelectionMade', booking: { ...booking, slots: slotsOf(limits) } });
}

/** The booking that the wish comes to now, for an order and for a quote alike; or why it is no possible one. */
export function bookingOf(
  wish: Wish,
  cafe: Cafe | undefined,
  at: Instant,
): { accepted: true; booking: Booking; cafe: Cafe; label: string } | Refused<Refusal> {
  const seat = cafe?.seats.find(({ id }) => id === wish.seatId);
  if (!cafe || !seat) return refuse('no-such-seat');
  const [wrong] = wrongTimes(wish.period, cafe, at);
  if (wrong) return refuse(wrong, wrong === 'too-far-ahead' ? { latest: latestStart(at, cafe.timeZone) } : undefined);
  const { start, end } = wish.period;
  const onTheClock = (time: Instant): string => timeAt(time, cafe.timeZone);
  const booking: Booking = {
    ...wish,
    title: `${cafe.name} · ${seat.label} · ${dateAt(start, cafe.timeZone)} ${onTheClock(start)} – ${onTheClock(end)}`,
    timeZone: cafe.timeZone,
    total: priceOf(wish.period, cafe.pricePerHour),
    policy: samplePolicy,
    slots: [],
  };
  return { accepted: true, booking, cafe, label: seat.label };
}

/** Why it waits for another card, if it does. */
const declinedOf = (state: Selection): Declined | undefined =>
  state.status === 'payment-pending' ? state.declined : undefined;

const paymentFailed = ({ reason, reasonText }: Pick<Declined, 'reason' | 'reasonText'>): SelectionEvent => ({
  ...{ type: 'SelectionPaymentFailed', reason, reasonText },
});

/** The deadline is suspended while payment is down; the start of the period ends it in any case. */
function timeOut(state: Selection, at: Instant): Decision<SelectionEvent, Refusal> {
  if (state.status === 'none') return accept();
  return onlyWhen(
    state,
    state.booking.period.start <= at ? unpaid : ['held'],
    cancelling(state.booking, 'PAYMENT_TIMEOUT', at),
  );
}

/** What studycafe has not answered when the time begins (a hold) or is over (a registration) is cancelled. */
function askAgain(state: Selection, at: Instant): Decision<SelectionEvent, Refusal> {
  if (state.status === 'selected' && state.booking.period.start <= at)
    return accept(cancelling(state.booking, 'NOT_HELD', at));
  if (state.status === 'paid' && state.booking.period.end <= at)
    return accept(cancelling(state.booking, 'NOT_REGISTERED', at));
  return accept({ type: 'AskedAgain', at });
}

/** A cancellation that nobody requested: full refund. */
const cancelling = ({ total }: Booking, cause: Cause, askedAt: Instant): SelectionEvent => ({
  type: 'SelectionCancelling',
  cause,
  reasonText: '',
  keep: { ...total, amount: 0 },
  askedAt,
});

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. */
function onlyWhen(
  state: Selection,
  statuses: readonly Selection['status'][],
  event: SelectionEvent,
): Decision<SelectionEvent, Refusal> {
  return statuses.includes(state.status) ? accept(event) : accept();
}

export function evolve(state: Selection, event: SelectionEvent): Selection {
  if (event.type === 'SelectionMade') return { status: 'selected', booking: event.booking };
  if (state.status === 'none') return state;
  const { booking } = state;
  switch (event.type) {
    case 'SelectionHeld':
      return { status: 'held', booking };
    case 'SelectionRefused':
      return { status: 'refused', booking, reason: event.reason, reasonText: '' };
    case 'SelectionPaymentDeferred':
      return { status: 'payment-pending', booking };
    case 'SelectionCardDeclined':
      return { status: 'payment-pending', booking, declined: event.declined };
    case 'SelectionPaid':
      return { status: 'paid', booking };
    case 'SelectionPaymentFailed':
      return {
        status: 'payment-failed',
        booking,
        reason: event.reason,
        reasonText: event.reasonText,
        awaiting: declinedOf(state) ? ['seat', 'payment'] : ['seat'], // another card may just be charged
      };
    case 'SelectionRegistered':
      return { status: 'registered', booking };
    case 'SelectionCompleted':
      return { status: 'completed', booking };
    case 'SelectionCancelling':
      return {
        status: 'cancelling',
        booking,
        cause: event.cause,
        reasonText: event.reasonText,
        awaiting: ['seat', 'payment'],
        keep: event.keep,
        askedAt: event.askedAt,
        ...(event.wasPaid && { wasPaid: true }),
      };
    case 'SelectionPartReturned':
      return 'awaiting' in state
        ? { ...state, awaiting: state.awaiting?.filter((part) => part !== event.part) }
        : state;
    case 'SelectionCancelled':
      return state.status === 'cancelling'
        ? { status: 'cancelled', booking, cause: state.cause, reasonText: state.reasonText }
        : state;
    case 'AskedAgain':
      return state;
  }
}

export const selections: Decider<Selection, Input, SelectionEvent, Refusal> = {
  initial: { status: 'none' },
  defaults: { booking: { slots: () => [] }, reasonText: defaultIfCancelled('') },
  decide,
  evolve,
};
