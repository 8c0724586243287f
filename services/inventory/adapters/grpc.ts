import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { krw } from '#kernel/money.ts';
import { invalid, notFound, RpcError } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { command, openQuery, query, rpcService, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import type { Money } from '#proto/google/type/money.ts';
import * as proto from '#proto/jari/inventory/v1/inventory.ts';
import type { Products } from '../ports.ts';
import { mostOnHand, type Product, type ProductRefusal } from '../product.ts';
import { available } from '../stock.ts';
import { administer, readProduct, reserveStock } from '../usecases.ts';
import { ifUnavailableOf } from './messages.ts';

const refusals: Record<ProductRefusal, RefusalStatus> = {
  'no-such-product': { code: 'NOT_FOUND', text: 'no such product' },
  'below-held': { code: 'FAILED_PRECONDITION', text: 'must not be less than the units that orders hold' },
  'too-many': { code: 'FAILED_PRECONDITION', text: `at most ${mostOnHand.toLocaleString('en')} units can be on hand` },
};

export function inventoryRpc(products: Products): RpcService {
  return rpcService(proto.InventoryServiceService, {
    createProduct: command(['admin'], {
      run: ({ name, kind, price, monthlyFee, deposit, onHand }) => {
        const terms = {
          name,
          kind: kinds[kind] ?? 'PHONE',
          price: amount(price),
          monthlyFee: amount(monthlyFee),
          deposit: amount(deposit),
        };
        return administer(products, newId(), { type: 'ListProduct', terms, onHand });
      },
      answer: toProduct,
      refusals,
    }),
    listProducts: openQuery(async (request) => {
      const { items, nextPageToken } = await paged(
        request,
        (page) => products.list({ kind: kinds[request.kind] }, page),
        toProduct,
      );
      return { products: items, nextPageToken };
    }),
    getProduct: openQuery(async ({ productId }) => {
      const kept = await readProduct(products, productId);
      if (!kept) throw notFound('product');
      return toProduct(kept);
    }),
    restockProduct: command(['admin'], {
      run: ({ productId, quantity }) => administer(products, productId, { type: 'RestockProduct', quantity }),
      answer: toProduct,
      refusals,
    }),
    adjustProduct: command(['admin'], {
      run: ({ productId, onHand = 0, text }) =>
        administer(products, productId, { type: 'AdjustProduct', onHand, text }),
      answer: toProduct,
      refusals,
    }),
    reserveStock: query(['service'], async ({ order, productId, quantity, ifUnavailable }) => {
      if (!order) throw invalid({ field: 'order', description: 'is required' });
      const standing = await reserveStock(products, productId, {
        order,
        quantity,
        ifUnavailable: ifUnavailableOf(ifUnavailable),
      });
      if (standing === 'no-such-product') throw notFound('product');
      if (standing.stage === 'refused')
        throw new RpcError('FAILED_PRECONDITION', 'OUT_OF_STOCK', 'there are not enough units in stock');
      if (standing.stage === 'released')
        throw new RpcError('FAILED_PRECONDITION', 'STOCK_RELEASED', 'the order released its units before');
      return { order, productId, quantity: standing.quantity, status: shown[standing.stage] };
    }),
  });
}

/** An absent amount is 0. */
const amount = (money: Money | undefined) => (money ? fromProto(money) : krw(0));

const kinds: Record<proto.Product_Kind, 'PHONE' | 'DISPENSER' | undefined> = {
  [proto.Product_Kind.KIND_UNSPECIFIED]: undefined,
  [proto.Product_Kind.PHONE]: 'PHONE',
  [proto.Product_Kind.DISPENSER]: 'DISPENSER',
};

function toProduct({ id, state, createdAt, updatedAt }: StoredAggregate<Product>): proto.Product {
  if (state.status === 'none') throw new Error(`product ${id} was answered before it was listed`);
  const { name, kind, price, monthlyFee, deposit } = state.terms;
  return {
    id,
    name,
    kind: proto.Product_Kind[kind],
    price: toProto(price),
    monthlyFee: toProto(monthlyFee),
    deposit: toProto(deposit),
    onHand: state.stock.onHand,
    held: state.stock.held,
    available: available(state.stock),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const shown = {
  held: proto.Hold_Status.HELD,
  waiting: proto.Hold_Status.WAITING,
  committed: proto.Hold_Status.COMMITTED,
} as const;
