import type { Aggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { delivery, isKnown, type Delivery, type DeliveryEvent, type DeliveryInput, type DeliveryRefusal } from './delivery.ts';

/** What delivery tells whoever asked. */
export interface Message {
  type: 'DeliveryScheduled' | 'DeliveryStarted' | 'Delivered' | 'DeliveryCancelled' | 'DeliveryCancelRefused';
  order: OrderRef;
  /** It answers a command that came again. */
  again?: true;
}

/** `addressMs`: how long after its end a delivery's address is kept. */
export const deliveriesWith = (addressMs: number): Aggregate<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal, Message> => ({
  name: 'delivery',
  ...delivery,
  consequences(events, { state, updatedAt }) {
    if (state.status === 'none') return {};
    const { status, order } = state;
    const isEnd = isKnown(state) && events.some(({ type }) => type === 'Delivered' || type === 'DeliveryCancelled');
    return {
      messages: events.flatMap((event) => told(event, status)).map((each) => ({ ...each, order })),
      ...(isEnd && { timers: [{ name: 'forget-address', at: updatedAt + addressMs }] }),
    };
  },
});

/** Who brings it, and the code, are nobody else's business. */
function told({ type }: DeliveryEvent, status: keyof typeof answers): Omit<Message, 'order'>[] {
  switch (type) {
    case 'AnswerRepeated':
      return [{ type: answers[status], again: true }];
    case 'CourierAssigned':
    case 'CodeProven':
    case 'WrongCodeGiven':
    case 'AddressForgotten':
      return [];
    default:
      return [{ type }];
  }
}

/** How a delivery stands, as it is told again. */
const answers: Record<Exclude<Delivery['status'], 'none'>, Message['type']> = {
  scheduled: 'DeliveryScheduled',
  started: 'DeliveryStarted',
  delivered: 'Delivered',
  cancelled: 'DeliveryCancelled',
  tombstone: 'DeliveryCancelled',
};
