import { str } from 'envalid';
import { addressOf } from '#adapters/grpc/address.ts';
import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { preorderRpc } from './adapters/grpc.ts';
import { grpcInventory } from './adapters/inventory.ts';
import { hearing } from './adapters/messages.ts';
import { migrations, mikroOrmPreorders, storedPreorders } from './adapters/store.ts';
import { giveUp } from './usecases.ts';

/** Preorder: customers' phone pre-orders (예약판매), and what each asks of inventory, assignment and delivery. */
export const service: Service = {
  name: 'preorder',
  aggregates: [storedPreorders],
  migrations,
  settings: {
    INVENTORY_ADDR: str({ default: '', desc: 'Where inventory is called over gRPC; empty: at the same process.' }),
  },
  plug({ store, settings, log }: Outside): Plugged {
    const inventory = grpcInventory(addressOf(settings, 'INVENTORY_ADDR'), log);
    const ports = { preorders: mikroOrmPreorders(store), inventory };
    return {
      rpc: [preorderRpc(ports)],
      hears: hearing(storedPreorders),
      timers: { 'preorder/intent': (id) => giveUp(ports, id) },
      breakers: [inventory.policy],
      stop: async () => inventory.close(),
    };
  },
};
