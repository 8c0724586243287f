import { fromProto } from '#adapters/grpc/money.ts';
import { RpcError } from '#adapters/grpc/errors.ts';
import { Unavailable } from '#adapters/resilience/errors.ts';
import { inScope } from '#adapters/scope/scope.ts';
import type { Product } from '#proto/jari/inventory/v1/inventory.ts';
import { ReserveStock_IfUnavailable } from '#proto/jari/inventory/v1/messages.ts';
import { kind } from '../../../services/preorder/adapters/messages.ts';
import type { Inventory } from '../../../services/preorder/ports.ts';
import type { World } from '../world.ts';

/** Inventory at the end of a rough road: calls that never arrive, whose answers are lost, or that arrive when their sender has given up. */
export function inventoryOf(world: World): Inventory {
  const call = (method: string, request: object): Promise<unknown> => {
    const found = world.services.get('inventory')!.plugged.rpc[0]!.methods.find(({ name }) => name === method)!.implementation;
    if (found.kind !== 'query') throw new Error(`${method} is no query`);
    return inScope({ correlationId: 'call', causationId: 'call' }, () => found.run(request as never, undefined as never));
  };
  return {
    async find(productId) {
      if (world.faults && world.choices.once(12)) throw unanswered();
      const { name, price, available } = (await call('getProduct', { productId })) as Product;
      return { name, price: fromProto(price), available };
    },
    async hold(id, productId, quantity, intend) {
      await intend();
      const arrive = async (): Promise<'held' | 'out-of-stock'> => {
        try {
          await call('reserveStock', { order: { kind, id }, productId, quantity, ifUnavailable: ReserveStock_IfUnavailable.REFUSE });
          return 'held';
        } catch (error) {
          if (error instanceof RpcError && error.reason === 'OUT_OF_STOCK') return 'out-of-stock';
          throw error;
        }
      };
      if (!world.faults || !world.choices.once(4)) return arrive();
      switch (world.choices.pick(3)) {
        case 0:
          throw unanswered();
        case 1:
          await arrive();
          throw unanswered();
        default:
          world.late.push(async () => void (await arrive().catch(() => undefined)));
          throw unanswered();
      }
    },
  };
}

const unanswered = (): RpcError => new RpcError('UNAVAILABLE', 'UNAVAILABLE', new Unavailable('inventory does not answer').message);
