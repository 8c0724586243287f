import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { mostWrongCodes, needsCode, sameCode, unknownHandOver, type HandOver, type Person } from './hand-over.ts';

/** An order's delivery (배송). Its id is the order's; there is one for each, so a repeated request finds it. */
export type Delivery =
  | { status: 'none' }
  /** Called off before it was asked for: a late request is answered with that. */
  | { status: 'tombstone'; order: OrderRef }
  | Known;

/** A delivery that was asked for. The address is empty once it is forgotten. */
export type Known = {
  status: 'scheduled' | 'started' | 'delivered' | 'cancelled';
  order: OrderRef;
  address: string;
  handOver: HandOver;
};

export type DeliveryInput =
  // commands of the order
  | { type: 'RequestDelivery'; order: OrderRef; address: string; customerId: string; code: string }
  | { type: 'CancelDelivery'; order: OrderRef }
  // commands of administrators
  | { type: 'AssignDelivery'; by: Person; courierId: string }
  // commands of couriers
  | { type: 'TakeDelivery'; by: Person }
  | { type: 'StartDelivery'; by: Person }
  /** Comes before CompleteDelivery, and is saved by itself: a wrong code is counted although the completion is refused. */
  | { type: 'GiveCode'; by: Person; code: string }
  | { type: 'CompleteDelivery'; by: Person }
  // timers
  | { type: 'ForgetAddress' };

export type DeliveryEvent =
  | { type: 'DeliveryScheduled'; order: OrderRef; address: string; customerId: string; code: string }
  | { type: 'CourierAssigned'; courierId: string }
  | { type: 'DeliveryStarted' }
  | { type: 'CodeProven' }
  | { type: 'WrongCodeGiven' }
  | { type: 'Delivered' }
  | { type: 'DeliveryCancelled'; order: OrderRef }
  | { type: 'DeliveryCancelRefused' }
  | { type: 'AddressForgotten' }
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated' };

export type DeliveryRefusal =
  | 'no-such-delivery'
  | 'own-request'
  | 'already-assigned'
  | 'not-taken'
  | 'not-started'
  | 'wrong-code'
  | 'too-many-wrong-codes'
  | 'delivery-over';

type DeliveryDecision = Decision<DeliveryEvent, DeliveryRefusal>;

function decide(state: Delivery, input: DeliveryInput): DeliveryDecision {
  switch (input.type) {
    case 'RequestDelivery': {
      const { order, address, customerId, code } = input;
      return accept(
        state.status === 'none'
          ? { type: 'DeliveryScheduled', order, address, customerId, code }
          : { type: 'AnswerRepeated' },
      );
    }
    case 'CancelDelivery':
      return cancel(state, input.order);
    case 'ForgetAddress':
      return isOver(state) && state.address !== '' ? accept({ type: 'AddressForgotten' }) : accept();
    case 'AssignDelivery':
    case 'TakeDelivery':
    case 'StartDelivery':
    case 'GiveCode':
    case 'CompleteDelivery':
      if (!isKnown(state)) return refuse('no-such-delivery');
      return byPerson(state, input);
  }
}

type ByPerson = Extract<DeliveryInput, { by: Person }>;

/** Nobody acts on the delivery of an own order. */
function byPerson(state: Known, input: ByPerson): DeliveryDecision {
  if (state.handOver.customerId !== '' && input.by.userId === state.handOver.customerId) return refuse('own-request');
  switch (input.type) {
    case 'AssignDelivery':
      return assign(state, input.courierId);
    case 'TakeDelivery':
      return take(state, input.by.userId);
    case 'StartDelivery':
      return toldBy(input.by, state) ?? start(state);
    case 'GiveCode':
      return toldBy(input.by, state) ?? giveCode(state, input);
    case 'CompleteDelivery':
      return toldBy(input.by, state) ?? complete(state, input.by);
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

/** An administrator may assign another courier until the delivery ends. */
function assign(state: Known, courierId: string): DeliveryDecision {
  if (isOver(state)) return refuse('delivery-over');
  if (courierId === state.handOver.customerId) return refuse('own-request');
  return courierId === state.handOver.courierId ? accept() : accept({ type: 'CourierAssigned', courierId });
}

function take(state: Known, courierId: string): DeliveryDecision {
  if (state.handOver.courierId === courierId) return accept(); // taken twice, taken once
  if (state.handOver.courierId !== '') return refuse('already-assigned');
  return isOver(state) ? refuse('delivery-over') : accept({ type: 'CourierAssigned', courierId });
}

/** Why this person may not start or complete it. */
function toldBy({ userId, admin }: Person, state: Known): DeliveryDecision | undefined {
  if (admin || state.handOver.courierId === userId) return undefined;
  return refuse(isInPool(state) ? 'not-taken' : 'no-such-delivery');
}

function start({ status }: Known): DeliveryDecision {
  switch (status) {
    case 'scheduled':
      return accept({ type: 'DeliveryStarted' });
    case 'started':
      return accept(); // idempotent
    case 'delivered':
    case 'cancelled':
      return refuse('delivery-over');
  }
}

/** A missing code does not count as a wrong one. */
function giveCode({ status, handOver }: Known, { by, code }: { by: Person; code: string }): DeliveryDecision {
  if (status !== 'started' || by.admin || code === '' || !needsCode(handOver)) return accept();
  if (handOver.wrongCodes >= mostWrongCodes) return refuse('too-many-wrong-codes');
  return accept({ type: sameCode(code, handOver.code) ? 'CodeProven' : 'WrongCodeGiven' });
}

function complete({ status, handOver }: Known, by: Person): DeliveryDecision {
  switch (status) {
    case 'scheduled':
      return refuse('not-started');
    case 'started':
      return needsCode(handOver) && !by.admin ? refuse('wrong-code') : accept({ type: 'Delivered' });
    case 'delivered':
      return accept();
    case 'cancelled':
      return refuse('delivery-over');
  }
}

function evolve(state: Delivery, event: DeliveryEvent): Delivery {
  if (event.type === 'DeliveryScheduled') {
    const { order, address, customerId, code } = event;
    return { status: 'scheduled', order, address, handOver: { ...unknownHandOver, customerId, code } };
  }
  if (event.type === 'DeliveryCancelled' && !isKnown(state)) return { status: 'tombstone', order: event.order };
  return isKnown(state) ? evolveKnown(state, event) : state;
}

function evolveKnown(state: Known, event: Exclude<DeliveryEvent, { type: 'DeliveryScheduled' }>): Known {
  const { handOver } = state;
  switch (event.type) {
    case 'CourierAssigned':
      return { ...state, handOver: { ...handOver, courierId: event.courierId, proven: false } };
    case 'DeliveryStarted':
      return { ...state, status: 'started' };
    case 'CodeProven':
      return { ...state, handOver: { ...handOver, proven: true } };
    case 'WrongCodeGiven':
      return { ...state, handOver: { ...handOver, wrongCodes: handOver.wrongCodes + 1 } };
    case 'Delivered':
      return { ...state, status: 'delivered' };
    case 'DeliveryCancelled':
      return { ...state, status: 'cancelled' };
    case 'AddressForgotten':
      return { ...state, address: '' };
    case 'DeliveryCancelRefused':
    case 'AnswerRepeated':
      return state;
  }
}

export const isKnown = (state: Delivery): state is Known => state.status !== 'none' && state.status !== 'tombstone';

const isOver = (state: Delivery): state is Known & { status: 'delivered' | 'cancelled' } =>
  state.status === 'delivered' || state.status === 'cancelled';

/** Any courier may take it. */
export const isInPool = (state: Known): boolean => !isOver(state) && state.handOver.courierId === '';

export const delivery: Decider<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal> = {
  initial: { status: 'none' },
  defaults: { handOver: (row) => (isKnown(row) ? unknownHandOver : undefined) },
  decide,
  evolve,
};
