import type { Consequences, Kept } from '#kernel/aggregate.ts';
import { claimsOf } from '#kernel/limit.ts';
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
function after(event: RentalEvent, { state, updatedAt }: Kept<Rental>, intentMs: number): Consequences<Message> {
  if (state.status === 'none') return {};
  const { contract } = state;
  const { productId } = contract;
  switch (event.type) {
    case 'PaymentBegun':
      return { timers: [{ name: 'intent', at: updatedAt + intentMs }], claims: claimsOf(contract.slots) };
    case 'PaymentFailed':
      return { stopTimers: ['intent'], releases: claimsOf(contract.slots) };
    case 'PaymentUndone':
      return { messages: [{ to: 'payment', type: 'CancelPayment', keep: nothingOf(contract), askedAt: event.askedAt }], stopTimers: ['intent'], releases: claimsOf(contract.slots) };
    case 'RentalReceived':
      return { messages: [tell(event), { to: 'inventory', type: 'ReserveStock', productId }], stopTimers: ['intent'], releases: claimsOf(contract.slots) };
    case 'RentalStockConfirmed':
      return { messages: [tell(event), { to: 'delivery', type: 'RequestDelivery', address: contract.address }] };
    case 'RentalDelivering': // only now the count on hand falls (R4)
      return { messages: [tell(event), { to: 'inventory', type: 'CommitStock', productId }] };
    case 'DeliveryAskedBack': // first and alone: it may refuse
      return { messages: [{ to: 'delivery', type: 'CancelDelivery' }] };
    case 'RestAskedBack':
      if (state.status !== 'cancelling') return {};
      return {
        messages: [
          { to: 'inventory', type: 'ReleaseStock', productId },
          { to: 'payment', type: 'CancelPayment', keep: state.keep, askedAt: state.askedAt },
        ],
      };
    case 'PartReturned':
      return {};
    case 'RentalBackordered':
    case 'RentalInstalled':
    case 'RentalCancelling':
    case 'RentalCancelRefused':
    case 'RentalCancelled':
      return { messages: [tell(event)] };
  }
}

/** Of all that happened at once. An intent that is no rental after `intentMs` is undone. */
export const consequencesWith =
  (intentMs: number) =>
  (events: readonly RentalEvent[], kept: Kept<Rental>): Consequences<Message> => {
    const all = events.map((event) => after(event, kept, intentMs));
    return {
      messages: all.flatMap(({ messages = [] }) => messages),
      timers: all.flatMap(({ timers = [] }) => timers),
      stopTimers: all.flatMap(({ stopTimers = [] }) => stopTimers),
      claims: all.flatMap(({ claims = [] }) => claims),
      releases: all.flatMap(({ releases = [] }) => (releases === 'all' ? [] : releases)),
    };
  };

const tell = (event: { type: Told }): Message => ({ to: 'everybody', type: event.type });

const nothingOf = (contract: Contract): Money => ({ ...firstPayment(contract), amount: 0 });
