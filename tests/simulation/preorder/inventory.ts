import { RpcError } from '#adapters/rpc/errors.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { inScope } from '#adapters/scope/scope.ts';
import { inventoryOver } from '../../../services/preorder/adapters/inventory.ts';
import type { Inventory } from '../../../services/preorder/ports.ts';
import type { World } from '../world.ts';

/** Inventory at the end of a rough road: calls that never arrive, whose answers are lost, or that arrive when their sender has given up. */
export function inventoryOf(world: World): Inventory {
  const call =
    <Response>(method: string) =>
    async (request: object): Promise<Response> => {
      if (world.isAway('inventory')) throw unanswered();
      const found = world.services
        .get('inventory')!
        .plugged.rpc[0]!.methods.find(({ name }) => name === method)!.implementation;
      if (found.kind !== 'query') throw new Error(`${method} is no query`);
      return inScope({ correlationId: 'call', causationId: 'call' }, () =>
        found.run(request as never, undefined as never),
      ) as Promise<Response>;
    };
  const over = inventoryOver({
    getProduct: call('getProduct'),
    listProducts: async () => ({ products: [], nextPageToken: '' }),
    reserveStock: call('reserveStock'),
  });
  return {
    async find(productId) {
      if (world.faults && world.choices.once(12)) throw unanswered();
      return over.find(productId);
    },
    variants: async () => [], // only a quote looks for others, and nobody asks for one
    async hold(...asked) {
      const [, , , intend] = asked;
      if (!(await intend())) return 'not-intended'; // whatever becomes of the call
      if (!world.faults || !world.choices.once(4)) return over.hold(...asked);
      switch (world.choices.pick(3)) {
        case 0:
          throw unanswered();
        case 1:
          await over.hold(...asked);
          throw unanswered();
        default:
          world.late.push(async () => void (await over.hold(...asked).catch(() => undefined)));
          throw unanswered();
      }
    },
  };
}

const unanswered = (): RpcError =>
  new RpcError('UNAVAILABLE', 'UNAVAILABLE', new Unavailable('inventory does not answer').message);
