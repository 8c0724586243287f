import type { StoredAggregate } from '#kernel/aggregate.ts';
import { command, orderEvent, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import { nextToProto } from '#adapters/bus/next.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { ofOrders, onEvent, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import * as assignment from '#proto/jari/assignment/v1/messages.ts';
import * as delivery from '#proto/jari/delivery/v1/messages.ts';
import * as inventory from '#proto/jari/inventory/v1/messages.ts';
import { Order_Phase, type Order, type OrderRef } from '#proto/jari/order/v1/order.ts';
import * as events from '#proto/jari/preorder/v1/messages.ts';
import { isMade, type Preorder } from '../preorder.ts';
import { nextOf } from '../next.ts';
import type { Message, PublishedEvent, Waits } from '../process.ts';
import type { Dealership, Stage } from '../progress.ts';
import type { StoredPreorders } from './store.ts';

export const kind = 'preorder.preorder';

const codecs: Record<PublishedEvent, Codec<{ order: Order | undefined }>> = {
  PreorderRequested: events.PreorderRequested,
  PreorderAssigned: events.PreorderAssigned,
  PreorderWaitingForDealership: events.PreorderWaitingForDealership,
  PreorderAccepted: events.PreorderAccepted,
  PreorderShipped: events.PreorderShipped,
  PreorderDelivered: events.PreorderDelivered,
  PreorderActivated: events.PreorderActivated,
  PreorderCancelling: events.PreorderCancelling,
  PreorderCancelRefused: events.PreorderCancelRefused,
  PreorderCancelled: events.PreorderCancelled,
};

export const encodeWith =
  (waits: Waits) =>
  (message: Message, after: StoredAggregate<Preorder>): Outgoing => {
    const { id } = after;
    const order: OrderRef = { kind, id };
    switch (message.type) {
      case 'RequestAssignment':
        return command('jari.assignment.v1.RequestAssignment', assignment.RequestAssignment, id, {
          order,
          location: message.booking.location,
          customerId: message.booking.customerId,
        });
      case 'CancelAssignment':
        return command('jari.assignment.v1.CancelAssignment', assignment.CancelAssignment, id, {
          order,
          undelivered: message.undelivered,
        });
      case 'RequestDelivery':
        return command('jari.delivery.v1.RequestDelivery', delivery.RequestDelivery, id, {
          order,
          address: message.booking.address,
          customerId: message.booking.customerId,
        });
      case 'CancelDelivery':
        return command('jari.delivery.v1.CancelDelivery', delivery.CancelDelivery, id, { order });
      case 'CommitStock':
        return command('jari.inventory.v1.CommitStock', inventory.CommitStock, id, {
          order,
          productId: message.booking.productId,
        });
      case 'ReleaseStock':
        return command('jari.inventory.v1.ReleaseStock', inventory.ReleaseStock, id, {
          order,
          productId: message.booking.productId,
        });
      default:
        return orderEvent(`jari.preorder.v1.${message.type}`, codecs[message.type], id, {
          order: orderOf(after, waits),
        });
    }
  };

/** The pre-order in the published language. */
function orderOf(kept: StoredAggregate<Preorder>, waits: Waits): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (!isMade(state)) return undefined;
  const { customerId, productId, quantity, fulfilment, title, total } = state.booking;
  const { id: dealershipId, name } = dealershipOf(state);
  return {
    ref: { kind, id },
    customerId,
    providerId: '',
    title,
    status: statusWord(statusOf(state)),
    phase: phases[statusOf(state)],
    version: BigInt(version),
    total: toProto(total),
    attributes: {
      ...{ product_id: productId, quantity: String(quantity), fulfilment },
      ...(dealershipId && { dealership_id: dealershipId, dealership_name: name }),
      ...(cancelRefusedOf(state) && { cancel_refused: cancelRefusedOf(state) }),
    },
    ...reasonOf(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOf(kept, waits)),
  };
}

type Made = Extract<Preorder, { progress: unknown }>;

/** Its status: the stage that it has reached, unless it is being cancelled. */
export const statusOf = (state: Made): Stage | 'cancelling' | 'cancelled' =>
  state.status === 'open' ? state.stage : state.status;

export const dealershipOf = ({ progress: { dealership } }: Made): Dealership =>
  dealership && dealership !== 'none' ? dealership : { id: '', name: '' };

/** Why the last cancellation was refused, or empty. */
export const cancelRefusedOf = (state: Made): string => (state.status === 'open' ? state.cancelRefused : '');

export const reasonOf = (state: Made): { reason: string; reasonText: string } => ({
  reason: state.status === 'open' ? '' : state.cause,
  reasonText: state.status === 'open' ? '' : state.reasonText,
});

const phases: Record<ReturnType<typeof statusOf>, Order['phase']> = {
  requested: Order_Phase.RECEIVED,
  assigned: Order_Phase.WAITING,
  'waiting-dealership': Order_Phase.WAITING,
  accepted: Order_Phase.ACTIVE,
  shipped: Order_Phase.ACTIVE,
  delivered: Order_Phase.ACTIVE,
  activated: Order_Phase.DONE,
  cancelling: Order_Phase.CANCELLING,
  cancelled: Order_Phase.CANCELLED,
};

/** Events that preorder receives: about its assignments, deliveries and stock. */
export function subscriptions(preorders: StoredPreorders): Subscriptions {
  const told = ofOrders(preorders, kind);
  const version = (message: { version: bigint }): number => Number(message.version);
  const dealership = (message: { dealershipId: string; dealershipName: string }): Dealership => ({
    id: message.dealershipId,
    name: message.dealershipName,
  });
  return subscriptionsOf(
    onEvent(
      'jari.assignment.v1.DealershipAssigned',
      assignment.DealershipAssigned,
      told((message) => ({ type: 'DealershipAssigned', version: version(message), dealership: dealership(message) })),
    ),
    onEvent(
      'jari.assignment.v1.AssignmentAccepted',
      assignment.AssignmentAccepted,
      told((message) => ({ type: 'AssignmentAccepted', version: version(message), dealership: dealership(message) })),
    ),
    onEvent(
      'jari.assignment.v1.NoDealership',
      assignment.NoDealership,
      told((message) => ({ type: 'NoDealership', version: version(message) })),
    ),
    onEvent(
      'jari.assignment.v1.Activated',
      assignment.Activated,
      told(() => ({ type: 'Activated' })),
    ),
    onEvent(
      'jari.assignment.v1.AssignmentCancelled',
      assignment.AssignmentCancelled,
      told(() => ({ type: 'AssignmentCancelled' })),
    ),
    onEvent(
      'jari.assignment.v1.AssignmentCancelRefused',
      assignment.AssignmentCancelRefused,
      told(({ reason }) => ({ type: 'AssignmentCancelRefused', reason })),
    ),
    onEvent(
      'jari.delivery.v1.DeliveryStarted',
      delivery.DeliveryStarted,
      told(() => ({ type: 'DeliveryStarted' })),
    ),
    onEvent(
      'jari.delivery.v1.Delivered',
      delivery.Delivered,
      told(() => ({ type: 'Delivered' })),
    ),
    onEvent(
      'jari.delivery.v1.DeliveryCancelled',
      delivery.DeliveryCancelled,
      told(() => ({ type: 'DeliveryCancelled' })),
    ),
    onEvent(
      'jari.delivery.v1.DeliveryCancelRefused',
      delivery.DeliveryCancelRefused,
      told(({ reason }) => ({ type: 'DeliveryCancelRefused', reason })),
    ),
    onEvent(
      'jari.inventory.v1.StockReleased',
      inventory.StockReleased,
      told(() => ({ type: 'StockReleased' })),
    ),
    onEvent(
      'jari.inventory.v1.StockCommitted',
      inventory.StockCommitted,
      told(() => ({ type: 'StockCommitted' })),
    ),
  );
}
