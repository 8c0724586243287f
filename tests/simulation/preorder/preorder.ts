import { v7 } from 'uuid';
import { krw, times } from '#kernel/money.ts';
import { days } from '#kernel/time.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { Product_Kind } from '#proto/jari/inventory/v1/inventory.ts';
import { Preorder_Fulfilment } from '#proto/jari/preorder/v1/preorder.ts';
import type { Assignment } from '../../../services/assignment/assignment.ts';
import type { Dealership } from '../../../services/assignment/dealership.ts';
import type { Delivery } from '../../../services/delivery/delivery.ts';
import { service as delivery } from '../../../services/delivery/main.ts';
import { service as inventory } from '../../../services/inventory/main.ts';
import { preorderRpc } from '../../../services/preorder/adapters/grpc.ts';
import { subscriptions } from '../../../services/preorder/adapters/messages.ts';
import { mikroOrmPreorders, storedPreorders } from '../../../services/preorder/adapters/store.ts';
import type { Preorder } from '../../../services/preorder/preorder.ts';
import { askAgain, expireAccepted, expirePreorder, giveUp } from '../../../services/preorder/usecases.ts';
import { cancels } from '../cancelling.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { sentAt } from '../invariants.ts';
import { arrives, leaves } from '../delivering.ts';
import { shelfOf } from '../shelf.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import type { Simulated } from '../world.ts';
import { assignment } from './assignment.ts';
import { inventoryOf } from './inventory.ts';
import { beyond, shown } from '../limited.ts';
import { planted } from './planted.ts';

const admin: Caller = { id: v7(), roles: ['admin'] };
const customers: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
const here = { latitude: 37.5, longitude: 127 };
/** Units there are; everybody wants one or two. */
const stocked = 4;
const price = krw(1_000_000);
const capacity = 2;
/** Of one customer: few, so that the limits are met. */
const [mostOpen, mostPhones] = [2, 2];

const core: Simulated = {
  name: 'preorder',
  plug({ store, now }, world) {
    const stored = storedPreorders({ intent: 30_000, acceptance: days(7), receipt: days(14), askAgain: 300_000 });
    const ports = {
      preorders: mikroOrmPreorders(store, stored, { open: mostOpen, phones: mostPhones }),
      inventory: inventoryOf(world),
      acceptWithin: days(7),
    };
    const timers: ServiceParts['timers'] = {
      'preorder/intent': (id) => giveUp(ports, id),
      'preorder/acceptance': (id) => expirePreorder(ports, id),
      'preorder/receipt': (id) => expireAccepted(ports, id),
      'preorder/ask-again': (id, at) => askAgain(ports, id, Math.max(at, now())),
    };
    return { rpc: [preorderRpc(ports, now)], subscriptions: subscriptions(stored), timers };
  },
};

export const preorder: Business = {
  name: 'preorder',
  order: 'preorder',
  services: [core, inventory, assignment, delivery],
  planted,
  waitsForPerson: (play, _, orderId) =>
    preorders(play).some(({ id, state }) => id === orderId && state.status === 'open' && state.progress.accepted),
  wrongNow(play) {
    const open = preorders(play).filter(
      ({ state }) =>
        ['intended', 'cancelling'].includes(state.status) ||
        (state.status === 'open' && !['delivered', 'activated'].includes(state.stage)),
    );
    return [
      ...beyond(
        play,
        'preorder',
        'open',
        open.map(({ id, state }) => ({ id, of: state.booking.customerId })),
        mostOpen,
      ),
      ...beyond(
        play,
        'preorder',
        'phones',
        open.map(({ id, state: { booking } }) => ({ id, of: booking.customerId, units: booking.quantity })),
        mostPhones,
      ),
    ];
  },
  async open(play) {
    const { world } = play;
    const { id: productId } = await answered<{ id: string }>(
      world.call(
        'inventory',
        'createProduct',
        { name: 'Phone', kind: Product_Kind.PHONE, price: toProto(price), onHand: stocked },
        admin,
      ),
    );
    if (world.choices.pick(3)) for (const latitude of [37.51, 37.6]) await answered(openDealership(play, latitude));
    return (): readonly Act[] => acts(play, productId);
  },
  broken: (played) => [...atRest(played), ...stock(played), ...dealerships(played), ...goods(played)],
};

const openDealership = ({ world }: Play, latitude: number) =>
  world.call(
    'assignment',
    'createDealership',
    { name: 'D', location: { ...here, latitude }, dailyCapacity: capacity, dealerId: admin.id },
    admin,
  );

type Made = Exclude<Preorder, { status: 'none' }>;

const preorders = ({ world }: Play): { id: string; state: Made }[] =>
  world
    .stored<Preorder>('preorder', 'preorder')
    .flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

function acts(play: Play, productId: string): readonly Act[] {
  const { world } = play;
  const { choices } = world;
  const request: Act = () => {
    const fulfilment = choices.pick(2) ? Preorder_Fulfilment.PICKUP : Preorder_Fulfilment.DELIVERY;
    const quantity = 1 + choices.pick(2);
    const wish = {
      productId,
      quantity,
      fulfilment,
      location: here,
      address: 'A',
      ...shown(play, times(price, quantity)),
    };
    return order(play, 'preorder', 'createPreorder', wish, customers[choices.pick(customers.length)]!);
  };
  const made = preorders(play);
  const joins: Act = () =>
    world.stored('assignment', 'dealership').length < 2 ? openDealership(play, 37.55) : request();
  if (!made.length) return [request, joins];
  const { id, state } = made[choices.pick(made.length)]!;
  const customer = customers.find((each) => each.id === state.booking.customerId)!;
  const preorderId = { preorderId: id };
  const cancel: Act = async () => {
    const answer = await cancels(play, 'preorder', 'cancelPreorder', preorderId, customer)();
    play.broken.push(...refusedTooEarly(play, id, answer));
  };
  const isEarly = statusIn(play, 'assignment', id) === 'activated' && statusIn(play, 'delivery', id) !== 'delivered';
  return [
    ...[request, joins, cancel],
    ...(isEarly ? [cancel, cancel, cancel] : []),
    () => comesOn(play, id, customer), // or hardly any would come to its end
    () => comesOn(play, id, customer),
    () => comesOn(play, id, customer),
    () => world.call('assignment', 'acceptAssignment', preorderId, admin),
    () => world.call('assignment', 'declineAssignment', preorderId, admin),
    () => world.call('assignment', 'activateAssignment', preorderId, admin),
    () => leaves(play, id),
    () => arrives(play, id, customer),
  ];
}

/** 4: until its customer has the phone, a pre-order can be cancelled. */
function refusedTooEarly(play: Play, preorderId: string, answer: unknown): string[] {
  const { state } = preorders(play).find(({ id }) => id === preorderId)!;
  const [has, where] = state.booking.fulfilment === 'PICKUP' ? ['activated', 'assignment'] : ['delivered', 'delivery'];
  const isRefused = typeof answer === 'object' && (answer as { refused?: string }).refused === 'NOT_CANCELLABLE';
  return isRefused && statusIn(play, where, preorderId) !== has
    ? [`4: ${preorderId} cannot be cancelled, and is not ${has}`]
    : [];
}

const statusIn = ({ world }: Play, service: string, orderId: string): string | undefined =>
  world.stored<{ status: string }>(service, service).find(({ id }) => id === orderId)?.state.status;

/** Its dealership or its courier does what is next, or its dealer activates it too early, and the order hears of it more often than not. */
async function comesOn(play: Play, preorderId: string, customer: Caller): Promise<void> {
  const { world } = play;
  const of = (service: string): string | undefined => statusIn(play, service, preorderId);
  const isEarly = of('assignment') === 'accepted' && !world.choices.pick(4);
  if (isEarly) await world.call('assignment', 'activateAssignment', { preorderId }, admin);
  else if (of('assignment') === 'assigned') await world.call('assignment', 'acceptAssignment', { preorderId }, admin);
  else if (of('delivery') === 'scheduled') await leaves(play, preorderId);
  else if (of('delivery') === 'started') await arrives(play, preorderId, customer);
  else await world.call('assignment', 'activateAssignment', { preorderId }, admin);
  for (let steps = world.choices.pick(12); steps > 0; steps--) await world.step('stands');
}

/** 6: what is left waits for people, or for a dealership that has not declined it. */
const atRest = (play: Play): string[] => [
  ...waitsInVain(play),
  ...expiredInVain(play),
  ...hangs(play),
  ...wentBack(play),
];

function waitsInVain({ world }: Play): string[] {
  const open = world.stored<Dealership>('assignment', 'dealership').map(({ id }) => id);
  return world.stored<Assignment>('assignment', 'assignment').flatMap(({ id, state }) => {
    const untried =
      state.status === 'unassigned'
        ? open.filter((each) => !state.declined.some(({ dealershipId }) => dealershipId === each))
        : [];
    return untried.length ? [`6: ${id} waits, and ${untried.length} dealerships were never asked`] : [];
  });
}

/** In the calm a dealership that is silent is asked for half an hour at most; so long before the end of its time nobody has a pre-order. */
const expiredInVain = (play: Play): string[] =>
  preorders(play).flatMap(({ id, state }) => {
    const isPlaced = state.status === 'cancelled' && state.cause === 'EXPIRED' && state.progress.dealership !== 'none';
    return isPlaced && (sentAt(play.world, 'preorder', 'PreorderCancelling', id) ?? 0) > play.calmSince + days(1)
      ? [`6: ${id} expired at a dealership that was never given up`]
      : [];
  });

/** What a dealership has accepted, it keeps: nobody is told of another one, or of none, after that. */
function wentBack({ world }: Play): string[] {
  const accepted = new Set<string>();
  return world.services.get('preorder')!.disk.log.flatMap(({ message: { type, subject } }) => {
    if (type.endsWith('.PreorderAccepted')) accepted.add(subject);
    return accepted.has(subject) && /\.Preorder(Assigned|WaitingForDealership)$/.test(type)
      ? [`6: ${subject} was accepted, and went back`]
      : [];
  });
}

const hangs = (play: Play): string[] =>
  preorders(play).flatMap(({ id, state }) => {
    const status = state.status === 'open' ? state.stage : state.status;
    return ['intended', 'cancelling', 'requested', 'assigned'].includes(status) ? [`6: ${id} hangs as ${status}`] : [];
  });

/** 3: nothing is held or handed over but for who has it, and nothing is lost. */
function stock(play: Play): string[] {
  const {
    stock: { onHand, held, committed },
    has,
    broken,
  } = shelfOf(play);
  const wrong = preorders(play).flatMap(({ id, state }) => {
    const found = has(id);
    const due =
      state.status !== 'open'
        ? 'nothing'
        : ['shipped', 'delivered', 'activated'].includes(state.stage)
          ? 'committed'
          : 'held';
    return found === due ? [] : [`3: the stock of ${id}, ${state.status}, is ${found} and should be ${due}`];
  });
  return [
    ...wrong,
    ...broken,
    ...(onHand + committed === stocked && held <= onHand
      ? []
      : [`3: ${onHand} on hand and ${committed} handed over are not ${stocked}`]),
  ];
}

/** 4: a dealership never has more than its capacity, and nobody but who has an order has a place for it. */
function dealerships({ world }: Play): string[] {
  const { claims } = world.services.get('assignment')!.disk;
  const byDay = new Map<string, number>();
  for (const key of claims.keys()) {
    const [dealership, day] = key.split('/');
    byDay.set(`${dealership}/${day}`, (byDay.get(`${dealership}/${day}`) ?? 0) + 1);
  }
  const holders = new Set(claims.values());
  return [
    ...[...byDay].flatMap(([key, count]) => (count > capacity ? [`4: ${key} has ${count} orders`] : [])),
    ...world
      .stored<Assignment>('assignment', 'assignment')
      .flatMap(({ id, state }) =>
        'placement' in state === holders.has(id)
          ? []
          : [`4: ${id} is ${state.status} and ${holders.has(id) ? 'still has' : 'has not'} its place`],
      ),
  ];
}

/** 4: what is cancelled is in nobody's hands, and what is not cancelled is with who is to have it. */
function goods(play: Play): string[] {
  const { world } = play;
  const assignments = new Map(
    world.stored<Assignment>('assignment', 'assignment').map(({ id, state }) => [id, state.status]),
  );
  const deliveries = new Map(world.stored<Delivery>('delivery', 'delivery').map(({ id, state }) => [id, state.status]));
  return preorders(play).flatMap(({ id, state }) => {
    const [assigned, delivered] = [assignments.get(id) ?? 'none', deliveries.get(id) ?? 'none'];
    if (state.status === 'dropped') return assigned === 'none' ? [] : [`4: ${id} is no order and is ${assigned}`];
    if (state.status === 'cancelled')
      return [
        ...(['cancelled', 'tombstone'].includes(assigned)
          ? []
          : [`4: ${id} is cancelled, and at its dealership ${assigned}`]),
        ...(['none', 'cancelled', 'tombstone'].includes(delivered)
          ? []
          : [`4: ${id} is cancelled, and its delivery ${delivered}`]),
      ];
    if (state.status !== 'open') return [];
    // Before the customer has the phone nobody asks whether it is activated.
    const isActivationAsked =
      state.booking.fulfilment === 'PICKUP' || state.progress.delivery === 'delivered' || assigned !== 'activated';
    const isToBeDelivered = state.booking.fulfilment === 'DELIVERY' && state.stage === 'accepted';
    const isActivated = state.stage === 'activated';
    return [
      ...(isActivated &&
      delivered !== 'delivered' &&
      !(state.booking.fulfilment === 'PICKUP' && assigned === 'activated')
        ? [`4: ${id} is activated, and neither delivered nor picked up`]
        : []),
      ...(['cancelled', 'tombstone'].includes(delivered)
        ? [`4: ${id} is ${state.stage}, and its delivery cancelled`]
        : []),
      ...(state.progress.accepted !== ['accepted', 'activated'].includes(assigned)
        ? [`4: ${id} is ${state.stage}, and at its dealership ${assigned}`]
        : []),
      ...(isActivationAsked && state.progress.activated !== (assigned === 'activated')
        ? [`4: ${id} is ${state.stage}, and at its dealership ${assigned}`]
        : []),
      ...(isToBeDelivered && delivered !== 'scheduled' ? [`4: ${id} is accepted, and its delivery ${delivered}`] : []),
    ];
  });
}
