import type { StoredAggregate } from '#kernel/aggregate.ts';
import { cardDeclined } from '#adapters/bus/card-declined.ts';
import { command, orderEvent, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import { cancelPayment, requestPayment } from '#adapters/bus/payment-commands.ts';
import { nextToProto } from '#adapters/bus/next.ts';
import { orderReason } from '#adapters/bus/order-reason.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import {
  type Addressed,
  inputFor,
  ofOrders,
  onEvent,
  type Subscriptions,
  subscriptionsOf,
} from '#adapters/service/service.ts';
import * as events from '#proto/jari/lodging/v1/messages.ts';
import { Order_Phase, type Order, type OrderRef } from '#proto/jari/order/v1/order.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as property from '#proto/jari/property/v1/messages.ts';
import { nextOf } from '../next.ts';
import type { Message, PaymentTimeouts, PublishedEvent } from '../process.ts';
import type { Reservation } from '../reservation.ts';
import type { Room } from '../room.ts';
import type { StoredReservations, storedRooms } from './store.ts';

export const kind = 'lodging.reservation';

const codecs: Record<PublishedEvent, Codec<{ order: Order | undefined }>> = {
  ReservationRequested: events.ReservationRequested,
  ReservationConfirmed: events.ReservationConfirmed,
  ReservationRejected: events.ReservationRejected,
  ReservationPaymentDeferred: events.ReservationPaymentDeferred,
  ReservationCardDeclined: events.ReservationCardDeclined,
  ReservationPaid: events.ReservationPaid,
  ReservationPaymentFailed: events.ReservationPaymentFailed,
  ReservationCompleted: events.ReservationCompleted,
  ReservationCancelling: events.ReservationCancelling,
  ReservationCancelled: events.ReservationCancelled,
};

export const encodeWith =
  (timeouts: PaymentTimeouts) =>
  (message: Message, after: StoredAggregate<Reservation>): Outgoing => {
    const { id } = after;
    const order: OrderRef = { kind, id };
    switch (message.type) {
      case 'RequestStay': {
        const { roomId, guestId, checkIn, checkOut, guests } = message.booking;
        return command('jari.property.v1.RequestStay', property.RequestStay, id, {
          order,
          roomId,
          guestId,
          checkIn,
          checkOut,
          guests,
        });
      }
      case 'ReleaseStay':
        return command('jari.property.v1.ReleaseStay', property.ReleaseStay, id, { order });
      case 'RequestPayment':
        return requestPayment(order, message);
      case 'CancelPayment':
        return cancelPayment(order, message);
      default:
        return orderEvent(`jari.lodging.v1.${message.type}`, codecs[message.type], id, {
          order: orderOf(after, timeouts),
        });
    }
  };

/** The reservation in the published language. */
function orderOf(kept: StoredAggregate<Reservation>, timeouts: PaymentTimeouts): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (state.status === 'none') return undefined;
  const { booking } = state;
  return {
    ref: { kind, id },
    customerId: booking.guestId,
    providerId: booking.hostId,
    title: booking.title,
    status: statusWord(state.status),
    phase: phases[state.status],
    version: BigInt(version),
    total: toProto(booking.total),
    attributes: {
      ...{ room_id: booking.roomId, check_in: booking.checkIn, check_out: booking.checkOut },
      ...{ start_time: new Date(booking.checkInAt).toISOString(), time_zone: booking.timeZone },
    },
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOf(kept, timeouts)),
  };
}

const phases: Record<Exclude<Reservation['status'], 'none'>, Order['phase']> = {
  requested: Order_Phase.RECEIVED,
  confirmed: Order_Phase.WAITING,
  'payment-pending': Order_Phase.WAITING,
  paid: Order_Phase.ACTIVE,
  completed: Order_Phase.DONE,
  rejected: Order_Phase.REJECTED,
  'payment-failed': Order_Phase.FAILED,
  cancelling: Order_Phase.CANCELLING,
  cancelled: Order_Phase.CANCELLED,
};

/** Events that lodging receives: about its stays, its payments, and rooms. */
export function subscriptions(
  reservations: StoredReservations,
  rooms: typeof storedRooms,
  now: () => number,
): Subscriptions {
  const told = ofOrders(reservations, kind);
  const listed = ({ room }: property.RoomListed): readonly Addressed[] =>
    room ? [inputFor(rooms, room.roomId, roomFrom(room))] : [];
  return subscriptionsOf(
    onEvent('jari.property.v1.RoomListed', property.RoomListed, listed),
    onEvent('jari.property.v1.RoomChanged', property.RoomChanged, listed),
    onEvent(
      'jari.property.v1.StayConfirmed',
      property.StayConfirmed,
      told(() => ({ type: 'StayConfirmed' })),
    ),
    onEvent(
      'jari.property.v1.StayRejected',
      property.StayRejected,
      told(({ reason, reasonText }) => ({ type: 'StayRejected', reason, reasonText })),
    ),
    onEvent(
      'jari.property.v1.StayCancelledByHost',
      property.StayCancelledByHost,
      told(({ reasonText }) => ({ type: 'StayCancelledByHost', reasonText, at: now() })),
    ),
    onEvent(
      'jari.property.v1.StayReleased',
      property.StayReleased,
      told(() => ({ type: 'StayReleased' })),
    ),
    onEvent(
      'jari.payment.v1.PaymentCompleted',
      payment.PaymentCompleted,
      told(() => ({ type: 'PaymentCompleted' })),
    ),
    onEvent(
      'jari.payment.v1.PaymentDeferred',
      payment.PaymentDeferred,
      told(() => ({ type: 'PaymentDeferred' })),
    ),
    onEvent(
      'jari.payment.v1.PaymentDeclined',
      payment.PaymentDeclined,
      told((message) => cardDeclined(message, now())),
    ),
    onEvent(
      'jari.payment.v1.PaymentCancelled',
      payment.PaymentCancelled,
      told(({ kept }) => ({ type: 'PaymentCancelled', ...(kept && { kept: fromProto(kept) }) })),
    ),
  );
}

const roomFrom = (listing: property.RoomListing): Room => ({
  id: listing.roomId,
  hostId: listing.ownerId,
  propertyName: listing.propertyName,
  roomName: listing.roomName,
  timeZone: listing.timeZone,
  capacity: listing.capacity,
  pricePerNight: fromProto(listing.pricePerNight),
  isClosed: listing.closed,
  version: Number(listing.version),
});
