import type { StoredAggregate } from '#kernel/aggregate.ts';
import type { Next } from '#kernel/next.ts';
import { longestWait } from './policy.ts';
import type { Rental } from './rental.ts';

/** What a rental waits for, and until when it is delivered; nothing in a state at rest. */
export function nextOf({ state, createdAt }: StoredAggregate<Rental>): Next | undefined {
  switch (state.status) {
    case 'received':
      return { who: 'NOBODY', what: 'STOCK', ...untilDelivered(state, createdAt) };
    case 'backordered':
      return { who: 'PROVIDER', what: 'STOCK', ...untilDelivered(state, createdAt) };
    case 'stock-confirmed':
      return { who: 'PROVIDER', what: 'SHIP', ...untilDelivered(state, createdAt) };
    case 'delivering':
      return { who: 'PROVIDER', what: 'DELIVER', ...untilDelivered(state, createdAt) };
    case 'cancelling':
      return { who: 'NOBODY', what: 'GIVE_BACK' };
    case 'none':
    case 'paying':
    case 'unpaid':
    case 'installed':
    case 'cancelled':
      return undefined;
  }
}

/** None after a refused cancellation: then it is on its way. */
const untilDelivered = ({ cancelRefused }: { cancelRefused: string }, made: number): Pick<Next, 'deadline'> =>
  cancelRefused ? {} : { deadline: { at: made + longestWait, what: 'DELIVERED_UNTIL' } };
