import type { GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import { Payment_Status, type PaymentServiceService } from '#proto/jari/payment/v1/payment.ts';
import type { PaidOrders } from '../ports.ts';

/** Payment's own record over gRPC, because messages of the broker can be forged. */
export const grpcPaidOrders = ({
  findPayment,
}: Pick<GrpcClient<typeof PaymentServiceService>['call'], 'findPayment'>): PaidOrders => ({
  async find(orderId) {
    try {
      const { status, payeeId, amount } = await findPayment({ orderId });
      return status === Payment_Status.COMPLETED ? { payeeId, paid: fromProto(amount) } : undefined;
    } catch (error) {
      if (error instanceof RpcError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  },
});
