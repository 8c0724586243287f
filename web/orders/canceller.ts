import type { Session } from '../api/session.ts';

/** As whom one cancels: its customer gets back what the policy says; of anybody else the customer gets all, and is told why. */
export type CancelsAs = 'CUSTOMER' | 'PROVIDER' | 'STAFF';

/** Whether they can also once it is over, until its provider is paid: those who can judge that nothing was provided. */
export const cancelsLate = (as: CancelsAs, { roles }: Pick<Session, 'roles'>): boolean =>
  as === 'PROVIDER' || (as === 'STAFF' && roles.includes('admin'));

/** As whom the reader may cancel an order of these parties, if at all. Where nobody knows who reads, the API decides. */
export function cancelsAs(
  { customerId, providerId }: { customerId: string; providerId: string },
  /** The role of providers who may cancel such an order. */
  provider: string | undefined,
  { person, roles }: Pick<Session, 'person' | 'roles'>,
): CancelsAs | undefined {
  if (!person || person.id === customerId) return 'CUSTOMER';
  if (person.id === providerId && provider && roles.includes(provider)) return 'PROVIDER';
  return roles.includes('agent') || roles.includes('admin') ? 'STAFF' : undefined;
}
