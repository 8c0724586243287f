import { notIntended, onlyIf, type GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import type { PaymentServiceService, PayRequest } from '#proto/jari/payment/v1/payment.ts';
import { firstPayment, type Contract } from '../contract.ts';
import type { Payments } from '../ports.ts';
import { kind } from './messages.ts';

/** What payment is asked. */
export const chargeFor = (id: string, contract: Contract): PayRequest => ({
  order: { kind, id },
  payerId: contract.customerId,
  payeeId: '',
  amount: toProto(firstPayment(contract)),
  paymentMethodId: contract.paymentMethodId,
});

/** Payment over gRPC, for the customer who waits. */
export const grpcPayments = ({ pay }: Pick<GrpcClient<typeof PaymentServiceService>['call'], 'pay'>): Payments => ({
  async pay(id, contract, intend) {
    try {
      await pay(chargeFor(id, contract), { before: onlyIf(intend) });
      return 'paid';
    } catch (error) {
      if (error === notIntended) return 'not-intended';
      if (error instanceof RpcError && error.reason === 'PAYMENT_DECLINED') return 'declined';
      if (error instanceof RpcError && error.reason === 'TOO_MANY_DECLINES') return 'too-many-declines';
      if (error instanceof RpcError && error.reason === 'NO_PAYMENT_METHOD') return 'no-payment-method';
      if (error instanceof RpcError && error.reason === 'UNKNOWN_PAYMENT_METHOD') return 'unknown-payment-method';
      throw error instanceof Unavailable
        ? error
        : new Unavailable('the outcome of the payment is unknown', { cause: error });
    }
  },
});
