import type { CardDeclined } from '#kernel/declined.ts';
import type { Instant } from '#kernel/time.ts';

/** What payment says of a declined card (`PaymentDeclined`). Without a word about another card it is final. */
export const cardDeclined = (
  {
    reason,
    reasonText,
    retryable = false,
    cards = 1,
  }: { reason: string; reasonText: string; retryable?: boolean | undefined; cards?: number | undefined },
  at: Instant,
): { type: 'PaymentDeclined' } & CardDeclined => ({
  type: 'PaymentDeclined',
  ...{ reason, reasonText, isRetryable: retryable, cards, at },
});
