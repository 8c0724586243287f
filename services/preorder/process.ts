import type { Consequences, Kept } from '#kernel/aggregate.ts';
import type { Part } from './cancellation.ts';
import type { Booking, Preorder, PreorderEvent } from './preorder.ts';

/** What preorder tells everybody: each event but the inner ones, with the pre-order as it is after it. */
export type Told = Exclude<PreorderEvent['type'], 'PreorderIntended' | 'PreorderDropped' | 'PreorderProgressed' | 'PreorderPartReturned'>;

/** What preorder asks of its capabilities, and tells; each travels with the pre-order's id as the order. */
export type Message =
  | { to: 'everybody'; type: Told }
  | { to: 'assignment'; type: 'RequestAssignment'; booking: Booking }
  | { to: 'assignment'; type: 'CancelAssignment' }
  | { to: 'delivery'; type: 'RequestDelivery'; booking: Booking }
  | { to: 'delivery'; type: 'CancelDelivery' }
  | { to: 'inventory'; type: 'CommitStock'; booking: Booking }
  | { to: 'inventory'; type: 'ReleaseStock'; booking: Booking };

/**
 * The saga, as a table: what happened → the next step or the compensation that is asked for, and which alarm clocks are set. An
 * intention that is no pre-order after `intentMs` is given up: whoever had it has crashed, and may hold stock.
 */
export const consequencesWith =
  (intentMs: number) =>
  (events: readonly PreorderEvent[], after: Kept<Preorder>): Consequences<Message> => {
    const [event] = events;
    if (!event || after.state.status === 'none') return {};
    const { booking } = after.state;
    switch (event.type) {
      case 'PreorderIntended':
        return { timers: [{ name: 'intent', at: after.updatedAt + intentMs }] };
      case 'PreorderDropped':
        return { messages: event.mayHoldStock ? [{ to: 'inventory', type: 'ReleaseStock', booking }] : [], stopTimers: 'all' };
      case 'PreorderRequested':
        return { messages: [tell(event), { to: 'assignment', type: 'RequestAssignment', booking }], stopTimers: 'all' };
      case 'PreorderAssigned':
      case 'PreorderWaitingForDealership':
      case 'PreorderAccepted':
      case 'PreorderShipped':
      case 'PreorderDelivered':
      case 'PreorderActivated':
      case 'PreorderCancelRefused':
        return { messages: [tell(event), ...asked(event, booking)] };
      case 'PreorderProgressed':
        return { messages: asked(event, booking) };
      case 'PreorderCancelling':
        return { messages: [tell(event), giveBack(event.first, booking)] };
      case 'PreorderPartReturned':
        return { messages: [giveBack(event.next, booking)] };
      case 'PreorderCancelled':
        return { messages: [tell(event)] };
    }
  };

const tell = (event: { type: Told }): Message => ({ to: 'everybody', type: event.type });

const asked = ({ handsOver, asksDelivery }: { handsOver: boolean; asksDelivery: boolean }, booking: Booking): Message[] => [
  ...(asksDelivery ? [{ to: 'delivery', type: 'RequestDelivery', booking } as const] : []),
  ...(handsOver ? [{ to: 'inventory', type: 'CommitStock', booking } as const] : []),
];

function giveBack(part: Part, booking: Booking): Message {
  switch (part) {
    case 'delivery':
      return { to: 'delivery', type: 'CancelDelivery' };
    case 'assignment':
      return { to: 'assignment', type: 'CancelAssignment' };
    case 'stock':
      return { to: 'inventory', type: 'ReleaseStock', booking };
  }
}
