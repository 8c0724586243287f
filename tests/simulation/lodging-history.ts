import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import type { Caller } from '#adapters/grpc/rpc.ts';
import { toProto } from '#adapters/grpc/money.ts';
import type { Choices } from './choices.ts';
import { fakeProvider, lodgingServices } from './lodging-world.ts';
import { violations } from './invariants.ts';
import { World, type Plants } from './world.ts';
import type { Provider } from '../../services/payment/ports.ts';

export interface LodgingPlants extends Plants {
  provider?(provider: Provider): Provider;
}

/** What a guest knows of a reservation: made for sure, or perhaps. */
export interface Journal {
  accepted: string[];
}

const host: Caller = { id: v7(), roles: ['host'] };
const guests: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
const nights = ['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27'] as const;
/** More than any history takes to come to rest. */
const mostSteps = 5_000;

/** One history of lodging: people act while things go wrong; then the faults stop, time passes, and everything must come to rest. */
export async function lodgingHistory(choices: Choices, plants: LodgingPlants = {}, tracing = false): Promise<{ broken: string[]; trace: readonly string[] }> {
  let provider!: ReturnType<typeof fakeProvider>;
  const services = lodgingServices((world) => {
    provider = fakeProvider(() => world.now);
    return { provider, ...(plants.provider ? { plant: plants.provider } : {}) };
  });
  const world = new World(choices, services, plants, tracing);
  const journal: Journal = { accepted: [] };

  world.faults = false;
  const rooms = await openRooms(world);
  await settle(world, 'stands');
  world.faults = true;

  for (let actions = 2 + choices.pick(8); actions > 0; actions--) {
    await act(world, rooms, journal, provider);
    for (let steps = choices.pick(12); steps > 0; steps--) await world.step('stands');
  }

  world.faults = false;
  provider.mode = 'NORMAL';
  const steps = await settle(world, 'runs');
  const broken = steps >= mostSteps ? ['6: it never comes to rest'] : await violations(world, journal, provider.entries);
  return { broken, trace: world.trace };
}

async function settle(world: World, clock: 'stands' | 'runs'): Promise<number> {
  let steps = 0;
  while (steps < mostSteps && (await world.step(clock))) steps++;
  return steps;
}

async function openRooms(world: World): Promise<string[]> {
  const property = await answered(world.call('property', 'createProperty', { name: 'P', address: 'A', timeZone: 'Asia/Seoul' }, host));
  const rooms: string[] = [];
  for (const instantBook of [false, true]) {
    const room = { propertyId: property.id, name: 'R', capacity: 2, pricePerNight: toProto(krw(100_000)), instantBook };
    rooms.push((await answered(world.call('property', 'createRoom', room, host))).id);
  }
  return rooms;
}

async function answered(call: ReturnType<World['call']>): Promise<{ id: string }> {
  const result = await call;
  if (result === 'unknown' || 'refused' in result) throw new Error(`a call that cannot fail did: ${JSON.stringify(result)}`);
  return result.answer as { id: string };
}

async function act(world: World, rooms: readonly string[], journal: Journal, provider: ReturnType<typeof fakeProvider>): Promise<void> {
  const { choices } = world;
  const reservations = world.stored<{ booking?: { guestId: string } }>('lodging', 'reservation');
  const actions: (() => Promise<unknown>)[] = [() => reserve(world, rooms, journal)];
  if (reservations.length) {
    const { id, state } = reservations[choices.pick(reservations.length)]!;
    const guest = guests.find((each) => each.id === state.booking?.guestId)!;
    const ofHost = { reservationId: id, text: '' };
    actions.push(
      () => world.call('property', 'confirmStay', ofHost, host),
      () => world.call('property', 'confirmStay', ofHost, host),
      () => world.call('lodging', 'cancelReservation', ofHost, guest),
      () => world.call('property', 'cancelStay', ofHost, host),
      () => world.call('property', 'rejectStay', ofHost, host),
      () => world.call('payment', 'retryPayment', { orderId: id }, guest),
    );
  }
  actions.push(
    async () => {
      provider.mode = (['NORMAL', 'DECLINING', 'DOWN', 'LOSES_ANSWERS'] as const)[choices.pick(4)]!;
      world.say(() => `the provider is ${provider.mode}`);
    },
    async () => {
      world.now += [1_000, 11_000, 3_600_000, 86_400_000 * 5, 86_400_000 * 29][choices.pick(5)]!;
      world.say(() => 'time has passed');
    },
    () => world.call('property', 'blockNights', { roomId: rooms[choices.pick(rooms.length)], from: nights[1], to: nights[2] }, host),
  );
  await actions[choices.pick(actions.length)]!();
}

async function reserve(world: World, rooms: readonly string[], journal: Journal): Promise<void> {
  const first = world.choices.pick(nights.length - 1);
  const last = first + 1 + world.choices.pick(nights.length - 1 - first);
  const guest = guests[world.choices.pick(guests.length)]!;
  const wish = { roomId: rooms[world.choices.pick(rooms.length)], checkIn: nights[first], checkOut: nights[last], guests: 1 };
  const result = await world.call('lodging', 'createReservation', wish, guest);
  if (result !== 'unknown' && 'answer' in result) journal.accepted.push((result.answer as { id: string }).id);
}
