import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { inventoryRpc } from './adapters/grpc.ts';
import { hearing } from './adapters/messages.ts';
import { addSampleData } from './adapters/sample.ts';
import { migrations, mikroOrmProducts, storedProducts } from './adapters/store.ts';

/** Inventory (상품/재고): products, their stock, and what orders hold of it. */
export const service: Service = {
  name: 'inventory',
  migrations,
  settings: {},
  plug({ store, development }: Outside): Plugged {
    const products = mikroOrmProducts(store);
    return {
      rpc: [inventoryRpc(products)],
      hears: hearing(storedProducts, products),
      timers: {},
      async start() {
        if (development) await addSampleData(products);
      },
    };
  },
};
