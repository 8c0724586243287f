import type { OrderView, ShownOrder } from './order-view.ts';
import { isShown } from './order-view.ts';

/** Who looks. */
export interface Viewer {
  id: string;
  /** The customer centre and administrators. */
  seesAll: boolean;
  /** Looks after the system, and so for what hangs in it. */
  seesStuck: boolean;
}

/** Whose orders a list shows. */
export type Whose = 'all' | 'ordered' | 'provided' | 'ordered-or-provided';

/** Through whose eyes the viewer asked to look, if at all. */
export type As = 'CUSTOMER' | 'PROVIDER' | 'ALL' | undefined;

export function whose(viewer: Viewer, as: As): Whose | 'not-allowed' {
  switch (as) {
    case 'CUSTOMER':
      return 'ordered';
    case 'PROVIDER':
      return 'provided';
    case 'ALL':
      return viewer.seesAll ? 'all' : 'not-allowed';
    case undefined:
      return viewer.seesAll ? 'all' : 'ordered-or-provided';
  }
}

/** The order, if there is one yet and it is the viewer's business: somebody else's is not there. */
export function shownTo(viewer: Viewer, view: OrderView | undefined): ShownOrder | undefined {
  if (!view || !isShown(view)) return undefined;
  const { customerId, providerId } = view.head;
  return viewer.seesAll || viewer.id === customerId || viewer.id === providerId ? view : undefined;
}
