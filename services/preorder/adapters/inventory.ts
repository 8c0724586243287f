import type { Logger } from 'pino';
import { seconds } from '#kernel/time.ts';
import { grpcClient, type GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/grpc/errors.ts';
import { fromProto } from '#adapters/grpc/money.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import { InventoryServiceService, Product_Kind } from '#proto/jari/inventory/v1/inventory.ts';
import { ReserveStock_IfUnavailable } from '#proto/jari/inventory/v1/messages.ts';
import type { Inventory } from '../ports.ts';
import { kind } from './messages.ts';

type Calls = Pick<GrpcClient<typeof InventoryServiceService>['call'], 'getProduct' | 'reserveStock'>;

/** Inventory over gRPC, behind a breaker: while it fails, customers hear so at once (P10). */
export function grpcInventory(address: string, log: Logger): Inventory & { policy: Policy; close(): void } {
  const way = policy({
    name: 'inventory',
    timeoutMs: 1_000,
    attempts: 2, // a hold is known by its order: asking twice holds once
    breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
    bulkhead: { concurrent: 128, queued: 512 },
    onStateChange: (breaker) => log.warn({ breaker }, 'preorder: the way to inventory changed'),
  });
  const client = grpcClient({ definition: InventoryServiceService, address, policy: way });
  return { policy: way, close: client.close, ...inventoryOver(client.call) };
}

/** What inventory's answers mean to preorder, whichever way they come. */
export const inventoryOver = (call: Calls): Inventory => ({
  async find(productId) {
    try {
      const { name, price, available, kind: sort } = await call.getProduct({ productId });
      return sort === Product_Kind.PHONE ? { name, price: fromProto(price), available } : undefined;
    } catch (error) {
      if (error instanceof RpcError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  },

  async hold(id, productId, quantity) {
    try {
      await call.reserveStock({ order: { kind, id }, productId, quantity, ifUnavailable: ReserveStock_IfUnavailable.REFUSE });
      return 'held';
    } catch (error) {
      if (error instanceof RpcError && error.reason === 'OUT_OF_STOCK') return 'out-of-stock';
      throw error;
    }
  },
});
