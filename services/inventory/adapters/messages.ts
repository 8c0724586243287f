import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { type Addressed, inputFor, onCommand, type Subscriptions, subscriptionsOf } from '#adapters/service/service.ts';
import * as proto from '#proto/jari/inventory/v1/messages.ts';
import type { Products } from '../ports.ts';
import type { Message, ProductMessage } from '../process.ts';
import type { Product, ProductInput } from '../product.ts';
import type { Standing } from '../steps.ts';
import { available } from '../stock.ts';
import type { StoredProducts } from './store.ts';

/** Encodings of inventory's events. */
export function encode(message: Message, { id: productId, version: count }: StoredAggregate<Product>): Outgoing {
  const version = BigInt(count);
  switch (message.type) {
    case 'ProductListed':
      return event('jari.inventory.v1.ProductListed', proto.ProductListed, productId, {
        product: listing(productId, version, message),
      });
    case 'ProductChanged':
      return event('jari.inventory.v1.ProductChanged', proto.ProductChanged, productId, {
        product: listing(productId, version, message),
        text: message.text,
      });
    case 'StockReserved': {
      const { order, quantity, again } = message;
      return event('jari.inventory.v1.StockReserved', proto.StockReserved, order.id, {
        order,
        version,
        productId,
        quantity,
        ...(again && { again }),
      });
    }
    case 'StockUnavailable': {
      const { order, reason, waiting, again } = message;
      const body = { order, version, productId, reason, waiting, ...(again && { again }) };
      return event('jari.inventory.v1.StockUnavailable', proto.StockUnavailable, order.id, body);
    }
    case 'StockReleased':
    case 'StockCommitted': {
      const { order, again } = message;
      return event(`jari.inventory.v1.${message.type}`, proto[message.type], order.id, {
        order,
        version,
        productId,
        ...(again && { again }),
      });
    }
  }
}

function listing(
  productId: string,
  version: bigint,
  { terms, stock, isClosed: closed }: ProductMessage,
): proto.ProductListing {
  const { name, kind, price, monthlyFee, deposit } = terms;
  return {
    ...{ productId, name, kind, version, onHand: stock.onHand, held: stock.held, available: available(stock) },
    ...{ price: toProto(price), monthlyFee: toProto(monthlyFee), deposit: toProto(deposit), closed },
  };
}

/** Commands to inventory, of orders and of replicas that start empty. */
export function subscriptions(of: StoredProducts, products: Pick<Products, 'ids' | 'standing'>): Subscriptions {
  /** The state of the order is read with each decision. */
  const asked = (
    id: string,
    { id: orderId }: OrderRef,
    input: (standing: Standing | undefined) => ProductInput,
  ): readonly Addressed[] => [inputFor(of, id, async () => input(await products.standing(id, orderId)))];
  return subscriptionsOf(
    onCommand('jari.inventory.v1.ReserveStock', proto.ReserveStock, ({ order, productId, ...message }) => {
      const [quantity, ifUnavailable] = [atLeastOne(message.quantity), ifUnavailableOf(message.ifUnavailable)];
      return asked(productId, order, (standing) => ({
        type: 'ReserveStock',
        order,
        standing,
        quantity,
        ifUnavailable,
      }));
    }),
    onCommand('jari.inventory.v1.ReleaseStock', proto.ReleaseStock, ({ order, productId }) =>
      asked(productId, order, (standing) => ({ type: 'ReleaseStock', order, standing })),
    ),
    onCommand('jari.inventory.v1.CommitStock', proto.CommitStock, ({ order, productId }) =>
      asked(productId, order, (standing) => ({ type: 'CommitStock', order, standing })),
    ),
    onCommand('jari.inventory.v1.RepublishProducts', proto.RepublishProducts, async () =>
      (await products.ids()).map((id) => inputFor(of, id, { type: 'RepublishProduct' })),
    ),
  );
}

function atLeastOne(quantity: number): number {
  if (quantity < 1) throw new TypeError(`${quantity} units cannot be reserved`);
  return quantity;
}

export function ifUnavailableOf(wanted: proto.ReserveStock_IfUnavailable): 'REFUSE' | 'WAIT' {
  switch (wanted) {
    case proto.ReserveStock_IfUnavailable.REFUSE:
      return 'REFUSE';
    case proto.ReserveStock_IfUnavailable.WAIT:
      return 'WAIT';
    case proto.ReserveStock_IfUnavailable.IF_UNAVAILABLE_UNSPECIFIED:
      throw new TypeError('the message does not say what happens without stock');
  }
}
