import type { Declined } from '#kernel/declined.ts';

/** What an order's state says of why it is as it is: why it was cancelled, why it waits for another card, or why it was refused or failed. */
interface Explained {
  status: string;
  cause?: string;
  declined?: Declined | undefined;
  reason?: string;
  reasonText?: string;
}

/** The reason of an order in the published language; empty where there is none. */
export const orderReason = (state: Explained): { reason: string; reasonText: string } => {
  const { reason = '', reasonText = '' } = state.declined ?? state;
  return { reason: state.cause ?? reason, reasonText };
};
