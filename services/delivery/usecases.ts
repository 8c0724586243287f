import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { delivery, isInPool, isKnown, type Delivery, type DeliveryInput, type DeliveryRefusal } from './delivery.ts';
import type { Person } from './hand-over.ts';
import type { Deliveries, Ports } from './ports.ts';

type DeliveryUpdated = Promise<Updated<Delivery, DeliveryRefusal>>;

/** An administrator assigns it to a courier, within the limit of open deliveries. */
export const assignDelivery = (
  { deliveries, mayDeliver }: Ports,
  orderId: string,
  by: Person,
  courierId: string,
): DeliveryUpdated =>
  deliveries.update(
    orderId,
    (state, facts) => delivery.decide(state, { type: 'AssignDelivery', by, courierId, ...facts }),
    async () => ({
      limits: await deliveries.limits(orderId, courierId),
      mayDeliver: await mayDeliver(courierId),
    }),
  );

/** A courier takes it, within the same limit. */
export const takeDelivery = (deliveries: Deliveries, orderId: string, by: Person): DeliveryUpdated =>
  deliveries.update(
    orderId,
    (state, limits) => delivery.decide(state, { type: 'TakeDelivery', by, limits }),
    () => deliveries.limits(orderId, by.userId),
  );

/** Its courier leaves with it or gives it back, or the clock speaks. */
export const updateDelivery = (deliveries: Deliveries, orderId: string, input: DeliveryInput): DeliveryUpdated =>
  deliveries.update(orderId, (state) => delivery.decide(state, input));

/** The code is tried and counted first: however many are tried at once, each is counted. */
export async function completeDelivery(
  deliveries: Deliveries,
  orderId: string,
  by: Person,
  { code, text }: { code: string; text: string },
): DeliveryUpdated {
  const tried = await deliveries.updateWithoutProof(orderId, (state) =>
    delivery.decide(state, { type: 'GiveCode', by, code }),
  );
  return tried.accepted ? updateDelivery(deliveries, orderId, { type: 'CompleteDelivery', by, text }) : tried;
}

/** The delivery, for those whom it concerns: its customer, its courier, every courier while nobody has taken it, administrators. */
export async function readDelivery(
  deliveries: Deliveries,
  orderId: string,
  by: Person & { courier: boolean },
): Promise<StoredAggregate<Delivery> | undefined> {
  const kept = await deliveries.get(orderId);
  if (!kept || !isKnown(kept.state)) return undefined;
  const { customerId, courierId } = kept.state.handOver;
  const isTheirs =
    by.admin || by.userId === customerId || (by.courier && (by.userId === courierId || isInPool(kept.state)));
  return isTheirs ? kept : undefined;
}
