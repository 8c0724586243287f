import { cancelsAs, type Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Decision } from '#kernel/decision.ts';
import type { Money } from '#kernel/money.ts';
import type { Booking, Preorder, PreorderEvent, Refusal } from './preorder.ts';
import { isReceived, stepTo } from './progress.ts';

/** Parts that a cancellation gives back, in this order. A part that may refuse is asked first and alone, so that it is all or nothing. */
export type Part = 'delivery' | 'assignment' | 'stock';

export type Cause = 'CANCELLED_BY_CUSTOMER' | 'CANCELLED_BY_STAFF' | 'EXPIRED' | 'NOT_RECEIVED';

const next = { delivery: 'assignment', assignment: 'stock' } as const;

export function cancel(state: Preorder, by: Canceller): Decision<PreorderEvent, Refusal> {
  if (!('progress' in state)) return refuse('no-such-preorder');
  const who = cancelsAs(by, { customerId: state.booking.customerId }, 'no-such-preorder');
  if (!who.accepted) return who;
  if (state.status !== 'open') return accept(); // idempotent: the first one counts
  if (!isCancellable(state)) return refuse('not-cancellable');
  const cause = who.as === 'CUSTOMER' ? 'CANCELLED_BY_CUSTOMER' : 'CANCELLED_BY_STAFF';
  return accept({ type: 'PreorderCancelling', first: firstOf(state), cause, reasonText: who.reasonText });
}

const firstOf = ({ progress }: Extract<Preorder, { status: 'open' }>): 'assignment' | 'delivery' =>
  progress.delivery === 'not-asked' ? 'assignment' : 'delivery';

/** Nothing is paid for a pre-order: unless a dealership accepts it in time, others may have the stock. */
export function expire(state: Preorder): Decision<PreorderEvent, Refusal> {
  const isWaiting = state.status === 'open' && ['requested', 'assigned', 'waiting-dealership'].includes(state.stage);
  return isWaiting
    ? accept({ type: 'PreorderCancelling', first: 'assignment', cause: 'EXPIRED', reasonText: '' })
    : accept();
}

/** The same where it was accepted, and then neither sent nor picked up. */
export const expireAccepted = (state: Preorder): Decision<PreorderEvent, Refusal> =>
  state.status === 'open' && state.stage === 'accepted'
    ? accept({ type: 'PreorderCancelling', first: firstOf(state), cause: 'NOT_RECEIVED', reasonText: '' })
    : accept();

/** A part is given back: the next one is requested, and the last one ends the cancellation. A part that is not awaited changes nothing. */
export function returned(state: Preorder, part: Part): Decision<PreorderEvent, Refusal> {
  if (state.status !== 'cancelling' || state.awaiting !== part) return accept();
  if (part === 'stock') return accept({ type: 'PreorderCancelled' });
  const progress = part === 'delivery' ? { ...state.progress, delivery: 'cancelled' as const } : state.progress;
  return accept({ type: 'PreorderPartReturned', progress, next: next[part] });
}

/**
 * The pre-order is where it was, and wherever it came meanwhile. An undelivered phone is not kept by its dealership, whatever it has
 * activated: a refusal is of a command that did not say so, and the command is repeated.
 */
export function cancelRefused(state: Preorder, part: Part, reason: string): Decision<PreorderEvent, Refusal> {
  if (state.status !== 'cancelling' || state.awaiting !== part) return accept();
  if (part === 'assignment' && isUndelivered(state.booking)) return accept();
  return accept({ type: 'PreorderCancelRefused', reason, ...stepTo(state.progress, state.booking.fulfilment) });
}

/** Once its dealership is asked to give it back: its delivery was cancelled, or never asked for, and nobody can deliver it any more. */
export const isUndelivered = ({ fulfilment }: Booking): boolean => fulfilment === 'DELIVERY';

/** What cancelling would give back. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  reason: string;
}

/** The sample policy gives back all that was paid; a pre-order is paid at the dealership, so that is nothing. */
export function previewCancellation(state: Preorder): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  if (state.status !== 'open' || !isCancellable(state)) return 'not-cancellable';
  const nothing = { ...state.booking.total, amount: 0 };
  return { paid: nothing, refund: nothing, percent: 100, reason: 'NOTHING_PAID' };
}

const isCancellable = ({ progress, booking }: Extract<Preorder, { status: 'open' }>): boolean =>
  !isReceived(progress, booking.fulfilment);
