import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';

/** An order's delivery (배송). Its id is the order's; there is one for each, so a repeated request finds it. */
export type Delivery =
  | { status: 'none' }
  /** Called off before it was asked for: a late request is answered with that. */
  | { status: 'tombstone'; order: OrderRef }
  | { status: 'scheduled' | 'started' | 'delivered' | 'cancelled'; order: OrderRef; address: string };

export type DeliveryInput =
  // commands of the order
  | { type: 'RequestDelivery'; order: OrderRef; address: string }
  | { type: 'CancelDelivery'; order: OrderRef }
  // told by couriers
  | { type: 'StartDelivery' }
  | { type: 'CompleteDelivery' };

export type DeliveryEvent =
  | { type: 'DeliveryScheduled'; order: OrderRef; address: string }
  | { type: 'DeliveryStarted' }
  | { type: 'Delivered' }
  | { type: 'DeliveryCancelled'; order: OrderRef }
  | { type: 'DeliveryCancelRefused' }
  /** Asked again after it was answered: the same answer goes out once more. */
  | { type: 'AnswerRepeated' };

export type DeliveryRefusal = 'no-such-delivery' | 'not-started' | 'delivery-over';

type DeliveryDecision = Decision<DeliveryEvent, DeliveryRefusal>;

function decide(state: Delivery, input: DeliveryInput): DeliveryDecision {
  switch (input.type) {
    case 'RequestDelivery':
      return accept(state.status === 'none' ? { type: 'DeliveryScheduled', order: input.order, address: input.address } : { type: 'AnswerRepeated' });
    case 'CancelDelivery':
      return cancel(state, input.order);
    case 'StartDelivery':
      return start(state);
    case 'CompleteDelivery':
      return complete(state);
  }
}

/** What is on its way is brought back; what the customer has, is not. */
function cancel(state: Delivery, order: OrderRef): DeliveryDecision {
  switch (state.status) {
    case 'none':
    case 'scheduled':
    case 'started':
      return accept({ type: 'DeliveryCancelled', order });
    case 'delivered':
      return accept({ type: 'DeliveryCancelRefused' });
    case 'tombstone':
    case 'cancelled':
      return accept({ type: 'AnswerRepeated' });
  }
}

function start(state: Delivery): DeliveryDecision {
  switch (state.status) {
    case 'none':
    case 'tombstone':
      return refuse('no-such-delivery');
    case 'scheduled':
      return accept({ type: 'DeliveryStarted' });
    case 'started':
      return accept(); // asked twice, done once
    case 'delivered':
    case 'cancelled':
      return refuse('delivery-over');
  }
}

function complete(state: Delivery): DeliveryDecision {
  switch (state.status) {
    case 'none':
    case 'tombstone':
      return refuse('no-such-delivery');
    case 'scheduled':
      return refuse('not-started');
    case 'started':
      return accept({ type: 'Delivered' });
    case 'delivered':
      return accept();
    case 'cancelled':
      return refuse('delivery-over');
  }
}

function evolve(state: Delivery, event: DeliveryEvent): Delivery {
  switch (event.type) {
    case 'DeliveryScheduled':
      return { status: 'scheduled', order: event.order, address: event.address };
    case 'DeliveryStarted':
      return 'address' in state ? { ...state, status: 'started' } : state;
    case 'Delivered':
      return 'address' in state ? { ...state, status: 'delivered' } : state;
    case 'DeliveryCancelled':
      return 'address' in state ? { ...state, status: 'cancelled' } : { status: 'tombstone', order: event.order };
    case 'DeliveryCancelRefused':
    case 'AnswerRepeated':
      return state;
  }
}

export const delivery: Decider<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal> = { initial: { status: 'none' }, decide, evolve };
