import { v7 } from 'uuid';
import { krw, times } from '#kernel/money.ts';
import { days, minutes } from '#kernel/time.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Selection } from '../../../services/seating/selection.ts';
import { service as studycafeService } from '../../../services/studycafe/main.ts';
import type { Cafe } from '../../../services/studycafe/cafe.ts';
import { halfHourKey, halfHoursOf } from '../../../services/studycafe/times.ts';
import { cancels } from '../cancelling.ts';
import { retries } from '../cards.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { booksOf } from '../invariants.ts';
import { beyond, shown } from '../limited.ts';
import { planted } from './planted.ts';
import { mostUnpaid, seatingService } from './service.ts';

type Made = Exclude<Selection, { status: 'none' }>;

const admin: Caller = { id: v7(), roles: ['admin'] };
const customers: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
const noon = Date.UTC(2026, 11, 24, 3);
const halfHours = Array.from({ length: 5 }, (_, nth) => noon + nth * minutes(30));

const perHour = krw(2_000);

export const seating: Business = {
  name: 'seating',
  order: 'selection',
  declinesCards: true,
  services: [seatingService, studycafeService],
  planted,
  async open(play) {
    const cafe = await openCafe(play);
    return () => acts(play, cafe);
  },
  wrongNow(play) {
    const unpaid = selections(play).filter(({ state }) =>
      ['selected', 'held', 'payment-pending'].includes(state.status),
    );
    return beyond(
      play,
      'seating',
      'unpaid',
      unpaid.map(({ id, state }) => ({ id, of: state.booking.customerId })),
      mostUnpaid,
    );
  },
  broken: (play) => [
    ...selections(play).flatMap(({ id, state }) => booksOf(play, id, state.status, netDue(state))),
    ...goods(play),
    ...slots(play),
    ...neverRegistered(play),
  ],
};

interface Opened {
  cafeId: string;
  seatIds: readonly string[];
}

const selections = ({ world }: Play): { id: string; state: Made }[] =>
  world
    .stored<Selection>('seating', 'selection')
    .flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

async function openCafe({ world }: Play): Promise<Opened> {
  const seat = { x: 0, y: 0, features: [] };
  const asked = {
    name: 'C',
    address: 'A',
    timeZone: 'Asia/Seoul',
    opens: '08:00',
    closes: '23:00',
    pricePerHour: toProto(perHour),
  };
  const { id: cafeId } = await answered<{ id: string }>(
    world.call(
      'studycafe',
      'createCafe',
      {
        ...asked,
        seats: [
          { label: '1', ...seat },
          { label: '2', ...seat },
        ],
      },
      admin,
    ),
  );
  const cafe = world.stored<Cafe>('studycafe', 'cafe').find(({ id }) => id === cafeId)!.state;
  return { cafeId, seatIds: cafe.status === 'open' ? cafe.place.seats.map(({ id }) => id) : [] };
}

function acts(play: Play, cafe: Opened): readonly Act[] {
  const { world } = play;
  const made = selections(play);
  const blocked = () => ({
    ...anySeat(play, cafe),
    startTime: new Date(halfHours[1]!),
    endTime: new Date(halfHours[2]!),
  });
  const common: readonly Act[] = [
    () => select(play, cafe),
    () => world.call('studycafe', 'blockSeat', blocked(), admin),
    () => world.call('studycafe', 'unblockSeat', blocked(), admin),
  ];
  if (!made.length) return common;
  const { id, state } = made[world.choices.pick(made.length)]!;
  const cancelled = (one: (typeof made)[number]): Act => {
    const customer = customers.find((each) => each.id === one.state.booking.customerId)!;
    return cancels(play, 'seating', 'cancelSeatSelection', { seatSelectionId: one.id }, customer);
  };
  return [
    ...common,
    () => select(play, cafe),
    cancelled({ id, state }),
    ...retries(play, [id], customers, (orderId) => cancelled(made.find((one) => one.id === orderId)!)()),
  ];
}

const anySeat = ({ world }: Play, { cafeId, seatIds }: Opened) => ({
  cafeId,
  seatId: seatIds[world.choices.pick(seatIds.length)]!,
});

async function select(play: Play, cafe: Opened): Promise<void> {
  const { choices } = play.world;
  const first = choices.pick(halfHours.length - 1);
  const last = first + 1 + choices.pick(halfHours.length - 1 - first);
  const customer = customers[choices.pick(customers.length)]!;
  const time = { startTime: new Date(halfHours[first]!), endTime: new Date(halfHours[last]!) };
  await order(
    play,
    'seating',
    'createSeatSelection',
    { ...anySeat(play, cafe), ...time, ...shown(play, times(perHour, (last - first) / 2)) },
    customer,
  );
}

function netDue({ status, booking }: Made): number | 'not at rest' {
  switch (status) {
    case 'completed': // when all is at rest, the time of what was registered is over
      return booking.total.amount;
    case 'refused':
    case 'payment-failed':
    case 'cancelled': // the policy gives all of it back
      return 0;
    case 'selected':
    case 'held':
    case 'payment-pending':
    case 'paid':
    case 'registered':
    case 'cancelling':
      return 'not at rest';
  }
}

/** 4: half-hours belong to one, and to those that paid alone: money and goods are never both given back, or both kept. */
function goods(play: Play): string[] {
  const { claims } = play.world.services.get('studycafe')!.disk;
  const broken: string[] = [];
  const owners = new Map<string, string>();
  for (const { id, state } of selections(play)) {
    const isBought = state.status === 'completed';
    for (const at of halfHoursOf(state.booking.period)) {
      const key = halfHourKey(state.booking.seatId, at);
      if (isBought && owners.has(key)) broken.push(`4: ${key} was sold twice`);
      if (isBought) owners.set(key, id);
      if (isBought && claims.get(key) !== id) broken.push(`4: ${id} is ${state.status} and has not ${key}`);
      if (!isBought && claims.get(key) === id) broken.push(`4: ${id} is ${state.status} and still has ${key}`);
    }
  }
  return broken;
}

/** 6: a seat that is paid in time is registered in time, once studycafe answers. */
const neverRegistered = (play: Play): string[] =>
  selections(play).flatMap(({ id, state }) =>
    'cause' in state && state.cause === 'NOT_REGISTERED' && play.calmSince + days(2) < state.booking.period.end
      ? [`6: ${id} was paid in time, and never registered`]
      : [],
  );

/** Who has nothing unpaid any more may select as much as anybody. */
const slots = ({ world }: Play): string[] =>
  [...world.services.get('seating')!.disk.claims].map(([key, id]) => `${id} is over and still occupies ${key}`);
