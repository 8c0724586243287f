import type { Consequences, StoredAggregate } from '#kernel/aggregate.ts';
import { askingAgain, type Pace, type Waiting } from '#kernel/asking.ts';
import { claimsOf } from '#kernel/limit.ts';
import type { Instant } from '#kernel/time.ts';
import { isUndelivered } from './cancellation.ts';
import type { Booking, Preorder, PreorderEvent } from './preorder.ts';
import { isReceived, unanswered } from './progress.ts';

/** Events that preorder publishes: all but the internal ones, each with the pre-order after it. */
export type PublishedEvent = Exclude<
  PreorderEvent['type'],
  | 'PreorderIntended'
  | 'PreorderDropped'
  | 'PreorderStockGone'
  | 'PreorderProgressed'
  | 'PreorderPartReturned'
  | 'AskedAgain'
>;

/** Messages of preorder: commands to its capabilities, and events. The order of each is the pre-order's id. */
export type Message =
  | { to: 'everybody'; type: PublishedEvent }
  | { to: 'assignment'; type: 'RequestAssignment'; booking: Booking }
  | { to: 'assignment'; type: 'CancelAssignment'; undelivered: boolean }
  | { to: 'delivery'; type: 'RequestDelivery'; booking: Booking }
  | { to: 'delivery'; type: 'CancelDelivery' }
  | { to: 'inventory'; type: 'CommitStock'; booking: Booking }
  | { to: 'inventory'; type: 'ReleaseStock'; booking: Booking };

/** How long to wait, in milliseconds. */
export interface Waits {
  /** Time after which an intention that is not a pre-order is given up: its process has crashed, and stock may be held. */
  intent: number;
  /** Time after which a pre-order that no dealership has accepted is cancelled. */
  acceptance: number;
  /** Time after its acceptance in which a pre-order is sent or picked up; after that it is cancelled. */
  receipt: number;
  /** Longest pause before unanswered commands are repeated (`askingAgain`). */
  askAgain: number;
}

/** The saga as a table: for each event the next commands or compensations, and the timers to set. */
export const consequencesWith = (waits: Waits) => askingAgain(waits.askAgain, waitingIn, tableWith(waits));

const tableWith =
  (waits: Waits) =>
  (event: PreorderEvent, after: StoredAggregate<Preorder>): Consequences<Message> => {
    if (after.state.status === 'none') return {};
    const { booking } = after.state;
    switch (event.type) {
      case 'PreorderIntended':
        return { timers: [{ name: 'intent', at: after.updatedAt + waits.intent }], claims: claimsOf(booking.slots) };
      case 'PreorderDropped':
        return {
          messages: event.mayHoldStock ? [{ to: 'inventory', type: 'ReleaseStock', booking }] : [],
          stopTimers: 'all',
          releases: 'all',
        };
      case 'PreorderRequested':
        return {
          messages: [publish(event), { to: 'assignment', type: 'RequestAssignment', booking }],
          stopTimers: 'all',
          timers: [{ name: 'acceptance', at: acceptUntil(after, waits) }],
        };
      case 'PreorderStockGone':
      case 'AskedAgain':
        return {};
      case 'PreorderAssigned':
      case 'PreorderWaitingForDealership':
        return { messages: [publish(event)] };
      case 'PreorderCancelled':
        return { messages: [publish(event)], releases: 'all' };
      case 'PreorderAccepted':
        return {
          messages: [
            publish(event),
            ...(event.asksDelivery ? [{ to: 'delivery', type: 'RequestDelivery', booking } as const] : []),
          ],
          stopTimers: 'all',
          timers: [{ name: 'receipt', at: receiveUntil(after, waits) }],
        };
      case 'PreorderShipped':
      case 'PreorderDelivered':
      case 'PreorderActivated':
        return {
          messages: [
            publish(event),
            ...(event.handsOver ? [{ to: 'inventory', type: 'CommitStock', booking } as const] : []),
          ],
          stopTimers: 'all',
          ...(isWithCustomer(after.state) && { releases: 'all' }),
        };
      case 'PreorderProgressed':
        return { messages: event.handsOver ? [{ to: 'inventory', type: 'CommitStock', booking }] : [] };
      case 'PreorderCancelling':
        return {
          messages: [
            publish(event),
            event.first === 'delivery'
              ? { to: 'delivery', type: 'CancelDelivery' }
              : { to: 'assignment', type: 'CancelAssignment', undelivered: isUndelivered(booking) },
          ],
          stopTimers: 'all',
        };
      case 'PreorderPartReturned':
        return {
          messages: [
            event.next === 'assignment'
              ? { to: 'assignment', type: 'CancelAssignment', undelivered: isUndelivered(booking) }
              : { to: 'inventory', type: 'ReleaseStock', booking },
          ],
        };
      case 'PreorderCancelRefused': // it goes on from where it came meanwhile
        return {
          messages: [
            publish(event),
            ...(event.asksDelivery ? [{ to: 'delivery', type: 'RequestDelivery', booking } as const] : []),
            ...(event.handsOver ? [{ to: 'inventory', type: 'CommitStock', booking } as const] : []),
          ],
          ...(isWithCustomer(after.state) && { releases: 'all' }),
          ...(isAccepted(after.state) && { timers: [{ name: 'receipt', at: receiveUntil(after, waits) }] }),
        };
    }
  };

/** When a pre-order is cancelled unless a dealership has accepted it. */
export const acceptUntil = ({ createdAt }: StoredAggregate<Preorder>, { acceptance }: Waits): Instant =>
  createdAt + acceptance;

/** When a pre-order that has just been accepted is cancelled unless it is sent or picked up. */
export const receiveUntil = ({ updatedAt }: StoredAggregate<Preorder>, { receipt }: Waits): Instant =>
  updatedAt + receipt;

const isAccepted = (state: Preorder): boolean => state.status === 'open' && state.stage === 'accepted';

/** The customer has it: it no longer counts among the open ones. */
const isWithCustomer = (state: Preorder): boolean =>
  state.status === 'open' && isReceived(state.progress, state.booking.fulfilment);

/** The second half of the saga: what each state waits for. Nothing is paid here, and until its receipt a customer can cancel at any time. */
function waitingIn({ state }: StoredAggregate<Preorder>): Waiting<Message> | undefined {
  if (state.status === 'none') return undefined;
  const { booking } = state;
  const releaseStock: Message = { to: 'inventory', type: 'ReleaseStock', booking };
  switch (state.status) {
    case 'open': {
      const asks = {
        assignment: { to: 'assignment', type: 'RequestAssignment', booking },
        delivery: { to: 'delivery', type: 'RequestDelivery', booking },
        stock: { to: 'inventory', type: 'CommitStock', booking },
      } as const;
      const owing = unanswered(state.progress, booking.fulfilment);
      // Dealers and couriers take their time; the services themselves do not.
      const pace: Pace = state.stage === 'requested' || state.stage === 'activated' ? 'service' : 'person';
      return owing.length ? { asks: owing.map((part) => asks[part]), pace } : undefined;
    }
    case 'cancelling': {
      const asks = {
        delivery: { to: 'delivery', type: 'CancelDelivery' },
        assignment: { to: 'assignment', type: 'CancelAssignment', undelivered: isUndelivered(booking) },
        stock: releaseStock,
      } as const;
      return { asks: [asks[state.awaiting]], pace: 'service' };
    }
    case 'dropped':
      return state.mayHoldStock ? { asks: [releaseStock], pace: 'service' } : undefined;
    case 'intended': // has a timer of its own
    case 'cancelled':
      return undefined;
  }
}

const publish = (event: { type: PublishedEvent }): Message => ({ to: 'everybody', type: event.type });
