import { v7 } from 'uuid';
import { krw, times } from '#kernel/money.ts';
import { dateAt, days, daysBetween, daysOf, minutes } from '#kernel/time.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { cancellationFee } from '../../../services/lodging/policy.ts';
import type { Booking, Reservation } from '../../../services/lodging/reservation.ts';
import { nightKey } from '../../../services/property/nights.ts';
import type { StayRequest } from '../../../services/property/stay.ts';
import { cancels } from '../cancelling.ts';
import { retries } from '../cards.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { booksOf, netOf, sentAt } from '../invariants.ts';
import { beyond, shown } from '../limited.ts';
import { skewMs } from '../world.ts';
import { planted } from './planted.ts';
import { property } from './property.ts';
import { limits, lodgingService } from './service.ts';

type Made = Exclude<Reservation, { status: 'none' }>;

const host: Caller = { id: v7(), roles: ['host'] };
const guests: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));
/** Soon, when the policy keeps half of it; and later, when it keeps nothing yet. */
const weeks = [
  ['2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'],
  ['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27'],
] as const;

/** And a moment. */
const timeToPay = days(1) + minutes(1);

const pricePerNight = krw(100_000);

export const lodging: Business = {
  name: 'lodging',
  order: 'reservation',
  declinesCards: true,
  services: [lodgingService, property],
  planted,
  async open(play) {
    const rooms = await openRooms(play);
    return () => acts(play, rooms);
  },
  wrongNow(play) {
    const made = reservations(play);
    const unpaid = made.filter(({ state }) => ['requested', 'confirmed', 'payment-pending'].includes(state.status));
    const asked = made.filter(({ state }) => state.status === 'requested');
    return [
      ...beyond(
        play,
        'lodging',
        'unpaid',
        unpaid.map(({ id, state }) => ({ id, of: state.booking.guestId })),
        limits.unpaid,
      ),
      ...beyond(
        play,
        'lodging',
        'asked',
        asked.map(({ id, state }) => ({ id, of: state.booking.guestId })),
        limits.perHost,
      ),
    ];
  },
  broken: (play) => [
    ...reservations(play).flatMap(({ id, state }) => booksOf(play, id, state.status, netDue(play, id, state))),
    ...goods(play),
  ],
};

const reservations = ({ world }: Play): { id: string; state: Made }[] =>
  world
    .stored<Reservation>('lodging', 'reservation')
    .flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

async function openRooms({ world }: Play): Promise<readonly string[]> {
  const { id: propertyId } = await answered<{ id: string }>(
    world.call('property', 'createProperty', { name: 'P', address: 'A', timeZone: 'Asia/Seoul' }, host),
  );
  const rooms: string[] = [];
  for (const instantBook of [false, true]) {
    const room = { propertyId, name: 'R', capacity: 2, pricePerNight: toProto(pricePerNight), instantBook };
    rooms.push((await answered<{ id: string }>(world.call('property', 'createRoom', room, host))).id);
  }
  return rooms;
}

function acts(play: Play, rooms: readonly string[]): readonly Act[] {
  const { world } = play;
  const made = reservations(play);
  const roomId = (): string => rooms[world.choices.pick(rooms.length)]!;
  const common: readonly Act[] = [
    () => reserve(play, roomId),
    () => {
      const [, from, to] = weeks[world.choices.pick(weeks.length)]!;
      return world.call('property', 'blockNights', { roomId: roomId(), from, to }, host);
    },
  ];
  if (!made.length) return common;
  const { id, state } = made[world.choices.pick(made.length)]!;
  const guestOf = ({ booking }: Made): Caller => guests.find((each) => each.id === booking.guestId)!;
  const guest = guestOf(state);
  const which = { reservationId: id, text: '' };
  const cancelled = (one: (typeof made)[number]): Act =>
    cancels(play, 'lodging', 'cancelReservation', { reservationId: one.id, text: '' }, guestOf(one.state));
  const someoneCancels = cancelled({ id, state });
  /** Who comes second does not know it yet. */
  const bothCancel: Act = async () => {
    await (world.choices.pick(3) === 2 ? someoneCancels() : world.call('property', 'cancelStay', which, host));
    await world.call('lodging', 'cancelReservation', which, guest);
  };
  return [
    ...common,
    () => world.call('property', 'confirmStay', which, host),
    () => world.call('property', 'confirmStay', which, host),
    someoneCancels,
    () => world.call('property', 'cancelStay', which, host),
    () => world.call('property', 'rejectStay', which, host),
    ...(state.status === 'paid' ? [bothCancel, bothCancel, bothCancel] : []), // or it would hardly ever happen while anything is kept
    ...retries(play, [id], guests, (orderId) => cancelled(made.find((one) => one.id === orderId)!)(), timeToPay).map(
      (act) => () => inTimeOrNot(play, act),
    ),
  ];
}

/** Now and then the time to pay is over while another card is charged. */
async function inTimeOrNot({ world, retried }: Play, act: Act): Promise<void> {
  await act();
  if (retried.size && world.choices.once(6)) world.now += timeToPay;
}

async function reserve(play: Play, roomId: () => string): Promise<void> {
  const { choices } = play.world;
  const nights = weeks[choices.pick(weeks.length)]!;
  const first = choices.pick(nights.length - 1);
  const last = first + 1 + choices.pick(nights.length - 1 - first);
  const guest = guests[choices.pick(guests.length)]!;
  await order(
    play,
    'lodging',
    'createReservation',
    {
      roomId: roomId(),
      checkIn: nights[first],
      checkOut: nights[last],
      guests: 1,
      ...shown(play, times(pricePerNight, last - first)),
    },
    guest,
  );
}

function netDue(play: Play, id: string, state: Made): number | 'not at rest' {
  switch (state.status) {
    case 'paid':
    case 'completed':
      return tookBack(play, id) ? 0 : state.booking.total.amount;
    case 'rejected':
    case 'payment-failed':
      return 0;
    case 'cancelled':
      return state.cause === 'CANCELLED_BY_GUEST' && !tookBack(play, id) ? keptOf(play, id, state.booking) : 0;
    case 'requested':
    case 'confirmed':
    case 'payment-pending':
    case 'cancelling':
      return 'not at rest';
  }
}

/** Whether the host did, as property has it: then the guest pays nothing, whatever lodging takes for the cause. */
function tookBack({ world }: Play, id: string): boolean {
  const stay = world.stored<StayRequest>('property', 'stay_request').find((each) => each.id === id)?.state;
  return stay?.status === 'released' && stay.byHost !== null;
}

/** What the frozen policy keeps, if the payment was completed before the guest asked. Where lodging did not know of it, that is as the clocks say. */
function keptOf({ world, provider }: Play, id: string, booking: Booking): number {
  const askedAt = sentAt(world, 'lodging', 'ReservationCancelling', id);
  const completedAt = sentAt(world, 'payment', 'PaymentCompleted', id);
  if (completedAt === undefined || askedAt === undefined) return 0;
  const daysBefore = daysBetween(dateAt(askedAt, booking.timeZone), booking.checkIn);
  const fee = cancellationFee(booking.policy, booking.total, daysBefore).amount;
  if (sentAt(world, 'lodging', 'ReservationPaid', id) !== undefined) return fee;
  if (Math.abs(completedAt - askedAt) <= skewMs) return netOf(provider, id) === 0 ? 0 : fee;
  return completedAt < askedAt ? fee : 0;
}

/** 4: nights belong to one, and to those that paid alone: money and goods are never both given back, or both kept. */
function goods(play: Play): string[] {
  const { claims } = play.world.services.get('property')!.disk;
  const broken: string[] = [];
  const owners = new Map<string, string>();
  for (const { id, state } of reservations(play)) {
    const { roomId, checkIn, checkOut } = state.booking;
    for (const date of daysOf(checkIn, checkOut)) {
      const key = nightKey(roomId, date);
      const isBought = state.status === 'paid' || state.status === 'completed';
      if (isBought && owners.has(key)) broken.push(`4: ${key} was sold twice`);
      if (isBought) owners.set(key, id);
      if (isBought && claims.get(key) !== id) broken.push(`4: ${id} is ${state.status} and has not ${key}`);
      if (!isBought && claims.get(key) === id) broken.push(`4: ${id} is ${state.status} and still has ${key}`);
    }
  }
  return broken;
}
