import { serviceOf } from '#adapters/service/service.ts';
import { inventoryRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { addSampleData } from './adapters/sample.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmProducts, storedProducts } from './adapters/store.ts';

/** Inventory (상품/재고): products, their stock, and what orders hold of it. */
export const service = serviceOf({
  name: 'inventory',
  migrations,
  entities,
  settings: {},
  plug({ store, development }) {
    const products = mikroOrmProducts(store);
    return {
      rpc: [inventoryRpc(products)],
      subscriptions: subscriptions(storedProducts, products),
      timers: {},
      async start() {
        if (development) await addSampleData(products);
      },
    };
  },
});
