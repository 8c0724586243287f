import { hearing as hearingOfPayment } from '../../services/payment/adapters/messages.ts';
import { paymentRpc } from '../../services/payment/adapters/grpc.ts';
import { storedPayment } from '../../services/payment/adapters/store.ts';
import { fakeProvider, type FakeProvider } from '../../services/payment/fake-provider.ts';
import type { Payment } from '../../services/payment/payment.ts';
import type { Ports as PaymentPorts, Provider } from '../../services/payment/ports.ts';
import { attempt, settle } from '../../services/payment/usecases.ts';
import { service as lodging } from '../../services/lodging/main.ts';
import { hearing as hearingOfProperty, storedProperties, storedRooms, storedStayRequests } from '../../services/property/adapters/messages.ts';
import { propertyRpc } from '../../services/property/adapters/grpc.ts';
import { nightKey } from '../../services/property/nights.ts';
import type { Ports as PropertyPorts } from '../../services/property/ports.ts';
import type { StayRequest } from '../../services/property/stay.ts';
import { rejectUnansweredStay } from '../../services/property/usecases.ts';
import { hear } from '../../services/views/adapters/messages.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Simulated, World } from './world.ts';

/** What the simulation of payment can be told to do badly, beside the provider's own modes. */
export interface Road {
  provider: FakeProvider;
  /** Wraps the way to the provider: lost, late and doubled calls; planted bugs. */
  plant?(provider: Provider): Provider;
}

export function lodgingServices(road: (world: World) => Road): readonly Simulated[] {
  return [lodging, property, payment(road), views];
}

const property: Simulated = {
  name: 'property',
  plug({ store, now }) {
    const ports: PropertyPorts = {
      properties: { get: (id) => store.get(storedProperties, id), list: async () => [], update: (id, decide, facts) => store.update(storedProperties, id, decide, facts) },
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
      hears: hearingOfProperty(ports),
      timers: { 'stay_request/answer': async (id) => void (await rejectUnansweredStay(ports, id)) },
    };
  },
};

const calendarIn = (store: MemoryStore): PropertyPorts['calendar'] => ({
  async taken({ roomId, from, to }) {
    const claims = await store.claims(nightKey(roomId, from), nightKey(roomId, to));
    const dates = (byRoom: boolean) => claims.filter(({ holder }) => (holder === roomId) === byRoom).map(({ key }) => key.slice(roomId.length + 1));
    return { booked: dates(false), blocked: dates(true) };
  },
  free: async () => new Set(),
  waitingFor: async ({ roomId, from, to }) =>
    [...(store.disk.tables.get('stay_request')?.values() ?? [])].flatMap(({ id, state }) => {
      const request = state as StayRequest;
      return request.status === 'pending' && request.stay.roomId === roomId && request.stay.checkIn < to && request.stay.checkOut > from ? [id] : [];
    }),
});

const payment = (road: (world: World) => Road): Simulated => ({
  name: 'payment',
  plug({ store, now }, world) {
    const { provider, plant = (same) => same } = road(world);
    const ports: PaymentPorts = {
      payments: {
        update: (id, decide) => store.update(storedPayment, id, decide),
        get: (id) => store.get(storedPayment, id),
        list: async () => [],
        async *changedSince() {
          for (const kept of world.stored<Payment>('payment', 'payment')) yield kept;
        },
      },
      provider: roughRoad(world, plant(provider)),
      now,
      random: () => world.choices.pick(10) / 10,
      raise: () => undefined,
    };
    return {
      rpc: [paymentRpc(ports.payments)],
      hears: hearingOfPayment(storedPayment),
      timers: { 'payment/attempt': (id) => attempt(ports, id), 'payment/settle': (id) => settle(ports, id) },
    };
  },
});

/** Calls that never arrive, whose answers are lost, or that arrive when their sender has given up. */
function roughRoad(world: World, provider: Provider): Provider {
  const travels =
    <Argument, Result>(call: (argument: Argument) => Promise<Result>) =>
    async (argument: Argument): Promise<Result> => {
      if (!world.faults || !world.choices.once(6)) return call(argument);
      switch (world.choices.pick(3)) {
        case 0:
          throw new Error('the call was lost');
        case 1:
          await call(argument);
          throw new Error('the answer was lost');
        default:
          world.late.push(async () => void (await call(argument).catch(() => undefined)));
          throw new Error('the call is late');
      }
    };
  return {
    charge: travels(provider.charge),
    find: travels(provider.find),
    void: travels(provider.void),
    refund: travels(provider.refund),
    ledger: provider.ledger,
  };
}

const views: Simulated = { name: 'views', plug: () => ({ rpc: [], hears: { events: ['#'], commands: [], hear }, timers: {} }) };

export { fakeProvider };
