import { refuse, type Refused } from './decision.ts';
import { isBlank } from './text.ts';

/** A person who asks to cancel an order. */
export interface Canceller {
  id: string;
  /** Has the role of those who provide such orders, such as a seller. */
  isProvider: boolean;
  /** Of the customer centre, or an administrator. */
  isStaff: boolean;
  isAdmin: boolean;
  /** The reason that the customer is told. */
  text: string;
}

export type CancelsAs = 'CUSTOMER' | 'PROVIDER' | 'STAFF';

/** As whom somebody cancels. `afterBegin`: also once the service has begun, where the business allows that at all. */
export interface Cancels {
  accepted: true;
  as: CancelsAs;
  afterBegin: boolean;
  reasonText: string;
}

/**
 * As whom a person cancels an order of these parties. This decides the refund: the customer gets what the policy gives, and from anybody else
 * all of it, with the reason. One's own order is cancelled as its customer whatever one's roles: nobody grants a refund to themselves. Once
 * the service is in use, the customer centre alone cannot give all of it back.
 */
export function cancelsAs<NotFound extends string>(
  { id, isProvider, isStaff, isAdmin, text }: Canceller,
  { customerId, providerId }: { customerId: string; providerId?: string },
  notFound: NotFound,
): Cancels | Refused<NotFound | 'text-required'> {
  if (id === customerId) return { accepted: true, as: 'CUSTOMER', afterBegin: false, reasonText: '' };
  const as = isProvider && id === providerId ? 'PROVIDER' : isStaff ? 'STAFF' : undefined;
  if (!as) return refuse(notFound);
  if (isBlank(text)) return refuse('text-required');
  return { accepted: true, as, afterBegin: as === 'PROVIDER' || isAdmin, reasonText: text };
}

/** A default for a field of cancelled orders, and of those that are being cancelled. */
export const defaultIfCancelled =
  <Value>(value: Value) =>
  ({ status }: { status: string }): Value | undefined =>
    status === 'cancelling' || status === 'cancelled' ? value : undefined;
