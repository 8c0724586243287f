import {
  subscriptions,
  storedProperties,
  storedRooms,
  storedStayRequests,
} from '../../../services/property/adapters/messages.ts';
import { propertyRpc } from '../../../services/property/adapters/grpc.ts';
import { nightKey } from '../../../services/property/nights.ts';
import type { Ports } from '../../../services/property/ports.ts';
import type { StayRequest } from '../../../services/property/stay.ts';
import { rejectOverlapped, rejectUnansweredStay } from '../../../services/property/usecases.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Simulated } from '../world.ts';

export const property: Simulated = {
  name: 'property',
  plug({ store, now }) {
    const ports: Ports = {
      properties: {
        get: (id) => store.get(storedProperties, id),
        list: async () => [],
        update: (id, decide, facts) => store.update(storedProperties, id, decide, facts),
      },
      rooms: {
        get: (id) => store.get(storedRooms, id),
        list: async () => [],
        ids: async () => [...(store.disk.tables.get('room')?.keys() ?? [])],
        update: (id, decide, facts) => store.update(storedRooms, id, decide, facts),
      },
      stayRequests: {
        get: (id) => store.get(storedStayRequests, id),
        list: async () => [],
        update: (id, decide, facts) => store.update(storedStayRequests, id, decide, facts),
      },
      calendar: calendarIn(store),
      now,
      answerWithin: 86_400_000,
    };
    return {
      rpc: [propertyRpc(ports)],
      subscriptions: subscriptions(ports),
      timers: {
        'stay_request/answer': async (id) => void (await rejectUnansweredStay(ports, id)),
        'stay_request/nights': async (id) => void (await rejectOverlapped(ports, id)),
      },
    };
  },
};

const calendarIn = (store: MemoryStore): Ports['calendar'] => ({
  async taken({ roomId, from, to }) {
    const claims = await store.claims(nightKey(roomId, from), nightKey(roomId, to));
    const dates = (byRoom: boolean) =>
      claims.filter(({ holder }) => (holder === roomId) === byRoom).map(({ key }) => key.slice(roomId.length + 1));
    return { booked: dates(false), blocked: dates(true) };
  },
  free: async () => new Set(),
  waitingFor: async ({ roomId, from, to }) =>
    [...(store.disk.tables.get('stay_request')?.values() ?? [])].flatMap(({ id, state }) => {
      const request = state as StayRequest;
      return request.status === 'pending' &&
        request.stay.roomId === roomId &&
        request.stay.checkIn < to &&
        request.stay.checkOut > from
        ? [id]
        : [];
    }),
});
