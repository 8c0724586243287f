import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { deliveryRpc } from './adapters/grpc.ts';
import { hearing } from './adapters/messages.ts';
import { migrations, mikroOrmDeliveries, storedDeliveries } from './adapters/store.ts';

/** Delivery (배송): what couriers bring to the customers of orders. */
export const service: Service = {
  name: 'delivery',
  migrations,
  settings: {},
  plug: ({ store }: Outside): Plugged => ({
    rpc: [deliveryRpc(mikroOrmDeliveries(store))],
    hears: hearing(storedDeliveries),
    timers: {},
  }),
};
