import type { CardRefusal } from '#kernel/card.ts';
import type { RefusalStatus } from './rpc.ts';

/** What whoever orders without a card is told, in every business. */
export const cardRefusals: Record<CardRefusal, RefusalStatus> = {
  'no-payment-method': {
    code: 'FAILED_PRECONDITION',
    text: 'there is no card to charge: add one first; nothing is charged',
  },
  'unknown-payment-method': {
    code: 'INVALID_ARGUMENT',
    field: 'payment_method_id',
    text: 'must be one of your cards; nothing is charged',
  },
};
