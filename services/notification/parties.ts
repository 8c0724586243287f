import { accept, type Decider } from '#kernel/decision.ts';
import type { Recipient } from './texts.ts';

/** Customer, provider and title of an order, from the events of its core: the events of a delivery lack them. */
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

/** Takes a newer version; a late or repeated one changes nothing. */
export const parties: Decider<KnownParties, Parties, Parties, never> = {
  initial: { status: 'unknown' },
  decide: (state, told) => (state.status === 'known' && state.version >= told.version ? accept() : accept(told)),
  evolve: (_, told) => ({ status: 'known', ...told }),
};

/** The recipients: the customer and the provider. A person who is both gets the customer's text. */
export const recipientsOf = ({ customerId, providerId }: Parties): { id: string; as: Recipient }[] => [
  ...(customerId ? [{ id: customerId, as: 'customer' as const }] : []),
  ...(providerId && providerId !== customerId ? [{ id: providerId, as: 'provider' as const }] : []),
];
