import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { invalid, notFound, RpcError } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { command, has, openQuery, query, rpcService, type RefusalStatus, type RpcService } from '#adapters/rpc/rpc.ts';
import { listingChanges } from '#adapters/rpc/rate.ts';
import * as proto from '#proto/jari/inventory/v1/inventory.ts';
import type { Products } from '../ports.ts';
import { mostOnHand, type Product, type ProductRefusal } from '../product.ts';
import { available } from '../stock.ts';
import { administer, readProduct, reserveStock } from '../usecases.ts';
import { ifUnavailableOf } from './messages.ts';
import { changesIn, kinds, termsIn } from './requests.ts';

const refusals: Record<ProductRefusal, RefusalStatus> = {
  'no-such-product': { code: 'NOT_FOUND', text: 'no such product' },
  'below-held': { code: 'FAILED_PRECONDITION', text: 'must not be less than the units that orders hold' },
  'price-jump': {
    code: 'FAILED_PRECONDITION',
    text: 'a new amount is ten times the old one or more, or a tenth or less; set confirm_price to confirm it',
  },
  'no-price': { code: 'INVALID_ARGUMENT', text: 'must be above 0 for a phone', field: 'price' },
  'no-monthly-fee': { code: 'INVALID_ARGUMENT', text: 'must be above 0 for a dispenser', field: 'monthly_fee' },
  'too-many': { code: 'FAILED_PRECONDITION', text: `at most ${mostOnHand.toLocaleString('en')} units can be on hand` },
};

export function inventoryRpc(products: Products): RpcService {
  return rpcService(proto.InventoryServiceService, {
    createProduct: command(['admin'], {
      run: (request) =>
        administer(products, newId(), { type: 'ListProduct', terms: termsIn(request), onHand: request.onHand }),
      answer: toProduct,
      refusals,
      rate: listingChanges,
    }),
    updateProduct: command(['admin'], {
      run: async (request) =>
        administer(products, request.productId, {
          type: 'ChangeProduct',
          changes: changesIn(request),
          isPriceConfirmed: request.confirmPrice,
        }),
      answer: toProduct,
      refusals,
      rate: listingChanges,
    }),
    closeProduct: command(['admin'], {
      run: ({ productId }) => administer(products, productId, { type: 'CloseProduct' }),
      answer: toProduct,
      refusals,
      rate: listingChanges,
    }),
    reopenProduct: command(['admin'], {
      run: ({ productId }) => administer(products, productId, { type: 'ReopenProduct' }),
      answer: toProduct,
      refusals,
      rate: listingChanges,
    }),
    listProducts: openQuery(async (request, caller) => {
      const seesClosed = caller !== undefined && has(caller, 'admin');
      const filter = { kind: kinds[request.kind], text: request.q, seesClosed };
      const { items, nextPageToken } = await paged(request, (page) => products.list(filter, page), toProduct);
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

function toProduct({ id, state, createdAt, updatedAt }: StoredAggregate<Product>): proto.Product {
  if (state.status === 'none') throw new Error(`product ${id} was answered before it was listed`);
  const { name, kind, price, monthlyFee, deposit, description, photos, family, options } = state.terms;
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
    ...{ description, photos: [...photos], family, options, closed: state.isClosed },
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const shown = {
  held: proto.Hold_Status.HELD,
  waiting: proto.Hold_Status.WAITING,
  committed: proto.Hold_Status.COMMITTED,
} as const;
