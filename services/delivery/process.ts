import type { Aggregate, Consequences } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { claimsOf } from '#kernel/limit.ts';
import {
  delivery,
  isKnown,
  type Delivery,
  type DeliveryEvent,
  type DeliveryInput,
  type DeliveryRefusal,
} from './delivery.ts';

/** Answers of delivery to the order. */
export interface Message {
  type: 'DeliveryScheduled' | 'DeliveryStarted' | 'Delivered' | 'DeliveryCancelled' | 'DeliveryCancelRefused';
  order: OrderRef;
  /** The answer to a repeated command. */
  again?: true;
}

/** `addressMs`: how long after its end a delivery's address is kept. */
export const deliveriesWith = (
  addressMs: number,
): Aggregate<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal, Message> => ({
  name: 'delivery',
  ...delivery,
  consequences(events, { state, updatedAt }) {
    if (state.status === 'none') return {};
    const { status, order } = state;
    const isEnd = isKnown(state) && events.some(({ type }) => type === 'Delivered' || type === 'DeliveryCancelled');
    return {
      messages: events.flatMap((event) => told(event, status)).map((each) => ({ ...each, order })),
      ...(isEnd && { timers: [{ name: 'forget-address', at: updatedAt + addressMs }] }),
      ...slotsAfter(events),
    };
  },
});

/** The slots of the courier before are free once another is assigned, or nobody. */
function slotsAfter(events: readonly DeliveryEvent[]): Pick<Consequences<Message>, 'claims' | 'releases'> {
  const last = events.at(-1);
  switch (last?.type) {
    case 'CourierAssigned':
      return { releases: 'all', claims: claimsOf(last.slots) };
    case 'DeliveryGivenBack':
    case 'Delivered':
    case 'DeliveryCancelled':
      return { releases: 'all' };
    default:
      return {};
  }
}

/** The courier and the code are not published. */
function told({ type }: DeliveryEvent, status: keyof typeof answers): Omit<Message, 'order'>[] {
  switch (type) {
    case 'AnswerRepeated':
      return [{ type: answers[status], again: true }];
    case 'CourierAssigned':
    case 'DeliveryGivenBack':
    case 'CodeProven':
    case 'WrongCodeGiven':
    case 'AddressForgotten':
      return [];
    default:
      return [{ type }];
  }
}

/** The current answer of delivery. */
const answers: Record<Exclude<Delivery['status'], 'none'>, Message['type']> = {
  scheduled: 'DeliveryScheduled',
  started: 'DeliveryStarted',
  delivered: 'Delivered',
  cancelled: 'DeliveryCancelled',
  tombstone: 'DeliveryCancelled',
};
