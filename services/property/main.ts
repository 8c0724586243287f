import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { seconds as inSeconds } from '#adapters/settings/settings.ts';
import { propertyRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { addSampleData } from './adapters/sample.ts';
import { entities } from './adapters/entities.ts';
import {
  migrations,
  mikroOrmCalendar,
  mikroOrmProperties,
  mikroOrmRooms,
  mikroOrmStayRequests,
} from './adapters/store.ts';
import type { Ports } from './ports.ts';
import { rejectOverlapped, rejectUnansweredStay } from './usecases.ts';

/** Property (숙소관리): properties and their rooms, the nights of each, and the stay requests that hosts decide. */
export const service = serviceOf({
  name: 'property',
  migrations,
  entities,
  settings: {
    JARI_STAY_ANSWER_SECONDS: inSeconds({
      default: 86_400,
      desc: 'Seconds within which a host must answer a stay request. Then it is rejected.',
    }),
  },
  plug({ store, settings, now, development }) {
    const ports: Ports = {
      properties: mikroOrmProperties(store),
      rooms: mikroOrmRooms(store),
      stayRequests: mikroOrmStayRequests(store),
      calendar: mikroOrmCalendar(store),
      now,
      answerWithin: seconds(settings.JARI_STAY_ANSWER_SECONDS),
    };
    return {
      rpc: [propertyRpc(ports)],
      subscriptions: subscriptions(ports),
      timers: {
        'stay_request/answer': async (id) => {
          await rejectUnansweredStay(ports, id);
        },
        'stay_request/nights': async (id) => {
          await rejectOverlapped(ports, id);
        },
      },
      async start() {
        const isNew = (await ports.properties.list({}, { size: 1 })).length === 0;
        if (development && isNew) await addSampleData(ports);
      },
    };
  },
});
