import type { Logger } from 'pino';
import { seconds, type Instant } from '#kernel/time.ts';
import type { ServiceToken } from '#adapters/auth/service-token.ts';
import { grpcClient, notIntended, onlyIf, type GrpcClient } from '#adapters/grpc/client.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import { policy, type Policy } from '#adapters/resilience/policy.ts';
import type { Tls } from '#adapters/tls/tls.ts';
import { InventoryServiceService, Product_Kind, type Product } from '#proto/jari/inventory/v1/inventory.ts';
import { ReserveStock_IfUnavailable } from '#proto/jari/inventory/v1/messages.ts';
import type { Inventory } from '../ports.ts';
import type { Phone } from '../preorder.ts';
import { kind } from './messages.ts';

/**
 * Inventory over gRPC, behind circuit breakers: while it fails, customers get an answer at once (P10). Reading and holding have one each:
 * under load, holding stock is slow while reading products is quick, and successful reads must not keep the breaker of holding closed.
 */
export function grpcInventory(
  address: string,
  token: ServiceToken,
  log: Logger,
  now?: () => Instant,
  tls?: Tls,
): Inventory & { policies: readonly Policy[]; close(): void } {
  const wayTo = (name: string): Policy =>
    policy({
      name,
      timeoutMs: 1_000,
      attempts: 2, // a hold is identified by its order, so a repetition holds once
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      bulkhead: { concurrent: 128, queued: 512 },
      onStateChange: (breaker) =>
        log.warn({ breaker }, `preorder: the circuit breaker for the ${name} changed its state`),
    });
  const [looking, holding] = [wayTo('inventory'), wayTo('inventory-stock')];
  const clientBy = (way: Policy): GrpcClient<typeof InventoryServiceService> =>
    grpcClient({
      definition: InventoryServiceService,
      address,
      policy: way,
      token,
      ...(now && { now }),
      ...(tls && { tls }),
    });
  const [products, stock] = [clientBy(looking), clientBy(holding)];
  return {
    policies: [looking, holding],
    close() {
      products.close();
      stock.close();
    },
    ...inventoryOver({ ...products.call, reserveStock: stock.call.reserveStock }),
  };
}

/** What inventory's answers mean to preorder, by call or by message. */
export const inventoryOver = (
  call: Pick<GrpcClient<typeof InventoryServiceService>['call'], 'getProduct' | 'listProducts' | 'reserveStock'>,
): Inventory => ({
  async find(productId) {
    try {
      const product = await call.getProduct({ productId });
      return product.kind === Product_Kind.PHONE ? phoneFrom(product) : undefined;
    } catch (error) {
      if (error instanceof RpcError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  },

  async variants(family) {
    try {
      const { products } = await call.listProducts({
        ...{ kind: Product_Kind.PHONE, q: family, pageSize: 50, pageToken: '' },
      });
      return products
        .filter((product) => product.family === family)
        .map((product) => ({ id: product.id, ...phoneFrom(product) }));
    } catch {
      return []; // the quote does without other phones
    }
  },

  async hold(id, productId, quantity, intend) {
    try {
      await call.reserveStock(
        { order: { kind, id }, productId, quantity, ifUnavailable: ReserveStock_IfUnavailable.REFUSE },
        { before: onlyIf(intend) },
      );
      return 'held';
    } catch (error) {
      if (error === notIntended) return 'not-intended';
      if (error instanceof RpcError && error.reason === 'OUT_OF_STOCK') return 'out-of-stock';
      throw error;
    }
  },
});

const phoneFrom = ({ name, price, available, closed, family }: Product): Phone => ({
  ...{ name, price: fromProto(price), available, family },
  isClosed: closed,
});
