import type { StoredAggregate } from '#kernel/aggregate.ts';
import { minutes } from '#kernel/time.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import * as proto from '#proto/jari/delivery/v1/delivery.ts';
import { isKnown, type Delivery, type DeliveryRefusal, type Known } from '../delivery.ts';
import { areaOf, type Person } from '../hand-over.ts';
import type { Ports } from '../ports.ts';
import { assignDelivery, completeDelivery, readDelivery, takeDelivery, updateDelivery } from '../usecases.ts';

const refusals: Record<DeliveryRefusal, RefusalStatus> = {
  'no-such-delivery': { code: 'NOT_FOUND', text: 'no such delivery' },
  'own-request': {
    code: 'PERMISSION_DENIED',
    text: 'you cannot take, assign, give back, start or complete the delivery of your own order',
  },
  'no-courier': { code: 'FAILED_PRECONDITION', text: 'this person is neither a courier nor an administrator' },
  'already-assigned': { code: 'FAILED_PRECONDITION', text: 'another courier has this delivery' },
  'too-many-deliveries': {
    code: 'RESOURCE_EXHAUSTED',
    text: 'a courier has at most {most} {of}; complete one or give one back first',
  },
  'not-taken': { code: 'FAILED_PRECONDITION', text: 'no courier has this delivery yet: take it first' },
  'already-started': {
    code: 'FAILED_PRECONDITION',
    text: 'the delivery is on its way and cannot be given back; an administrator can assign another courier',
  },
  'not-started': { code: 'FAILED_PRECONDITION', text: 'the delivery has not been started: start it first' },
  'text-required': {
    code: 'INVALID_ARGUMENT',
    text: 'must say why you complete the delivery of another courier',
    field: 'text',
  },
  'wrong-code': { code: 'FAILED_PRECONDITION', text: 'the code is wrong; give the six digits that the customer shows' },
  'too-many-wrong-codes': {
    code: 'FAILED_PRECONDITION',
    text: 'too many wrong codes were given; an administrator who is not its courier must complete the delivery',
  },
  'delivery-over': { code: 'FAILED_PRECONDITION', text: 'the delivery was completed or cancelled before' },
};

const staff = ['courier', 'admin'] as const;

const person = (caller: Caller): Person => ({ userId: caller.id, admin: has(caller, 'admin') });

/** The caller is the delivery's courier or an administrator, who see all of it. */
const answer = (kept: StoredAggregate<Delivery>): proto.Delivery => toDelivery(kept);

export const deliveryRpc = ({ deliveries, mayDeliver }: Ports): RpcService =>
  rpcService(proto.DeliveryServiceService, {
    getDelivery: query(['customer', ...staff], async ({ orderId }, caller) => {
      const kept = await readDelivery(deliveries, orderId, { ...person(caller), courier: has(caller, 'courier') });
      if (!kept) throw new RpcError('NOT_FOUND', 'NO_SUCH_DELIVERY', refusals['no-such-delivery'].text);
      return seenBy(caller)(kept);
    }),
    listDeliveries: query(staff, async (request, caller) => {
      const filter = { status: statuses[request.status], courierId: has(caller, 'admin') ? undefined : caller.id };
      const { items, nextPageToken } = await paged(request, (page) => deliveries.list(filter, page), seenBy(caller));
      return { deliveries: items, nextPageToken };
    }),
    assignDelivery: command(['admin'], {
      run: ({ orderId, courierId }, caller) =>
        assignDelivery({ deliveries, mayDeliver }, orderId, person(caller), courierId),
      answer,
      refusals,
    }),
    takeDelivery: command(['courier'], {
      run: ({ orderId }, caller) => takeDelivery(deliveries, orderId, person(caller)),
      answer,
      refusals,
    }),
    giveBackDelivery: command(staff, {
      run: ({ orderId }, caller) =>
        updateDelivery(deliveries, orderId, { type: 'GiveBackDelivery', by: person(caller) }),
      answer: (kept) => ({ ...toDelivery(kept), address: '' }),
      refusals,
      // Taking and giving back in turn would show one address after the other.
      rate: { times: 20, withinMs: minutes(60) },
    }),
    startDelivery: command(staff, {
      run: ({ orderId }, caller) => updateDelivery(deliveries, orderId, { type: 'StartDelivery', by: person(caller) }),
      answer,
      refusals,
    }),
    completeDelivery: command(staff, {
      run: ({ orderId, ...proof }, caller) => completeDelivery(deliveries, orderId, person(caller), proof),
      answer,
      refusals,
    }),
  });

/** A courier who has not taken it sees the area alone. Only its customer sees the code. */
const seenBy =
  (caller: Caller) =>
  (kept: StoredAggregate<Delivery>): proto.Delivery => {
    const { status, handOver } = known(kept);
    const isCustomer = handOver.customerId === caller.id;
    const seesAddress = has(caller, 'admin') || isCustomer || handOver.courierId === caller.id;
    const seesCode = isCustomer && (status === 'scheduled' || status === 'started');
    return {
      ...toDelivery(kept),
      ...(!seesAddress && { address: '' }),
      ...(seesCode && { handoverCode: handOver.code }),
    };
  };

function known({ id, state }: StoredAggregate<Delivery>): Known {
  if (!isKnown(state)) throw new Error(`delivery ${id} was answered before it was asked for`);
  return state;
}

function toDelivery(kept: StoredAggregate<Delivery>): proto.Delivery {
  const { status, order, address, handOver } = known(kept);
  return {
    id: kept.id,
    status: proto.Delivery_Status[status.toUpperCase() as Uppercase<typeof status>],
    order,
    address,
    area: areaOf(address),
    courierId: handOver.courierId,
    handoverCode: '',
    createTime: new Date(kept.createdAt),
    updateTime: new Date(kept.updatedAt),
  };
}

const statuses: Record<proto.Delivery_Status, Delivery['status'] | undefined> = {
  [proto.Delivery_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Delivery_Status.SCHEDULED]: 'scheduled',
  [proto.Delivery_Status.STARTED]: 'started',
  [proto.Delivery_Status.DELIVERED]: 'delivered',
  [proto.Delivery_Status.CANCELLED]: 'cancelled',
};
