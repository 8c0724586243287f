import type { AskedAgain } from '#kernel/asking.ts';
import { defaultIfCancelled, type Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Decider, type Decision, type Refused } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { totalMismatch, times, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { cancel, cancelRefused, expire, expireAccepted, returned, type Cause, type Part } from './cancellation.ts';
import {
  justRequested,
  learned,
  stageOf,
  stepTo,
  taken,
  type Fact,
  type Fulfilment,
  type Progress,
  type Stage,
  type Step,
} from './progress.ts';

/** What a customer asks for. */
export interface Wish {
  customerId: string;
  productId: string;
  quantity: number;
  fulfilment: Fulfilment;
  location: { latitude: number; longitude: number };
  address: string;
}

/** A phone as inventory sells it at this moment. */
export interface Phone {
  name: string;
  price: Money;
  available: number;
  /** It cannot be ordered any more. */
  isClosed: boolean;
  /** Name that its variants share; empty for a phone without variants. */
  family: string;
}

/** The request and its price; fixed when the pre-order is made. */
export interface Booking extends Wish {
  title: string;
  total: Money;
  /** Slots of the customer's limits that it occupies until it is received or over. */
  slots: readonly string[];
}

export type Preorder =
  | { status: 'none' }
  /** Stored before the call that holds the stock, so that the call is known whatever its outcome. */
  | { status: 'intended'; booking: Booking }
  /** Did not become a pre-order; it is not shown. `mayHoldStock`: set until inventory has confirmed the release. */
  | { status: 'dropped'; booking: Booking; mayHoldStock?: boolean }
  /** `cancelRefused`: why the last cancellation was refused, or empty. */
  | { status: 'open'; stage: Stage; booking: Booking; progress: Progress; cancelRefused: string }
  | { status: 'cancelling'; booking: Booking; progress: Progress; awaiting: Part; cause: Cause; reasonText: string }
  | { status: 'cancelled'; booking: Booking; progress: Progress; cause: Cause; reasonText: string };

export type Input =
  // commands of people
  | {
      type: 'RequestPreorder';
      wish: Wish;
      phone: Phone | undefined;
      agreed: Money | undefined;
      limits: readonly Limit[];
    }
  | { type: 'CancelPreorder'; by: Canceller }
  // timers
  | { type: 'AcceptanceOverdue' }
  | { type: 'ReceiptOverdue' }
  // what came of asking inventory
  | { type: 'StockHeld' }
  | { type: 'StockRefused' }
  | { type: 'StockUnanswered' }
  // events of assignment, delivery and inventory
  | Fact
  | { type: 'DeliveryCancelled' }
  | { type: 'DeliveryCancelRefused'; reason: string }
  | { type: 'AssignmentCancelled' }
  | { type: 'AssignmentCancelRefused'; reason: string }
  | { type: 'StockReleased' }
  // timers
  | { type: 'AskAgain'; at: Instant };

export type PreorderEvent =
  | { type: 'PreorderIntended'; booking: Booking }
  | { type: 'PreorderDropped'; mayHoldStock: boolean }
  | { type: 'PreorderStockGone' }
  | { type: 'PreorderRequested' }
  | ({ type: 'PreorderAssigned' } & Step)
  | ({ type: 'PreorderWaitingForDealership' } & Step)
  | ({ type: 'PreorderAccepted' } & Step)
  | ({ type: 'PreorderShipped' } & Step)
  | ({ type: 'PreorderDelivered' } & Step)
  | ({ type: 'PreorderActivated' } & Step)
  /** Something became known that does not move it now. */
  | ({ type: 'PreorderProgressed' } & Step)
  | { type: 'PreorderCancelling'; first: Exclude<Part, 'stock'>; cause: Cause; reasonText: string }
  | { type: 'PreorderPartReturned'; progress: Progress; next: Exclude<Part, 'delivery'> }
  | ({ type: 'PreorderCancelRefused'; reason: string } & Step)
  | { type: 'PreorderCancelled' }
  | AskedAgain;

export type Refusal =
  | 'no-such-product'
  | 'not-on-sale'
  | 'out-of-stock'
  | 'price-changed'
  | 'too-many-holds'
  | 'already-requested'
  | 'stock-unanswered'
  | 'no-such-preorder'
  | 'text-required'
  | 'not-cancellable';

export function decide(state: Preorder, input: Input): Decision<PreorderEvent, Refusal> {
  switch (input.type) {
    case 'RequestPreorder':
      return intend(state, input);
    case 'CancelPreorder':
      return cancel(state, input.by);
    case 'AcceptanceOverdue':
      return expire(state);
    case 'ReceiptOverdue':
      return expireAccepted(state);

    case 'StockHeld':
      if (state.status === 'intended') return accept({ type: 'PreorderRequested' });
      return refuse('stock-unanswered'); // given up meanwhile: the stock goes back
    case 'StockRefused':
      return state.status === 'intended' ? accept({ type: 'PreorderDropped', mayHoldStock: false }) : accept();
    case 'StockUnanswered':
      return state.status === 'intended' ? accept({ type: 'PreorderDropped', mayHoldStock: true }) : accept();

    case 'DealershipAssigned':
    case 'NoDealership':
    case 'AssignmentAccepted':
    case 'Activated':
    case 'DeliveryStarted':
    case 'Delivered':
    case 'StockCommitted':
      return hear(state, input);

    case 'DeliveryCancelled':
      return returned(state, 'delivery');
    case 'AssignmentCancelled':
      return returned(state, 'assignment');
    case 'StockReleased':
      if (state.status === 'dropped') return state.mayHoldStock ? accept({ type: 'PreorderStockGone' }) : accept();
      return returned(state, 'stock');
    case 'DeliveryCancelRefused':
      return cancelRefused(state, 'delivery', input.reason);
    case 'AssignmentCancelRefused':
      return cancelRefused(state, 'assignment', input.reason);

    case 'AskAgain':
      return accept({ type: 'AskedAgain', at: input.at });
  }
}

function intend(
  state: Preorder,
  { wish, phone, agreed, limits }: Extract<Input, { type: 'RequestPreorder' }>,
): Decision<PreorderEvent, Refusal> {
  if (state.status !== 'none') return refuse('already-requested');
  const wanted = bookingOf(wish, phone);
  if (!wanted.accepted) return wanted;
  const { booking } = wanted;
  if (wanted.phone.isClosed) return refuse('not-on-sale');
  if (wish.quantity > wanted.phone.available) return refuse('out-of-stock');
  const changed = totalMismatch(agreed, booking.total);
  if (changed) return refuse('price-changed', changed);
  const tooMany = exceeded(limits);
  if (tooMany) return refuse('too-many-holds', tooMany);
  return accept({ type: 'PreorderIntended', booking: { ...booking, slots: slotsOf(limits) } });
}

/** The booking that the wish comes to now, for an order and for a quote alike; or why it is no possible one. */
export function bookingOf(
  wish: Wish,
  phone: Phone | undefined,
): { accepted: true; booking: Booking; phone: Phone } | Refused<Refusal> {
  if (!phone) return refuse('no-such-product');
  const title = wish.quantity === 1 ? phone.name : `${phone.name} × ${wish.quantity}`;
  return { accepted: true, booking: { ...wish, title, total: times(phone.price, wish.quantity), slots: [] }, phone };
}

/** Messages come late, twice and out of order: a fact that is known changes nothing. */
function hear(state: Preorder, fact: Fact): Decision<PreorderEvent, Refusal> {
  if (state.status !== 'open' && state.status !== 'cancelling') return accept();
  const { progress, booking } = state;
  const known = learned(progress, fact);
  if (known === progress) return accept();
  const step = stepTo(known, booking.fulfilment);
  if (state.status === 'cancelling') return accept({ type: 'PreorderProgressed', ...step, asksDelivery: false });
  const stage = stageOf(known, booking.fulfilment);
  const isElsewhere = stage === 'assigned' && idOf(known.dealership) !== idOf(progress.dealership);
  return accept({ type: stage !== state.stage || isElsewhere ? told[stage] : 'PreorderProgressed', ...step });
}

const idOf = (dealership: Progress['dealership']): string | null =>
  dealership === null || dealership === 'none' ? dealership : dealership.id;

const told = {
  requested: 'PreorderProgressed',
  assigned: 'PreorderAssigned',
  'waiting-dealership': 'PreorderWaitingForDealership',
  accepted: 'PreorderAccepted',
  shipped: 'PreorderShipped',
  delivered: 'PreorderDelivered',
  activated: 'PreorderActivated',
} as const satisfies Record<Stage, PreorderEvent['type']>;

export function evolve(state: Preorder, event: PreorderEvent): Preorder {
  if (event.type === 'PreorderIntended') return { status: 'intended', booking: event.booking };
  if (state.status === 'none') return state;
  const { booking } = state;
  switch (event.type) {
    case 'PreorderDropped':
      return { status: 'dropped', booking, mayHoldStock: event.mayHoldStock };
    case 'PreorderStockGone':
      return { status: 'dropped', booking, mayHoldStock: false };
    case 'AskedAgain':
      return state;
    case 'PreorderRequested':
      return open(booking, justRequested);
    case 'PreorderAssigned':
    case 'PreorderWaitingForDealership':
    case 'PreorderAccepted':
    case 'PreorderShipped':
    case 'PreorderDelivered':
    case 'PreorderActivated':
    case 'PreorderProgressed':
      return state.status === 'open'
        ? open(booking, taken(event), state.cancelRefused)
        : 'progress' in state
          ? { ...state, progress: taken(event) }
          : state;
    case 'PreorderCancelling':
      if (!('progress' in state)) return state;
      return {
        ...{ status: 'cancelling', booking, progress: state.progress },
        ...{ awaiting: event.first, cause: event.cause, reasonText: event.reasonText },
      };
    case 'PreorderPartReturned':
      return state.status === 'cancelling' ? { ...state, progress: event.progress, awaiting: event.next } : state;
    case 'PreorderCancelRefused':
      return open(booking, taken(event), event.reason);
    case 'PreorderCancelled':
      if (state.status !== 'cancelling') return state;
      return {
        ...{ status: 'cancelled', booking, progress: state.progress },
        ...{ cause: state.cause, reasonText: state.reasonText },
      };
  }
}

const open = (booking: Booking, progress: Progress, cancelRefused = ''): Preorder => ({
  status: 'open',
  stage: stageOf(progress, booking.fulfilment),
  booking,
  progress,
  cancelRefused,
});

/** Whether there is a pre-order that people may see. */
export const isMade = (state: Preorder): state is Extract<Preorder, { progress: Progress }> => 'progress' in state;

export const preorders: Decider<Preorder, Input, PreorderEvent, Refusal> = {
  initial: { status: 'none' },
  defaults: {
    booking: { slots: () => [] },
    cause: defaultIfCancelled('CANCELLED_BY_CUSTOMER'), // no other could cancel
    reasonText: defaultIfCancelled(''),
  },
  decide,
  evolve,
};
