import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { isBlank } from '#kernel/text.ts';
import {
  isCourier,
  mostWrongCodes,
  needsCode,
  sameCode,
  unknownHandOver,
  type HandOver,
  type Person,
} from './hand-over.ts';

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
  /** Which of its courier's slots for open deliveries it occupies. */
  slots: readonly string[];
};

export type DeliveryInput =
  // commands of the order
  | { type: 'RequestDelivery'; order: OrderRef; address: string; customerId: string; code: string }
  | { type: 'CancelDelivery'; order: OrderRef }
  // commands of administrators
  /** `mayDeliver`: whether who is to bring it is a courier or an administrator, as far as is known. */
  | { type: 'AssignDelivery'; by: Person; courierId: string; mayDeliver: boolean; limits: readonly Limit[] }
  // commands of couriers
  | { type: 'TakeDelivery'; by: Person; limits: readonly Limit[] }
  | { type: 'GiveBackDelivery'; by: Person }
  | { type: 'StartDelivery'; by: Person }
  /** Comes before CompleteDelivery, and is saved by itself: a wrong code is counted although the completion is refused. */
  | { type: 'GiveCode'; by: Person; code: string }
  /** `text`: why an administrator completes the delivery of another. */
  | { type: 'CompleteDelivery'; by: Person; text: string }
  // timers
  | { type: 'ForgetAddress' };

export type DeliveryEvent =
  | { type: 'DeliveryScheduled'; order: OrderRef; address: string; customerId: string; code: string }
  | { type: 'CourierAssigned'; courierId: string; slots: readonly string[] }
  | { type: 'DeliveryGivenBack' }
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
  | 'no-courier'
  | 'already-assigned'
  | 'too-many-deliveries'
  | 'not-taken'
  | 'already-started'
  | 'not-started'
  | 'text-required'
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
    case 'GiveBackDelivery':
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
      return assign(state, input);
    case 'TakeDelivery':
      return take(state, input.by.userId, input.limits);
    case 'GiveBackDelivery':
      return giveBack(state, input.by);
    case 'StartDelivery':
      return toldBy(input.by, state) ?? start(state);
    case 'GiveCode':
      return toldBy(input.by, state) ?? giveCode(state, input);
    case 'CompleteDelivery':
      return toldBy(input.by, state) ?? complete(state, input);
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
function assign(
  state: Known,
  { courierId, mayDeliver, limits }: Extract<DeliveryInput, { type: 'AssignDelivery' }>,
): DeliveryDecision {
  if (isOver(state)) return refuse('delivery-over');
  if (courierId === state.handOver.customerId) return refuse('own-request');
  if (courierId === state.handOver.courierId) return accept();
  return mayDeliver ? assignWithin(limits, courierId) : refuse('no-courier');
}

function take(state: Known, courierId: string, limits: readonly Limit[]): DeliveryDecision {
  if (state.handOver.courierId === courierId) return accept(); // taken twice, taken once
  if (state.handOver.courierId !== '') return refuse('already-assigned');
  return isOver(state) ? refuse('delivery-over') : assignWithin(limits, courierId);
}

/** A courier has so many open deliveries, and sees so many addresses, at once. */
function assignWithin(limits: readonly Limit[], courierId: string): DeliveryDecision {
  const full = exceeded(limits);
  return full
    ? refuse('too-many-deliveries', full)
    : accept({ type: 'CourierAssigned', courierId, slots: slotsOf(limits) });
}

/** What is not on its way yet goes back to the pool. */
function giveBack(state: Known, by: Person): DeliveryDecision {
  if (isInPool(state)) return accept(); // given back twice, given back once
  if (!isCourier(state.handOver, by)) return refuse('no-such-delivery');
  switch (state.status) {
    case 'scheduled':
      return accept({ type: 'DeliveryGivenBack' });
    case 'started':
      return refuse('already-started');
    case 'delivered':
    case 'cancelled':
      return refuse('delivery-over');
  }
}

/** Why this person may not start or complete it. */
function toldBy(by: Person, state: Known): DeliveryDecision | undefined {
  if (by.admin || isCourier(state.handOver, by)) return undefined;
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
  if (status !== 'started' || !isCourier(handOver, by) || code === '' || !needsCode(handOver)) return accept();
  if (handOver.wrongCodes >= mostWrongCodes) return refuse('too-many-wrong-codes');
  return accept({ type: sameCode(code, handOver.code) ? 'CodeProven' : 'WrongCodeGiven' });
}

/** The courier needs the customer's code. An administrator who completes it for another says why. */
function complete(
  { status, handOver }: Known,
  { by, text }: Extract<DeliveryInput, { type: 'CompleteDelivery' }>,
): DeliveryDecision {
  switch (status) {
    case 'scheduled':
      return refuse('not-started');
    case 'started':
      if (!isCourier(handOver, by)) return isBlank(text) ? refuse('text-required') : accept({ type: 'Delivered' });
      return needsCode(handOver) ? refuse('wrong-code') : accept({ type: 'Delivered' });
    case 'delivered':
      return accept();
    case 'cancelled':
      return refuse('delivery-over');
  }
}

function evolve(state: Delivery, event: DeliveryEvent): Delivery {
  if (event.type === 'DeliveryScheduled') {
    const { order, address, customerId, code } = event;
    return { status: 'scheduled', order, address, handOver: { ...unknownHandOver, customerId, code }, slots: [] };
  }
  if (event.type === 'DeliveryCancelled' && !isKnown(state)) return { status: 'tombstone', order: event.order };
  return isKnown(state) ? evolveKnown(state, event) : state;
}

function evolveKnown(state: Known, event: Exclude<DeliveryEvent, { type: 'DeliveryScheduled' }>): Known {
  const { handOver } = state;
  switch (event.type) {
    case 'CourierAssigned':
      return assigned(state, event.courierId, event.slots);
    case 'DeliveryGivenBack':
      return assigned(state, '', []);
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

const assigned = (state: Known, courierId: string, slots: readonly string[]): Known => ({
  ...state,
  handOver: { ...state.handOver, courierId, proven: false },
  slots,
});

export const isKnown = (state: Delivery): state is Known => state.status !== 'none' && state.status !== 'tombstone';

const isOver = (state: Delivery): state is Known & { status: 'delivered' | 'cancelled' } =>
  state.status === 'delivered' || state.status === 'cancelled';

/** Any courier may take it. */
export const isInPool = (state: Known): boolean => !isOver(state) && state.handOver.courierId === '';

export const delivery: Decider<Delivery, DeliveryInput, DeliveryEvent, DeliveryRefusal> = {
  initial: { status: 'none' },
  defaults: {
    handOver: (row) => (isKnown(row) ? unknownHandOver : undefined),
    slots: (row) => (isKnown(row) ? [] : undefined),
  },
  decide,
  evolve,
};
