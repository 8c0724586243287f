import { seconds } from '#kernel/time.ts';
import type { Outside, Plugged, Service } from '#adapters/host/service.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { studycafeRpc } from './adapters/grpc.ts';
import { hearing } from './adapters/messages.ts';
import { addSampleData } from './adapters/sample.ts';
import { migrations, mikroOrmBlocks, mikroOrmCafes, mikroOrmOccupancy } from './adapters/store.ts';
import { watching } from './adapters/watching.ts';
import type { Ports } from './ports.ts';
import { seeSeats } from './usecases.ts';

/** Studycafe (스터디카페): cafes and their seat maps, and which seat is held, registered or blocked when. */
export const service: Service = {
  name: 'studycafe',
  migrations,
  settings: {
    JARI_HEARTBEAT_SECONDS: inSeconds({ default: 15, desc: 'How long a stream may be quiet before it says that it is alive' }),
  },
  plug({ store, settings, now, development }: Outside): Plugged {
    const ports: Ports = { cafes: mikroOrmCafes(store), blocks: mikroOrmBlocks(store), occupancy: mikroOrmOccupancy(store), now };
    const { until } = watching((cafe, period) => seeSeats(ports, cafe, period), seconds(Number(settings['JARI_HEARTBEAT_SECONDS'])));
    return {
      rpc: [studycafeRpc(ports, until)],
      hears: hearing(ports),
      timers: {},
      async start() {
        const isNew = (await ports.cafes.list({ size: 1 })).length === 0;
        if (development && isNew) await addSampleData(ports.cafes);
      },
    };
  },
};
