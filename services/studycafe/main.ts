import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { studycafeRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { addSampleData } from './adapters/sample.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmBlocks, mikroOrmCafes, mikroOrmOccupancy } from './adapters/store.ts';
import { openSeatFeed } from './adapters/seat-feed.ts';
import type { Ports } from './ports.ts';
import { readSeats } from './usecases.ts';

/** Studycafe (스터디카페): cafes and their seat maps, and which seat is held, registered or blocked when. */
export const service = serviceOf({
  name: 'studycafe',
  migrations,
  entities,
  settings: {
    JARI_HEARTBEAT_SECONDS: inSeconds({
      default: 15,
      desc: 'Seconds of silence after which a stream sends a sign of life.',
    }),
  },
  plug({ store, settings, now, development }) {
    const ports: Ports = {
      cafes: mikroOrmCafes(store),
      blocks: mikroOrmBlocks(store),
      occupancy: mikroOrmOccupancy(store),
      now,
    };
    const { until } = openSeatFeed(
      (cafe, period) => readSeats(ports, cafe, period),
      seconds(settings.JARI_HEARTBEAT_SECONDS),
    );
    return {
      rpc: [studycafeRpc(ports, until)],
      subscriptions: subscriptions(ports),
      timers: {},
      async start() {
        const isNew = (await ports.cafes.list({ seesClosed: true }, { size: 1 })).length === 0;
        if (development && isNew) await addSampleData(ports.cafes);
      },
    };
  },
});
