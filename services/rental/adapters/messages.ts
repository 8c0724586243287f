import type { StoredAggregate } from '#kernel/aggregate.ts';
import { command, orderEvent, type Codec, type Outgoing } from '#adapters/bus/messages.ts';
import { cancelPayment } from '#adapters/bus/payment-commands.ts';
import { nextToProto } from '#adapters/bus/next.ts';
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
import * as delivery from '#proto/jari/delivery/v1/messages.ts';
import * as inventory from '#proto/jari/inventory/v1/messages.ts';
import { Order_Phase, type Order, type OrderRef } from '#proto/jari/order/v1/order.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import * as events from '#proto/jari/rental/v1/messages.ts';
import { isAccepted } from '../cancellation.ts';
import { firstPayment } from '../contract.ts';
import { nextOf } from '../next.ts';
import type { Message, PublishedEvent } from '../process.ts';
import type { Product } from '../product.ts';
import type { Rental } from '../rental.ts';
import type { StoredRentals, storedProducts } from './store.ts';

export const kind = 'rental.rental';

const codecs: Record<PublishedEvent, Codec<{ order: Order | undefined }>> = {
  RentalReceived: events.RentalReceived,
  RentalBackordered: events.RentalBackordered,
  RentalStockConfirmed: events.RentalStockConfirmed,
  RentalDelivering: events.RentalDelivering,
  RentalInstalled: events.RentalInstalled,
  RentalCancelling: events.RentalCancelling,
  RentalCancelRefused: events.RentalCancelRefused,
  RentalCancelled: events.RentalCancelled,
};

export function encode(message: Message, after: StoredAggregate<Rental>): Outgoing {
  const { id } = after;
  const order: OrderRef = { kind, id };
  switch (message.type) {
    case 'ReserveStock': {
      const ifUnavailable = inventory.ReserveStock_IfUnavailable.WAIT;
      return command('jari.inventory.v1.ReserveStock', inventory.ReserveStock, id, {
        order,
        productId: message.productId,
        quantity: 1,
        ifUnavailable,
      });
    }
    case 'CommitStock':
      return command('jari.inventory.v1.CommitStock', inventory.CommitStock, id, {
        order,
        productId: message.productId,
      });
    case 'ReleaseStock':
      return command('jari.inventory.v1.ReleaseStock', inventory.ReleaseStock, id, {
        order,
        productId: message.productId,
      });
    case 'RequestDelivery':
      return command('jari.delivery.v1.RequestDelivery', delivery.RequestDelivery, id, {
        order,
        address: message.address,
        customerId: message.customerId,
      });
    case 'CancelDelivery':
      return command('jari.delivery.v1.CancelDelivery', delivery.CancelDelivery, id, { order });
    case 'CancelPayment':
      return cancelPayment(order, message);
    default:
      return orderEvent(`jari.rental.v1.${message.type}`, codecs[message.type], id, { order: orderOf(after) });
  }
}

/** The rental in the published language. */
function orderOf(kept: StoredAggregate<Rental>): Order | undefined {
  const { id, state, version, createdAt, updatedAt } = kept;
  if (!isAccepted(state)) return undefined;
  const { contract } = state;
  return {
    ref: { kind, id },
    customerId: contract.customerId,
    providerId: '',
    title: contract.title,
    status: statusWord(state.status),
    phase: phases[state.status],
    version: BigInt(version),
    total: toProto(firstPayment(contract)),
    attributes: {
      product_id: contract.productId,
      months: String(contract.months),
      ...('cancelRefused' in state && state.cancelRefused && { cancel_refused: state.cancelRefused }),
    },
    ...reasonOf(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
    ...nextToProto(nextOf(kept)),
  };
}

export const reasonOf = (state: Rental): { reason: string; reasonText: string } => ({
  reason: state.status === 'cancelling' || state.status === 'cancelled' ? (state.cause ?? 'CANCELLED_BY_CUSTOMER') : '',
  reasonText: state.status === 'cancelling' || state.status === 'cancelled' ? state.reasonText : '',
});

const phases: Record<Exclude<Rental['status'], 'none' | 'paying' | 'unpaid'>, Order['phase']> = {
  received: Order_Phase.RECEIVED,
  backordered: Order_Phase.WAITING,
  'stock-confirmed': Order_Phase.ACTIVE,
  delivering: Order_Phase.ACTIVE,
  installed: Order_Phase.DONE,
  cancelling: Order_Phase.CANCELLING,
  cancelled: Order_Phase.CANCELLED,
};

/** Events that rental receives: about its stock, its deliveries, its payments, and products. */
export function subscriptions(rentals: StoredRentals, products: typeof storedProducts): Subscriptions {
  const told = ofOrders(rentals, kind);
  const listed = ({ product }: inventory.ProductListed): readonly Addressed[] =>
    product ? [inputFor(products, product.productId, productFrom(product))] : [];
  return subscriptionsOf(
    onEvent('jari.inventory.v1.ProductListed', inventory.ProductListed, listed),
    onEvent('jari.inventory.v1.ProductChanged', inventory.ProductChanged, listed),
    onEvent(
      'jari.inventory.v1.StockReserved',
      inventory.StockReserved,
      told(() => ({ type: 'StockReserved' })),
    ),
    onEvent(
      'jari.inventory.v1.StockUnavailable',
      inventory.StockUnavailable,
      told(() => ({ type: 'StockUnavailable' })),
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
      'jari.payment.v1.PaymentCancelled',
      payment.PaymentCancelled,
      told(() => ({ type: 'PaymentCancelled' })),
    ),
  );
}

const productFrom = (listing: inventory.ProductListing): Product => ({
  id: listing.productId,
  name: listing.name,
  isDispenser: listing.kind === 'DISPENSER',
  monthlyFee: fromProto(listing.monthlyFee),
  deposit: fromProto(listing.deposit),
  isClosed: listing.closed,
  version: Number(listing.version),
});
