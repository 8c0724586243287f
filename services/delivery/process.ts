import type { Aggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { delivery, type Delivery, type DeliveryEvent, type DeliveryInput, type DeliveryRefusal } from './delivery.ts';

/** What delivery tells whoever asked. */
export interface Message {
  type: 'DeliveryScheduled' | 'DeliveryStarted' | 'Delivered' | 'DeliveryCancelled' | 'DeliveryCancelRefused';
  order: OrderRef;
  /** It answers a command that came again. */
  again?: true;
}

export const deliveries: Aggregate<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal, Message> = {
  name: 'delivery',
  ...delivery,
  consequences: (events, { state }) => ({
    messages:
      state.status === 'none'
        ? []
        : events.map(({ type }) => ({ type: type === 'AnswerRepeated' ? answers[state.status] : type, order: state.order, ...(type === 'AnswerRepeated' && { again: true }) })),
  }),
};

/** How a delivery stands, as it is told again. */
const answers: Record<Exclude<Delivery['status'], 'none'>, Message['type']> = {
  scheduled: 'DeliveryScheduled',
  started: 'DeliveryStarted',
  delivered: 'Delivered',
  cancelled: 'DeliveryCancelled',
  tombstone: 'DeliveryCancelled',
};
