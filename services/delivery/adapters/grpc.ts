import type { Kept } from '#kernel/aggregate.ts';
import { paged } from '#adapters/grpc/page.ts';
import { command, query, rpcService, type RefusalStatus, type RpcService } from '#adapters/grpc/rpc.ts';
import * as proto from '#proto/jari/delivery/v1/delivery.ts';
import type { Delivery, DeliveryRefusal } from '../delivery.ts';
import type { Deliveries } from '../ports.ts';
import { courierSpoke } from '../usecases.ts';

const refusals: Record<DeliveryRefusal, RefusalStatus> = {
  'no-such-delivery': { code: 'NOT_FOUND', text: 'no such delivery' },
  'not-started': { code: 'FAILED_PRECONDITION', text: 'the delivery has not left yet' },
  'delivery-over': { code: 'FAILED_PRECONDITION', text: 'the delivery was completed or cancelled before' },
};

const staff = ['courier', 'admin'] as const;

export const deliveryRpc = (deliveries: Deliveries): RpcService =>
  rpcService(proto.DeliveryServiceService, {
    listDeliveries: query(staff, async (request) => {
      const { items, nextPageToken } = await paged(request, (page) => deliveries.list({ status: statuses[request.status] }, page), toDelivery);
      return { deliveries: items, nextPageToken };
    }),
    startDelivery: command(staff, {
      run: ({ orderId }) => courierSpoke(deliveries, orderId, 'StartDelivery'),
      answer: toDelivery,
      refusals,
    }),
    completeDelivery: command(staff, {
      run: ({ orderId }) => courierSpoke(deliveries, orderId, 'CompleteDelivery'),
      answer: toDelivery,
      refusals,
    }),
  });

function toDelivery({ id, state, createdAt, updatedAt }: Kept<Delivery>): proto.Delivery {
  if (state.status === 'none' || state.status === 'tombstone') throw new Error(`delivery ${id} was answered before it was asked for`);
  const { status, order, address } = state;
  return {
    id,
    status: proto.Delivery_Status[status.toUpperCase() as Uppercase<typeof status>],
    order,
    address,
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

const statuses: Record<proto.Delivery_Status, Delivery['status'] | undefined> = {
  [proto.Delivery_Status.STATUS_UNSPECIFIED]: undefined,
  [proto.Delivery_Status.SCHEDULED]: 'scheduled',
  [proto.Delivery_Status.STARTED]: 'started',
  [proto.Delivery_Status.DELIVERED]: 'delivered',
  [proto.Delivery_Status.CANCELLED]: 'cancelled',
};
