import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { Intent } from './payment.ts';

/** Which of the payer's cards is charged for the order: 1, and one more after each decline. */
export const nthOf = ({ nth = 1 }: Intent): number => nth;

/** The key by which the provider knows a charge: the order's id, and another for each further card. Each is charged once at most. */
export const chargeKeyOf = (id: string, intent: Intent): string =>
  nthOf(intent) > 1 ? `${id}-card-${nthOf(intent)}` : id;

/** The order's id, of the key of any charge for it. */
export const orderIdOf = (chargeKey: string): string => chargeKey.replace(/-card-\d+$/, '');

/** The key by which the provider knows a refund: however often it is tried, it is the same, and the next one's is another. */
export const refundKeyOf = ({ order, back }: { order: Pick<OrderRef, 'id'>; back?: Pick<Money, 'amount'> }): string =>
  back ? `${order.id}-refund-after-${back.amount}` : `${order.id}-refund`;
