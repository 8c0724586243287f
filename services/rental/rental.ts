import type { AskedAgain } from '#kernel/asking.ts';
import { defaultIfCancelled, type Canceller } from '#kernel/canceller.ts';
import type { CardRefusal } from '#kernel/card.ts';
import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { exceeded, slotsOf, type Limit } from '#kernel/limit.ts';
import { totalMismatch, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { askAgain, continueCancellation, cancel, resumeRental, returned } from './cancellation.ts';
import { firstPayment, type Contract } from './contract.ts';

/** How far a rental has come. */
export type Stage = 'received' | 'backordered' | 'stock-confirmed' | 'delivering' | 'installed';

/** What a cancellation waits to get back: first the delivery alone, which may refuse; then the rest. */
export type Part = 'delivery' | 'stock' | 'payment';

export type Rental =
  | { status: 'none' }
  /** The intent: payment is about to be asked. If this does not become a rental, it is undone. */
  | { status: 'paying'; contract: Contract }
  /** An undone intent: nothing is accepted, nothing stays charged. `undoneAt`: set until payment has confirmed it. */
  | { status: 'unpaid'; contract: Contract; undoneAt?: Instant }
  /** `isCommitted`: inventory has confirmed that the unit left the shelf. */
  | { status: Stage; contract: Contract; cancelRefused: string; isCommitted?: boolean }
  /** `was` goes on while the delivery is asked: what leaves and arrives meanwhile, has left and arrived. */
  | {
      status: 'cancelling';
      contract: Contract;
      was: Stage;
      cause?: Cause;
      reasonText: string;
      keep: Money;
      askedAt: Instant;
      awaiting: readonly Part[];
    }
  | { status: 'cancelled'; contract: Contract; cause?: Cause; reasonText: string };

/** NOT_DELIVERED: it was not installed within `longestWait`. Rows of earlier versions do not say: their customers cancelled. */
export type Cause = 'CANCELLED_BY_CUSTOMER' | 'CANCELLED_BY_STAFF' | 'NOT_DELIVERED';

export type Input =
  // what becomes of asking for payment
  | { type: 'BeginPayment'; contract: Contract; agreed: Money | undefined; limits: readonly Limit[] }
  | { type: 'Paid' }
  | { type: 'PaymentDeclined' }
  | { type: 'PaymentInDoubt'; at: Instant }
  // commands of people
  | { type: 'CancelRental'; by: Canceller; at: Instant }
  // events of inventory, delivery and payment
  | { type: 'StockReserved' }
  | { type: 'StockUnavailable' }
  | { type: 'StockReleased' }
  | { type: 'StockCommitted' }
  | { type: 'DeliveryStarted' }
  | { type: 'Delivered' }
  | { type: 'DeliveryCancelled' }
  | { type: 'DeliveryCancelRefused'; reason: string }
  | { type: 'PaymentCancelled' }
  // timers; `made`: when the rental was asked for
  | { type: 'AskAgain'; made: Instant; at: Instant };

export type RentalEvent =
  | { type: 'PaymentBegun'; contract: Contract }
  | { type: 'PaymentFailed' }
  | { type: 'PaymentUndone'; askedAt: Instant }
  | { type: 'RentalReceived' }
  | { type: 'RentalBackordered' }
  | { type: 'RentalStockConfirmed' }
  | { type: 'RentalDelivering' }
  | { type: 'RentalInstalled' }
  | { type: 'StockLeft' }
  | { type: 'RentalCancelling'; cause: Cause; reasonText: string; keep: Money; askedAt: Instant }
  | { type: 'DeliveryAskedBack' }
  /** There is no delivery to cancel (any more). */
  | { type: 'RestAskedBack' }
  | { type: 'PartReturned'; part: Part }
  | { type: 'RentalCancelRefused'; reason: string }
  | { type: 'RentalCancelled' }
  | AskedAgain;

export type Refusal =
  | 'no-such-product'
  | 'not-a-dispenser'
  | 'not-on-sale'
  | 'price-changed'
  | 'too-many-holds'
  | 'payment-declined'
  | 'too-many-declines'
  | CardRefusal
  | 'payment-undone'
  | 'no-such-rental'
  | 'text-required'
  | 'not-cancellable';

/** Messages may be late, repeated or out of order: one that does not fit the state changes nothing. */
export function decide(state: Rental, input: Input): Decision<RentalEvent, Refusal> {
  switch (input.type) {
    case 'BeginPayment':
      return state.status === 'none' ? begin(input) : accept(); // asked again, intended once
    case 'Paid':
      if (state.status === 'unpaid') return refuse('payment-undone'); // the refund is on its way
      return state.status === 'paying' ? accept({ type: 'RentalReceived' }) : accept();
    case 'PaymentDeclined':
      return state.status === 'paying' ? accept({ type: 'PaymentFailed' }) : accept();
    case 'PaymentInDoubt':
      return state.status === 'paying' ? accept({ type: 'PaymentUndone', askedAt: input.at }) : accept();

    case 'CancelRental':
      return cancel(state, input);

    case 'StockReserved':
      return state.status === 'received' || state.status === 'backordered'
        ? accept({ type: 'RentalStockConfirmed' })
        : accept();
    case 'StockUnavailable':
      return state.status === 'received' ? accept({ type: 'RentalBackordered' }) : accept();
    case 'DeliveryStarted':
      return accept(...left(state));
    case 'Delivered':
      return accept(...left(state), ...arrived(state));

    case 'DeliveryCancelled':
      return continueCancellation(state);
    case 'DeliveryCancelRefused':
      return resumeRental(state, input.reason);
    case 'StockReleased':
      return returned(state, 'stock');
    case 'StockCommitted':
      return (state.status === 'delivering' || state.status === 'installed') && !state.isCommitted
        ? accept({ type: 'StockLeft' })
        : accept();
    case 'PaymentCancelled':
      return returned(state, 'payment');

    case 'AskAgain':
      return askAgain(state, input);
  }
}

function begin({ contract, agreed, limits }: Extract<Input, { type: 'BeginPayment' }>): Decision<RentalEvent, Refusal> {
  const changed = totalMismatch(agreed, firstPayment(contract));
  if (changed) return refuse('price-changed', changed);
  const tooMany = exceeded(limits);
  if (tooMany) return refuse('too-many-holds', tooMany);
  return accept({ type: 'PaymentBegun', contract: { ...contract, slots: slotsOf(limits) } });
}

/** Where its delivery finds the rental, also while that is asked to turn back. */
const deliveryFinds = (state: Rental): Rental['status'] =>
  state.status === 'cancelling' && state.awaiting.includes('delivery') ? state.was : state.status;

const left = (state: Rental): RentalEvent[] =>
  deliveryFinds(state) === 'stock-confirmed' ? [{ type: 'RentalDelivering' }] : [];

const arrived = (state: Rental): RentalEvent[] =>
  ['stock-confirmed', 'delivering'].includes(deliveryFinds(state)) ? [{ type: 'RentalInstalled' }] : [];

export function evolve(state: Rental, event: RentalEvent): Rental {
  if (event.type === 'PaymentBegun') return { status: 'paying', contract: event.contract };
  if (state.status === 'none') return state;
  const { contract } = state;
  switch (event.type) {
    case 'PaymentFailed':
      return { status: 'unpaid', contract };
    case 'PaymentUndone':
      return { status: 'unpaid', contract, undoneAt: event.askedAt };
    case 'RentalReceived':
      return at(state, 'received');
    case 'RentalBackordered':
      return at(state, 'backordered');
    case 'RentalStockConfirmed':
      return at(state, 'stock-confirmed');
    case 'RentalDelivering':
      return at(state, 'delivering');
    case 'RentalInstalled':
      return at(state, 'installed');
    case 'StockLeft':
      return 'cancelRefused' in state ? { ...state, isCommitted: true } : state;
    case 'RentalCancelling': {
      const { cause, reasonText, keep, askedAt } = event;
      return 'cancelRefused' in state
        ? { status: 'cancelling', contract, was: state.status, cause, reasonText, keep, askedAt, awaiting: [] }
        : state;
    }
    case 'DeliveryAskedBack':
      return awaiting(state, ['delivery']);
    case 'RestAskedBack':
      return awaiting(state, ['stock', 'payment']);
    case 'PartReturned':
      if (state.status === 'unpaid') return { status: 'unpaid', contract };
      return state.status === 'cancelling'
        ? { ...state, awaiting: state.awaiting.filter((part) => part !== event.part) }
        : state;
    case 'RentalCancelRefused':
      return state.status === 'cancelling' ? { status: state.was, contract, cancelRefused: event.reason } : state;
    case 'RentalCancelled':
      if (state.status !== 'cancelling') return state;
      return {
        ...{ status: 'cancelled', contract, reasonText: state.reasonText },
        ...(state.cause && { cause: state.cause }),
      };
    case 'AskedAgain':
      return state;
  }
}

const at = (state: Exclude<Rental, { status: 'none' }>, stage: Stage): Rental =>
  state.status === 'cancelling'
    ? { ...state, was: stage }
    : {
        status: stage,
        contract: state.contract,
        cancelRefused: '',
        ...('cancelRefused' in state && { cancelRefused: state.cancelRefused, isCommitted: state.isCommitted }),
      };

const awaiting = (state: Rental, parts: readonly Part[]): Rental =>
  state.status === 'cancelling' ? { ...state, awaiting: parts } : state;

export const rentals: Decider<Rental, Input, RentalEvent, Refusal> = {
  initial: { status: 'none' },
  defaults: { contract: { slots: () => [] }, reasonText: defaultIfCancelled('') },
  decide,
  evolve,
};
