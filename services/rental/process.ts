import type { Consequences, Kept } from '#kernel/aggregate.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { firstPayment, type Contract } from './contract.ts';
import type { Rental, RentalEvent } from './rental.ts';

/** What rental tells everybody: nothing of what is not paid yet, and nothing of its inner steps. */
export type Told = Extract<RentalEvent['type'], `Rental${string}`>;

/** What rental asks of its capabilities, and tells; each travels with the rental's id as the order. */
export type Message =
  | { to: 'everybody'; type: Told }
  | { to: 'inventory'; type: 'ReserveStock' | 'CommitStock' | 'ReleaseStock'; productId: string }
  | { to: 'delivery'; type: 'RequestDelivery'; address: string }
  | { to: 'delivery'; type: 'CancelDelivery' }
  | { to: 'payment'; type: 'CancelPayment'; keep: Money; askedAt: Instant };

/** The saga, as a table: what happened → the next step or the compensation that is asked for, and which alarm clocks are set. */
export const consequencesWith =
  (intentMs: number) =>
  (events: readonly RentalEvent[], after: Kept<Rental>): Consequences<Message> => {
    const { state, updatedAt } = after;
    if (state.status === 'none') return {};
    const messages = events.flatMap((event) => asks(event, state));
    const told = events.flatMap((event) => (isTold(event.type) ? [{ to: 'everybody', type: event.type } as const] : []));
    const begun = events.some(({ type }) => type === 'PaymentBegun');
    return {
      messages: [...told, ...messages],
      ...(begun ? { timers: [{ name: 'intent', at: updatedAt + intentMs }] } : {}),
      ...(events.some(({ type }) => endsIntent.includes(type)) ? { stopTimers: ['intent'] } : {}),
    };
  };

function asks(event: RentalEvent, state: Exclude<Rental, { status: 'none' }>): Message[] {
  const { contract } = state;
  const { productId, address } = contract;
  switch (event.type) {
    case 'RentalReceived':
      return [{ to: 'inventory', type: 'ReserveStock', productId }];
    case 'RentalStockConfirmed':
      return [{ to: 'delivery', type: 'RequestDelivery', address }];
    case 'RentalDelivering': // only now the count on hand falls (R4)
      return [{ to: 'inventory', type: 'CommitStock', productId }];
    case 'PaymentUndone':
      return [{ to: 'payment', type: 'CancelPayment', keep: nothing(contract), askedAt: event.askedAt }];
    case 'RentalCancelling':
      return isAwaitingDelivery(state) ? [{ to: 'delivery', type: 'CancelDelivery' }] : back(state);
    case 'DeliveryCalledOff':
      return back(state);
    case 'PaymentBegun':
    case 'PaymentFailed':
    case 'RentalBackordered':
    case 'RentalInstalled':
    case 'PartReturned':
    case 'RentalCancelRefused':
    case 'RentalCancelled':
      return [];
  }
}

const isAwaitingDelivery = (state: Rental): boolean => state.status === 'cancelling' && state.awaiting.includes('delivery');

/** Units and money are asked back together: both always let themselves be. */
const back = (state: Exclude<Rental, { status: 'none' }>): Message[] =>
  state.status === 'cancelling'
    ? [
        { to: 'inventory', type: 'ReleaseStock', productId: state.contract.productId },
        { to: 'payment', type: 'CancelPayment', keep: state.keep, askedAt: state.askedAt },
      ]
    : [];

const nothing = (contract: Contract): Money => ({ ...firstPayment(contract), amount: 0 });

const endsIntent: readonly RentalEvent['type'][] = ['RentalReceived', 'PaymentFailed', 'PaymentUndone'];

const isTold = (type: RentalEvent['type']): type is Told => type.startsWith('Rental');
