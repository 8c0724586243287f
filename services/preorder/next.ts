import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Next } from '#kernel/next.ts';
import type { Preorder } from './preorder.ts';
import { acceptUntil, receiveUntil, type Waits } from './process.ts';

/** What a pre-order waits for, and until when its phone is kept; nothing in a state at rest. */
export function nextOf(preorder: StoredAggregate<Preorder>, waits: Waits): Next | undefined {
  const { state } = preorder;
  if (state.status === 'cancelling') return { who: 'NOBODY', what: 'GIVE_BACK' };
  if (state.status !== 'open') return undefined;
  const untilAccepted = { deadline: { at: acceptUntil(preorder, waits), what: 'HELD_UNTIL' } } as const;
  const untilReceived = { deadline: { at: receiveUntil(preorder, waits), what: 'HELD_UNTIL' } } as const;
  switch (state.stage) {
    case 'requested':
    case 'waiting-dealership':
      return { who: 'NOBODY', what: 'ASSIGN', ...untilAccepted };
    case 'assigned':
      return { who: 'PROVIDER', what: 'ACCEPT', ...untilAccepted };
    case 'accepted':
      return state.booking.fulfilment === 'PICKUP'
        ? { who: 'CUSTOMER', what: 'PICK_UP', ...untilReceived }
        : { who: 'PROVIDER', what: 'SHIP', ...untilReceived };
    case 'shipped':
      return { who: 'PROVIDER', what: 'DELIVER' };
    case 'delivered':
      return { who: 'PROVIDER', what: 'ACTIVATE' };
    case 'activated':
      return undefined;
  }
}
