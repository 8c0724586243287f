import { accept, type Decider } from '#kernel/decision.ts';
import type { Recipient } from './texts.ts';

/** Whose order it is and what it is called, as its core service last said: a delivery's events do not say it. */
export interface Parties {
  customerId: string;
  /** Empty where the platform itself provides. */
  providerId: string;
  title: string;
  /** The order's version. */
  version: number;
}

/** Notification's own copy; its id is the order's. */
export type KnownParties = { status: 'unknown' } | ({ status: 'known' } & Parties);

/** Takes what is newer; what comes late or twice changes nothing. */
export const parties: Decider<KnownParties, Parties, Parties, never> = {
  initial: { status: 'unknown' },
  decide: (state, told) => (state.status === 'known' && state.version >= told.version ? accept() : accept(told)),
  evolve: (_, told) => ({ status: 'known', ...told }),
};

/** Who is written to: the customer, and who provides. Somebody who is both reads as the customer. */
export const recipientsOf = ({ customerId, providerId }: Parties): { id: string; as: Recipient }[] => [
  ...(customerId ? [{ id: customerId, as: 'customer' as const }] : []),
  ...(providerId && providerId !== customerId ? [{ id: providerId, as: 'provider' as const }] : []),
];
