import { cancelsAs, type Canceller } from '#kernel/canceller.ts';
import { accept, refuse, type Decision } from '#kernel/decision.ts';
import { minus, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { firstPayment } from './contract.ts';
import { cancellationFee, longestWait, type Cancellable } from './policy.ts';
import type { Part, Refusal, Rental, RentalEvent } from './rental.ts';

export function cancel(state: Rental, { by, at }: { by: Canceller; at: Instant }): Decision<RentalEvent, Refusal> {
  if (!isAccepted(state)) return refuse('no-such-rental');
  const { contract } = state;
  const who = cancelsAs(by, { customerId: contract.customerId }, 'no-such-rental');
  if (!who.accepted) return who;
  if (state.status === 'cancelling' || state.status === 'cancelled') return accept(); // idempotent: the first one counts
  if (state.status === 'installed') return refuse('not-cancellable');
  const paid = firstPayment(contract);
  const [cause, keep] =
    who.as === 'CUSTOMER'
      ? (['CANCELLED_BY_CUSTOMER', cancellationFee(contract.policy, paid, state.status)] as const)
      : (['CANCELLED_BY_STAFF', { ...paid, amount: 0 }] as const);
  return accept(
    { type: 'RentalCancelling', cause, reasonText: who.reasonText, keep, askedAt: at },
    firstReturnAsked(state.status),
  );
}

/** Where a delivery was asked for, it is asked first and alone: it may refuse. */
const firstReturnAsked = (stage: Cancellable): RentalEvent => ({
  type: stage === 'stock-confirmed' || stage === 'delivering' ? 'DeliveryAskedBack' : 'RestAskedBack',
});

/** Nobody is left to wait longer than `longestWait` for what is paid: all of it goes back. A delivery that refuses that has delivered. */
export function askAgain(state: Rental, { made, at }: { made: Instant; at: Instant }): Decision<RentalEvent, Refusal> {
  if (!isWaiting(state) || state.cancelRefused || at < made + longestWait) return accept({ type: 'AskedAgain', at });
  const keep = { ...firstPayment(state.contract), amount: 0 };
  return accept(
    { type: 'RentalCancelling', cause: 'NOT_DELIVERED', reasonText: '', keep, askedAt: at },
    firstReturnAsked(state.status),
  );
}

const isWaiting = (state: Rental): state is Extract<Rental, { cancelRefused: string }> & { status: Cancellable } =>
  'cancelRefused' in state && state.status !== 'installed';

/** The delivery agrees: nothing can stop the cancellation any more. */
export function continueCancellation(state: Rental): Decision<RentalEvent, Refusal> {
  return isAwaiting(state, 'delivery') ? accept({ type: 'RestAskedBack' }) : accept();
}

/** The customer has it: the rental goes on where it was. */
export function resumeRental(state: Rental, reason: string): Decision<RentalEvent, Refusal> {
  return isAwaiting(state, 'delivery') ? accept({ type: 'RentalCancelRefused', reason }) : accept();
}

/** The last part that is given back ends the cancellation. A part that is not awaited changes nothing. */
export function returned(state: Rental, part: Part): Decision<RentalEvent, Refusal> {
  if (state.status === 'unpaid' && state.undoneAt !== undefined && part === 'payment')
    return accept({ type: 'PartReturned', part });
  if (!isAwaiting(state, part)) return accept();
  return accept(state.awaiting.length === 1 ? { type: 'RentalCancelled' } : { type: 'PartReturned', part });
}

/** What a cancellation now would refund. */
export interface CancelPreview {
  paid: Money;
  refund: Money;
  percent: number;
  stage: Cancellable;
}

export function previewCancellation(state: Rental): CancelPreview | Extract<Refusal, 'not-cancellable'> {
  switch (state.status) {
    case 'received':
    case 'backordered':
    case 'stock-confirmed':
    case 'delivering': {
      const { contract, status: stage } = state;
      const paid = firstPayment(contract);
      return {
        paid,
        refund: minus(paid, cancellationFee(contract.policy, paid, stage)),
        percent: contract.policy.refundPercent[stage],
        stage,
      };
    }
    case 'none':
    case 'paying':
    case 'unpaid':
    case 'installed':
    case 'cancelling':
    case 'cancelled':
      return 'not-cancellable';
  }
}

/** What is not paid is no rental. */
export const isAccepted = (state: Rental): state is Exclude<Rental, { status: 'none' | 'paying' | 'unpaid' }> =>
  state.status !== 'none' && state.status !== 'paying' && state.status !== 'unpaid';

const isAwaiting = (state: Rental, part: Part): state is Extract<Rental, { status: 'cancelling' }> =>
  state.status === 'cancelling' && state.awaiting.includes(part);
