import type { StoredAggregate } from '#kernel/aggregate.ts';
import { cardDeclined } from '#adapters/bus/card-declined.ts';
import { command, orderEvent, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import { cancelPayment, requestPayment } from '#adapters/bus/payment-commands.ts';
import type { Instant } from '#kernel/time.ts';
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
import { Order_Phase, type Order, type OrderRef } from '#proto/jari/order/v1/order.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as events from '#proto/jari/seating/v1/messages.ts';
import * as studycafe from '#proto/jari/studycafe/v1/messages.ts';
import type { Cafe } from '../cafe.ts';
import { nextOf } from '../next.ts';
import type { Message, PaymentTimeouts, PublishedEvent } from '../process.ts';
import type { Selection } from '../selection.ts';
import type { StoredSelections, storedCafes } from './store.ts';

export const kind = 'seating.selection';

const codecs: Record<PublishedEvent, Codec<{ order: Order | undefined }>> = {
  SelectionMade: events.SelectionMade,
  SelectionHeld: events.SelectionHeld,
  SelectionRefused: events.SelectionRefused,
  SelectionPaymentDeferred: events.SelectionPaymentDeferred,
  SelectionCardDeclined: events.SelectionCardDeclined,
  SelectionPaid: events.SelectionPaid,
  SelectionPaymentFailed: events.SelectionPaymentFailed,
  SelectionRegistered: events.SelectionRegistered,
  SelectionCompleted: events.SelectionCompleted,
  SelectionCancelling: events.SelectionCancelling,
  SelectionCancelled: events.SelectionCancelled,
};

export const encodeWith =
  (timeouts: PaymentTimeouts) =>
  (message: Message, after: StoredAggregate<Selection>): Outgoing => {
    const { id } = after;
    const order: OrderRef = { kind, id };
    switch (message.type) {
      case 'HoldSeat': {
        const { cafeId, seatId, period } = message.booking;
        const [startTime, endTime] = [new Date(period.start), new Date(period.end)];
        return command('jari.studycafe.v1.HoldSeat', studycafe.HoldSeat, id, {
          order,
          cafeId,
          seatId,
          startTime,
          endTime,
        });
      }
      case 'RegisterSeat':
        return command('jari.studycafe.v1.RegisterSeat', studycafe.RegisterSeat, id, { order });
      case 'ReleaseSeat':
        return command('jari.studycafe.v1.ReleaseSeat', studycafe.ReleaseSeat, id, { order });
      case 'RequestPayment':
        return requestPayment(order, message);
      case 'CancelPayment':
        return cancelPayment(order, message);
      default:
        return orderEvent(`jari.seating.v1.${message.type}`, codecs[message.type], id, {
          order: orderOf(after, timeouts),
        });
    }
  };

/** The selection in the published language. There is no provider, because the platform itself provides. */
function orderOf(kept: StoredAggregate<Selection>, timeouts: PaymentTimeouts): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (state.status === 'none') return undefined;
  const { customerId, cafeId, seatId, period, title, timeZone, total } = state.booking;
  return {
    ref: { kind, id },
    customerId,
    providerId: '',
    title,
    status: statusWord(state.status),
    phase: phases[state.status],
    version: BigInt(version),
    total: toProto(total),
    attributes: {
      ...{
        cafe_id: cafeId,
        seat_id: seatId,
        start_time: new Date(period.start).toISOString(),
        end_time: new Date(period.end).toISOString(),
      },
      ...(timeZone && { time_zone: timeZone }),
    },
    ...orderReason(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOf(kept, timeouts)),
  };
}

const phases: Record<Exclude<Selection['status'], 'none'>, Order['phase']> = {
  selected: Order_Phase.RECEIVED,
  held: Order_Phase.WAITING,
  'payment-pending': Order_Phase.WAITING,
  paid: Order_Phase.ACTIVE,
  registered: Order_Phase.ACTIVE,
  completed: Order_Phase.DONE,
  refused: Order_Phase.REJECTED,
  'payment-failed': Order_Phase.FAILED,
  cancelling: Order_Phase.CANCELLING,
  cancelled: Order_Phase.CANCELLED,
};

/** Events that seating receives: about its seats, its payments, and cafes. */
export function subscriptions(
  selections: StoredSelections,
  cafes: typeof storedCafes,
  now: () => Instant,
): Subscriptions {
  const told = ofOrders(selections, kind);
  const listed = ({ cafe }: studycafe.CafeOpened): readonly Addressed[] =>
    cafe ? [inputFor(cafes, cafe.cafeId, cafeFrom(cafe))] : [];
  return subscriptionsOf(
    onEvent('jari.studycafe.v1.CafeOpened', studycafe.CafeOpened, listed),
    onEvent('jari.studycafe.v1.CafeChanged', studycafe.CafeChanged, listed),
    onEvent(
      'jari.studycafe.v1.SeatHeld',
      studycafe.SeatHeld,
      told(() => ({ type: 'SeatHeld' })),
    ),
    onEvent(
      'jari.studycafe.v1.SeatRefused',
      studycafe.SeatRefused,
      told(({ reason }) => ({ type: 'SeatRefused', reason })),
    ),
    onEvent(
      'jari.studycafe.v1.SeatRegistered',
      studycafe.SeatRegistered,
      told(() => ({ type: 'SeatRegistered' })),
    ),
    onEvent(
      'jari.studycafe.v1.SeatReleased',
      studycafe.SeatReleased,
      told(() => ({ type: 'SeatReleased' })),
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
      told(() => ({ type: 'PaymentCancelled' })),
    ),
  );
}

const cafeFrom = (listing: studycafe.CafeListing): Cafe => ({
  id: listing.cafeId,
  name: listing.name,
  timeZone: listing.timeZone,
  opens: listing.opens,
  closes: listing.closes,
  pricePerHour: fromProto(listing.pricePerHour),
  seats: listing.seats.map(({ seatId: id, label }) => ({ id, label })),
  isClosed: listing.closed,
  version: Number(listing.version),
});
