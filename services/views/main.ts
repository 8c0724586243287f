import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { viewsRpc } from './adapters/grpc.ts';
import { orderUpdates } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { migrations } from './adapters/migrations.ts';
import { openOrderFeed } from './adapters/order-feed.ts';
import { openPersonFeed } from './adapters/person-feed.ts';
import { orderViews, storedOrderViews } from './adapters/store.ts';

/** Read models over all businesses (조회, CQRS): receives every event, and publishes none. */
export const service = serviceOf({
  name: 'views',
  migrations,
  entities,
  settings: {
    JARI_HEARTBEAT_SECONDS: inSeconds({
      default: 15,
      desc: 'Seconds of silence after which a stream sends a sign of life.',
    }),
  },
  plug({ store, settings }) {
    const quietMs = seconds(settings.JARI_HEARTBEAT_SECONDS);
    const views = storedOrderViews(store);
    const feeds = { order: openOrderFeed(store, quietMs).until, person: openPersonFeed(store, quietMs).until };
    return {
      rpc: [viewsRpc(views, feeds)],
      subscriptions: { events: ['#'], commands: [], handle: orderUpdates },
      projection: orderViews,
      timers: {},
    };
  },
});
