import type { Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { askingAgain, type Waiting } from '#kernel/asking.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import type { Instant } from '#kernel/time.ts';
import { firstPayment, type Contract } from './contract.ts';
import { longestWait } from './policy.ts';
import type { Rental, RentalEvent } from './rental.ts';

/** Events that rental publishes: none before payment, and no internal ones. */
export type PublishedEvent = Extract<RentalEvent['type'], `Rental${string}`>;

/** Messages of rental: commands to its capabilities, and events. The order of each is the rental's id. */
export type Message =
  | { to: 'everybody'; type: PublishedEvent }
  | { to: 'inventory'; type: 'ReserveStock' | 'CommitStock' | 'ReleaseStock'; productId: string }
  | { to: 'delivery'; type: 'RequestDelivery'; address: string; customerId: string }
  | { to: 'delivery'; type: 'CancelDelivery' }
  | ({ to: 'payment'; type: 'CancelPayment' } & RefundTerms);

/** An intent that is no rental after `intent` is undone; `askAgain` is the longest pause before it asks again (`askingAgain`). Both in milliseconds. */
export interface PaymentTimeouts {
  intent: number;
  askAgain: number;
}

/** The saga as a table: for each event the next commands or compensations, and the timers to set. */
export const consequencesWith = ({ intent, askAgain }: PaymentTimeouts) =>
  askingAgain(askAgain, waitingIn, tableWith(intent));

const tableWith =
  (intent: number) =>
  (event: RentalEvent, { state, updatedAt }: StoredAggregate<Rental>): Consequences<Message> => {
    if (state.status === 'none') return {};
    const { contract } = state;
    const { productId } = contract;
    switch (event.type) {
      case 'PaymentBegun':
        return { timers: [{ name: 'intent', at: updatedAt + intent }], claims: claimsOf(contract.slots) };
      case 'PaymentFailed':
        return { stopTimers: ['intent'], releases: claimsOf(contract.slots) };
      case 'PaymentUndone':
        return {
          messages: [undoPayment(contract, event.askedAt)],
          stopTimers: ['intent'],
          releases: claimsOf(contract.slots),
        };
      case 'RentalReceived':
        return {
          messages: [publish(event), { to: 'inventory', type: 'ReserveStock', productId }],
          stopTimers: ['intent'],
          releases: claimsOf(contract.slots),
        };
      case 'RentalStockConfirmed':
        return {
          messages: [
            publish(event),
            { to: 'delivery', type: 'RequestDelivery', address: contract.address, customerId: contract.customerId },
          ],
        };
      case 'RentalDelivering': // only now the count on hand falls (R4)
        return { messages: [publish(event), { to: 'inventory', type: 'CommitStock', productId }] };
      case 'DeliveryAskedBack': // first and alone: it may refuse
        return { messages: [{ to: 'delivery', type: 'CancelDelivery' }] };
      case 'RestAskedBack':
        if (state.status !== 'cancelling') return {};
        return {
          messages: [
            { to: 'inventory', type: 'ReleaseStock', productId },
            { to: 'payment', type: 'CancelPayment', keep: state.keep, askedAt: state.askedAt, wasPaid: true },
          ],
        };
      case 'PartReturned':
      case 'StockLeft':
      case 'AskedAgain':
        return {};
      case 'RentalBackordered':
      case 'RentalInstalled':
      case 'RentalCancelling':
      case 'RentalCancelRefused':
      case 'RentalCancelled':
        return { messages: [publish(event)] };
    }
  };

/** The second half of the saga: what each state waits for. */
function waitingIn({ state, createdAt }: StoredAggregate<Rental>): Waiting<Message> | undefined {
  if (state.status === 'none') return undefined;
  const { productId, address, customerId } = state.contract;
  const requestDelivery: Message = { to: 'delivery', type: 'RequestDelivery', address, customerId };
  const commitStock: Message = { to: 'inventory', type: 'CommitStock', productId };
  const until = 'cancelRefused' in state && !state.cancelRefused ? { until: createdAt + longestWait } : {};
  switch (state.status) {
    case 'received':
      return { asks: [{ to: 'inventory', type: 'ReserveStock', productId }], pace: 'service', ...until };
    case 'backordered':
      return { asks: [{ to: 'inventory', type: 'ReserveStock', productId }], pace: 'person', ...until };
    case 'stock-confirmed':
      return { asks: [requestDelivery], pace: 'person', ...until };
    case 'delivering':
      return { asks: state.isCommitted ? [requestDelivery] : [requestDelivery, commitStock], pace: 'person', ...until };
    case 'installed':
      return state.isCommitted ? undefined : { asks: [commitStock], pace: 'service' };
    case 'cancelling': {
      const { keep, askedAt, awaiting } = state;
      const asks = {
        delivery: { to: 'delivery', type: 'CancelDelivery' },
        stock: { to: 'inventory', type: 'ReleaseStock', productId },
        payment: { to: 'payment', type: 'CancelPayment', keep, askedAt, wasPaid: true },
      } as const;
      return { asks: awaiting.map((part) => asks[part]), pace: 'service' };
    }
    case 'unpaid':
      return state.undoneAt === undefined
        ? undefined
        : { asks: [undoPayment(state.contract, state.undoneAt)], pace: 'service' };
    case 'paying': // its intent has a timer of its own
    case 'cancelled':
      return undefined;
  }
}

const undoPayment = (contract: Contract, askedAt: Instant): Message => ({
  to: 'payment',
  type: 'CancelPayment',
  keep: nothingOf(contract),
  askedAt,
});

const publish = (event: { type: PublishedEvent }): Message => ({ to: 'everybody', type: event.type });

const nothingOf = (contract: Contract): Money => ({ ...firstPayment(contract), amount: 0 });
