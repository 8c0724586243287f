import type { Canceller } from '#kernel/canceller.ts';
import { has, type Caller, type RefusalStatus, type Role } from './rpc.ts';

const staff = ['agent', 'admin'] as const;

/** Roles that may ask to cancel an order; `provider` is the role of those who provide it. */
export const cancellers = (provider?: Role): readonly Role[] => ['customer', ...(provider ? [provider] : []), ...staff];

/** The caller as one who asks to cancel. */
export const cancellerIn = ({ text }: { text: string }, caller: Caller, provider?: Role): Canceller => ({
  id: caller.id,
  isProvider: provider !== undefined && has(caller, provider),
  isStaff: has(caller, ...staff),
  isAdmin: has(caller, 'admin'),
  text,
});

export const textRequired: RefusalStatus = {
  code: 'INVALID_ARGUMENT',
  text: 'is required to cancel the order of another person, who is told why',
  field: 'text',
};
