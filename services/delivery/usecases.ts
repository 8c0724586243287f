import type { Updated } from '#kernel/aggregate.ts';
import { delivery, type Delivery, type DeliveryRefusal } from './delivery.ts';
import type { Deliveries } from './ports.ts';

/** A courier leaves with it, or has handed it over. */
export const courierSpoke = (deliveries: Deliveries, orderId: string, type: 'StartDelivery' | 'CompleteDelivery'): Promise<Updated<Delivery, DeliveryRefusal>> =>
  deliveries.update(orderId, (state) => delivery.decide(state, { type }));
