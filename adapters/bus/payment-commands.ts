import type { OrderRef } from '#kernel/ids.ts';
import type { Money } from '#kernel/money.ts';
import type { RefundTerms } from '#kernel/refund-terms.ts';
import { toProto } from '#adapters/rpc/money.ts';
import * as payment from '#proto/jari/payment/v1/messages.ts';
import { command, type Outgoing } from './messages.ts';

/** What an order asks of payment. It waits when the card is declined. `payeeId`: nobody where the platform itself is paid. */
export const requestPayment = (
  order: OrderRef,
  {
    payerId,
    payeeId = '',
    amount,
    paymentMethodId,
  }: { payerId: string; payeeId?: string; amount: Money; paymentMethodId?: string | undefined },
): Outgoing =>
  command('jari.payment.v1.RequestPayment', payment.RequestPayment, order.id, {
    ...{ order, payerId, payeeId, amount: toProto(amount), paymentMethodId, retryable: true },
  });

export const cancelPayment = (order: OrderRef, { keep, askedAt, wasPaid }: RefundTerms): Outgoing =>
  command('jari.payment.v1.CancelPayment', payment.CancelPayment, order.id, {
    ...{ order, keep: toProto(keep), askedAt: new Date(askedAt), ...(wasPaid && { wasPaid }) },
  });
