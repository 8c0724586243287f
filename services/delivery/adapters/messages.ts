import type { StoredAggregate } from '#kernel/aggregate.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { inputFor, onCommand, subscriptionsOf } from '#adapters/service/service.ts';
import * as proto from '#proto/jari/delivery/v1/messages.ts';
import type { Delivery } from '../delivery.ts';
import type { Message } from '../process.ts';
import type { StoredDeliveries } from './store.ts';

/** Encodings of delivery's events. */
export function encode({ type, order, again }: Message, { version: count }: StoredAggregate<Delivery>): Outgoing {
  const about = { order, version: BigInt(count), ...(again && { again }) };
  if (type === 'DeliveryCancelRefused')
    return event('jari.delivery.v1.DeliveryCancelRefused', proto.DeliveryCancelRefused, order.id, {
      ...about,
      reason: 'DELIVERED',
    });
  return event(`jari.delivery.v1.${type}`, proto[type], order.id, about);
}

/** Commands to delivery. `newCode` makes the code of a hand-over; there is none without a customer, who would see it. */
export const subscriptions = (deliveries: StoredDeliveries, newCode: () => string) =>
  subscriptionsOf(
    onCommand('jari.delivery.v1.RequestDelivery', proto.RequestDelivery, ({ order, address, customerId }) => [
      inputFor(deliveries, order.id, {
        type: 'RequestDelivery',
        order,
        address: oneLine(address),
        customerId,
        code: customerId && newCode(),
      }),
    ]),
    onCommand('jari.delivery.v1.CancelDelivery', proto.CancelDelivery, ({ order }) => [
      inputFor(deliveries, order.id, { type: 'CancelDelivery', order }),
    ]),
  );

/** Cores require an address of their customers; a delivery without one is invalid. */
function oneLine(address: string): string {
  if (!/\S/.test(address) || /\p{Cc}/u.test(address)) throw new TypeError('a delivery needs an address of one line');
  return address;
}
