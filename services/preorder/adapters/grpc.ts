import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import type { Instant } from '#kernel/time.ts';
import { statusWord } from '#adapters/bus/status-word.ts';
import { ordering } from '#adapters/rpc/ordering.ts';
import { cancellations } from '#adapters/rpc/rate.ts';
import { cancellerIn, cancellers, textRequired } from '#adapters/rpc/canceller.ts';
import { invalid, notFound, RpcError } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import { quoteAnswer } from '#adapters/rpc/quote.ts';
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
import * as proto from '#proto/jari/preorder/v1/preorder.ts';
import type { Inventory, Preorders } from '../ports.ts';
import { isMade, type Preorder, type Refusal, type Wish } from '../preorder.ts';
import type { Stage } from '../progress.ts';
import { cancelPreorder, previewOf, quotePreorder, readPreorder, requestPreorder } from '../usecases.ts';
import { cancelRefusedOf, dealershipOf, reasonOf, statusOf } from './messages.ts';

const refusals: Record<Refusal, RefusalStatus> = {
  'no-such-product': { code: 'NOT_FOUND', text: 'no such phone' },
  'not-on-sale': { code: 'FAILED_PRECONDITION', text: 'the product is closed; no new pre-orders are taken' },
  'out-of-stock': { code: 'FAILED_PRECONDITION', text: 'there are not enough units in stock' },
  'price-changed': {
    code: 'FAILED_PRECONDITION',
    text: 'the total is now {total_units} {total_currency}; nothing is pre-ordered',
  },
  'too-many-holds': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'at most {most} {of} are allowed; cancel or receive one of them first',
  },
  'already-requested': { code: 'FAILED_PRECONDITION', text: 'this pre-order exists already' },
  'stock-unanswered': {
    code: 'FAILED_PRECONDITION',
    text: 'the stock was held too late and is released; pre-order again',
  },
  'no-such-preorder': { code: 'NOT_FOUND', text: 'no such pre-order' },
  'text-required': textRequired,
  'not-cancellable': {
    code: 'FAILED_PRECONDITION',
    text: 'the customer has received the phone, or the pre-order has ended',
  },
};

const readers = ['customer', 'admin', 'agent'] as const;

/** `acceptWithin`: how long stock is held without a dealership's acceptance, in milliseconds. */
export function preorderRpc(
  ports: { preorders: Preorders; inventory: Inventory; acceptWithin: number },
  now: () => Instant,
): RpcService {
  return rpcService(proto.PreorderServiceService, {
    createPreorder: command(['customer'], {
      run: (request, caller) =>
        requestPreorder(ports, newId(), {
          wish: wishOf(request, caller.id),
          agreed: request.agreedTotal && fromProto(request.agreedTotal),
        }),
      answer: toPreorder,
      refusals,
      ...ordering,
    }),
    quotePreorder: openQuery(async (request) => {
      const asked = {
        wish: wishOf({ ...request, location: request.location ?? anywhere }, ''),
        agreed: request.agreedTotal && fromProto(request.agreedTotal),
      };
      const quote = await quotePreorder(ports.inventory, asked, now(), ports.acceptWithin);
      return quoteAnswer(quote, refusals, (other) => other);
    }),
    getPreorder: query(readers, async ({ preorderId }, caller) => {
      const kept = await readPreorder(ports, preorderId, reader(caller));
      if (!kept) throw notFound('pre-order');
      return toPreorder(kept);
    }),
    listPreorders: query(readers, async (request, caller) => {
      const { id, seesAll } = reader(caller);
      const status = statuses[request.status];
      const { items, nextPageToken } = await paged(
        request,
        (page) => ports.preorders.list({ ...(seesAll ? {} : { customerId: id }), ...(status ? { status } : {}) }, page),
        toPreorder,
      );
      return { preorders: items, nextPageToken };
    }),
    cancelPreorder: command(cancellers(), {
      run: (request, caller) => cancelPreorder(ports, request.preorderId, cancellerIn(request, caller)),
      answer: toPreorder,
      refusals,
      rate: cancellations,
    }),
    previewCancellation: query(readers, async ({ preorderId }, caller) => {
      const preview = await previewOf(ports, preorderId, reader(caller));
      if (preview === 'no-such-preorder') throw notFound('pre-order');
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

/** Where it goes does not change a quote. */
const anywhere = { latitude: 0, longitude: 0 };

function wishOf(
  { productId, quantity, fulfilment, location, address }: proto.CreatePreorderRequest | proto.QuotePreorderRequest,
  customerId: string,
): Wish {
  if (!location) throw invalid({ field: 'location', description: 'is required' });
  const { latitude, longitude } = location;
  return {
    customerId,
    productId,
    quantity,
    fulfilment: fulfilment === proto.Preorder_Fulfilment.PICKUP ? 'PICKUP' : 'DELIVERY',
    location: { latitude, longitude },
    address,
  };
}

function toPreorder({ id, state, createdAt, updatedAt }: StoredAggregate<Preorder>): proto.Preorder {
  if (!isMade(state)) throw new Error(`pre-order ${id} was answered before it was made`);
  const { customerId, productId, quantity, fulfilment, location, address, total } = state.booking;
  return {
    ...{ id, customerId, productId, quantity, location, address },
    status: proto.Preorder_Status[statusWord(statusOf(state)) as keyof typeof proto.Preorder_Status],
    fulfilment: proto.Preorder_Fulfilment[fulfilment],
    dealershipId: dealershipOf(state).id,
    total: toProto(total),
    ...reasonOf(state),
    cancelRefused: cancelRefusedOf(state),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.Preorder_Status, Stage | 'cancelling' | 'cancelled' | undefined> = {
  [proto.Preorder_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Preorder_Status.REQUESTED]: 'requested',
  [proto.Preorder_Status.ASSIGNED]: 'assigned',
  [proto.Preorder_Status.WAITING_DEALERSHIP]: 'waiting-dealership',
  [proto.Preorder_Status.ACCEPTED]: 'accepted',
  [proto.Preorder_Status.SHIPPED]: 'shipped',
  [proto.Preorder_Status.DELIVERED]: 'delivered',
  [proto.Preorder_Status.ACTIVATED]: 'activated',
  [proto.Preorder_Status.CANCELLING]: 'cancelling',
  [proto.Preorder_Status.CANCELLED]: 'cancelled',
};
