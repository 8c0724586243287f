import { newId } from '#kernel/ids.ts';
import type { Cards } from '#kernel/card.ts';
import { isLocalDate, type Instant } from '#kernel/time.ts';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { orderReason } from '#adapters/bus/order-reason.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { ordering } from '#adapters/rpc/ordering.ts';
import { cancellations } from '#adapters/rpc/rate.ts';
import { cardRefusals } from '#adapters/rpc/card-refusals.ts';
import { cancellerIn, cancellers, textRequired } from '#adapters/rpc/canceller.ts';
import { invalid, notFound, RpcError, type FieldViolation } from '#adapters/rpc/errors.ts';
import { quoteAnswer } from '#adapters/rpc/quote.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  openQuery,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/lodging/v1/lodging.ts';
import type { Nights, Reservations, Rooms } from '../ports.ts';
import type { Refusal, Reservation } from '../reservation.ts';
import { cancelReservation, previewOf, quoteReservation, readReservation, requestReservation } from '../usecases.ts';

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-room': { code: 'NOT_FOUND', text: 'no such room' },
  'not-on-sale': { code: 'FAILED_PRECONDITION', text: 'the room is closed; its host takes no new reservations' },
  'too-many-guests': { code: 'INVALID_ARGUMENT', text: 'there are more guests than the room holds', field: 'guests' },
  'too-many-nights': { code: 'INVALID_ARGUMENT', text: 'a stay has at most 30 nights', field: 'check_out' },
  'in-the-past': { code: 'INVALID_ARGUMENT', text: 'check-in must be in the future', field: 'check_in' },
  'too-far-ahead': { code: 'INVALID_ARGUMENT', text: 'must be {latest} or earlier', field: 'check_out' },
  ...cardRefusals,
  'price-changed': {
    code: 'FAILED_PRECONDITION',
    text: 'the total is now {total_units} {total_currency}; nothing is reserved',
  },
  'too-many-holds': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; pay or cancel one of them first',
  },
  'already-requested': { code: 'FAILED_PRECONDITION', text: 'this reservation exists already' },
  'no-such-reservation': { code: 'NOT_FOUND', text: 'no such reservation' },
  'text-required': textRequired,
  'not-cancellable': {
    code: 'FAILED_PRECONDITION',
    text: 'the reservation has ended, or check-in has begun; administrators can cancel until the check-out day',
  },
};

const readers = ['customer', 'admin', 'agent'] as const;

export interface Ports {
  reservations: Reservations;
  rooms: Rooms;
  nights: Nights;
  cards: Cards;
  /** How long a confirmed stay may remain unpaid, in milliseconds. */
  payWithin: number;
}

export function lodgingRpc(ports: Ports, now: () => Instant): RpcService {
  return rpcService(proto.LodgingServiceService, {
    createReservation: command(['customer'], {
      run: (request, caller) => {
        existingDates(request);
        const { roomId, checkIn, checkOut, guests, agreedTotal, paymentMethodId } = request;
        const wish = { guestId: caller.id, roomId, checkIn, checkOut, guests, paymentMethodId };
        return requestReservation(ports, newId(), { wish, agreed: agreedTotal && fromProto(agreedTotal) }, now());
      },
      answer: toReservation,
      refusals,
      ...ordering,
    }),
    quoteReservation: openQuery(async (request) => {
      existingDates(request);
      const { roomId, checkIn, checkOut, guests, agreedTotal } = request;
      const wish = { guestId: '', roomId, checkIn, checkOut, guests };
      const quote = await quoteReservation(ports, { wish, agreed: agreedTotal && fromProto(agreedTotal) }, now());
      return quoteAnswer(quote, refusals, (other) => other);
    }),
    getReservation: query(readers, async ({ reservationId }, caller) => {
      const kept = await readReservation(ports, reservationId, reader(caller));
      if (!kept) throw notFound('reservation');
      return toReservation(kept);
    }),
    listReservations: query(readers, async (request, caller) => {
      const { id, seesAll } = reader(caller);
      const status = statuses[request.status];
      const { items, nextPageToken } = await paged(
        request,
        (page) => ports.reservations.list({ ...(seesAll ? {} : { guestId: id }), ...(status ? { status } : {}) }, page),
        toReservation,
      );
      return { reservations: items, nextPageToken };
    }),
    cancelReservation: command(cancellers(), {
      run: (request, caller) => cancelReservation(ports, request.reservationId, cancellerIn(request, caller), now()),
      answer: toReservation,
      refusals,
      rate: cancellations,
    }),
    previewCancellation: query(readers, async ({ reservationId }, caller) => {
      const preview = await previewOf(ports, reservationId, reader(caller), now());
      if (preview === 'no-such-reservation') throw notFound('reservation');
      if (preview === 'not-cancellable')
        throw new RpcError('FAILED_PRECONDITION', 'NOT_CANCELLABLE', refusals[preview].text);
      return { ...preview, paid: toProto(preview.paid), refund: toProto(preview.refund) };
    }),
  });
}

const reader = (caller: Caller): { id: string; seesAll: boolean } => ({
  id: caller.id,
  seesAll: has(caller, 'admin', 'agent'),
});

/** The proto's rule checks the form of a date; this checks that the day exists. */
function existingDates({ checkIn, checkOut }: { checkIn: string; checkOut: string }): void {
  const wrong: FieldViolation[] = [];
  if (!isLocalDate(checkIn))
    wrong.push({ field: 'check_in', description: 'must be a day of the calendar, such as 2026-12-24' });
  if (!isLocalDate(checkOut))
    wrong.push({ field: 'check_out', description: 'must be a day of the calendar, such as 2026-12-24' });
  if (wrong.length) throw invalid(...wrong);
}

function toReservation({ id, state, createdAt, updatedAt }: StoredAggregate<Reservation>): proto.Reservation {
  if (state.status === 'none') throw new Error(`reservation ${id} was answered before it was made`);
  const { booking } = state;
  return {
    id,
    status: proto.Reservation_Status[statusWord(state.status) as keyof typeof proto.Reservation_Status],
    guestId: booking.guestId,
    roomId: booking.roomId,
    checkIn: booking.checkIn,
    checkOut: booking.checkOut,
    guests: booking.guests,
    total: toProto(booking.total),
    ...orderReason(state),
    cancelRefused: '',
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.Reservation_Status, Exclude<Reservation['status'], 'none'> | undefined> = {
  [proto.Reservation_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Reservation_Status.REQUESTED]: 'requested',
  [proto.Reservation_Status.CONFIRMED]: 'confirmed',
  [proto.Reservation_Status.PAYMENT_PENDING]: 'payment-pending',
  [proto.Reservation_Status.PAID]: 'paid',
  [proto.Reservation_Status.COMPLETED]: 'completed',
  [proto.Reservation_Status.REJECTED]: 'rejected',
  [proto.Reservation_Status.PAYMENT_FAILED]: 'payment-failed',
  [proto.Reservation_Status.CANCELLING]: 'cancelling',
  [proto.Reservation_Status.CANCELLED]: 'cancelled',
};
