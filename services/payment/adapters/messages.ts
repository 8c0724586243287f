import type { StoredAggregate } from '#kernel/aggregate.ts';
import { event, type Outgoing } from '#adapters/bus/messages.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { inputFor, onCommand, subscriptionsOf } from '#adapters/service/service.ts';
import * as proto from '#proto/jari/payment/v1/messages.ts';
import type { FindCard } from '../cards.ts';
import type { Input, Payment } from '../payment.ts';
import type { Message } from '../process.ts';
import type { storedPayment } from './store.ts';

/** How payment's events look on the wire. */
export function encode(message: Message, { id, version: count }: StoredAggregate<Payment>): Outgoing {
  const { order, again } = message;
  const about = { order, version: BigInt(count), ...(again && { again }) };
  switch (message.type) {
    case 'PaymentCompleted':
      return event('jari.payment.v1.PaymentCompleted', proto.PaymentCompleted, id, {
        ...about,
        amount: toProto(message.amount),
      });
    case 'PaymentDeferred':
      return event('jari.payment.v1.PaymentDeferred', proto.PaymentDeferred, id, { ...about, reason: message.reason });
    case 'PaymentDeclined':
      return event('jari.payment.v1.PaymentDeclined', proto.PaymentDeclined, id, {
        ...about,
        reason: message.reason,
        reasonText: message.reasonText,
        retryable: message.isRetryable,
        cards: message.cards,
      });
    case 'PaymentCancelled':
      return event('jari.payment.v1.PaymentCancelled', proto.PaymentCancelled, id, {
        ...about,
        refunded: toProto(message.refunded),
        kept: toProto(message.kept),
      });
  }
}

/** What the owners of orders ask of payment. */
export const subscriptions = (payments: typeof storedPayment, findCard: FindCard) =>
  subscriptionsOf(
    onCommand(
      'jari.payment.v1.RequestPayment',
      proto.RequestPayment,
      ({ order, payerId, payeeId, amount, paymentMethodId, retryable }) => [
        inputFor(payments, order.id, async (): Promise<Input> => ({
          type: 'RequestPayment',
          order,
          intent: {
            ...{ payerId, payeeId, amount: fromProto(amount) },
            ...(await findCard(payerId, paymentMethodId)),
            ...(retryable && { isRetryable: true }),
          },
        })),
      ],
    ),
    onCommand('jari.payment.v1.CancelPayment', proto.CancelPayment, ({ order, keep, askedAt, wasPaid }) => {
      if (!askedAt) throw new TypeError('CancelPayment without asked_at');
      return [
        inputFor(payments, order.id, {
          type: 'CancelPayment',
          order,
          keep: fromProto(keep),
          askedAt: askedAt.getTime(),
          ...(wasPaid && { wasPaid: true }),
        }),
      ];
    }),
  );
