import { randomInt } from 'node:crypto';
import { days } from '#kernel/time.ts';
import { tokenSettings } from '#adapters/auth/settings.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { count, most } from '#adapters/settings/settings.ts';
import { mayDeliverBy } from './adapters/couriers.ts';
import { deliveryRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmDeliveries, storedDeliveries } from './adapters/store.ts';
import { updateDelivery } from './usecases.ts';

/** Delivery (배송): what couriers bring to the customers of orders. */
export const service = serviceOf({
  name: 'delivery',
  migrations,
  entities,
  settings: {
    JARI_JWKS_URL: tokenSettings.JARI_JWKS_URL,
    JARI_DELIVERY_ADDRESS_DAYS: count({
      default: 30,
      desc: 'Days after which the address of a completed or cancelled delivery is erased.',
    }),
    JARI_DELIVERIES_PER_COURIER: most({
      default: 20,
      desc: 'Most open deliveries of a courier, who sees their addresses. 0 is no limit.',
    }),
  },
  plug({ store, settings, staffRolesOf, development }) {
    const stored = storedDeliveries(days(settings.JARI_DELIVERY_ADDRESS_DAYS));
    const deliveries = mikroOrmDeliveries(store, stored, settings.JARI_DELIVERIES_PER_COURIER);
    return {
      rpc: [
        deliveryRpc({
          deliveries,
          mayDeliver: mayDeliverBy(staffRolesOf, { byIdentityAlone: !development && !settings.JARI_JWKS_URL }),
        }),
      ],
      subscriptions: subscriptions(stored, () => randomInt(1_000_000).toString().padStart(6, '0')),
      timers: {
        'delivery/forget-address': async (id) => void (await updateDelivery(deliveries, id, { type: 'ForgetAddress' })),
      },
    };
  },
});
