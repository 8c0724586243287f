import { isDeepStrictEqual } from 'node:util';
import { dateAt, daysBetween, daysOf } from '#kernel/time.ts';
import { matches } from '#adapters/bus/topic.ts';
import { kept } from '../../services/lodging/policy.ts';
import type { Booking, Reservation } from '../../services/lodging/reservation.ts';
import type { LedgerEntry } from '../../services/payment/ports.ts';
import { nightKey } from '../../services/property/nights.ts';
import { hear } from '../../services/views/adapters/messages.ts';
import { orderView, type Heard, type OrderView } from '../../services/views/order-view.ts';
import type { Journal } from './lodging-history.ts';
import { envelopeOf, type World } from './world.ts';

/** What is broken when everything has come to rest, by the numbers of the invariants. Looks from outside: at disks and at the provider's own ledger. */
export async function violations(world: World, journal: Journal, ledger: readonly LedgerEntry[]): Promise<string[]> {
  const reservations = world.stored<Reservation>('lodging', 'reservation');
  return [
    ...accepted(world, journal),
    ...reservations.flatMap(({ id, state }) => (state.status === 'none' ? [] : money(world, id, state, ledger))),
    ...strangers(reservations.map(({ id }) => id), ledger),
    ...goods(world),
    ...effects(world),
    ...(await rebuilt(world)),
  ];
}

/** 1: every accepted order exists, with its messages. */
function accepted(world: World, { accepted: ids }: Journal): string[] {
  const stored = new Set(world.stored('lodging', 'reservation').map(({ id }) => id));
  const shown = new Set(world.stored<OrderView>('views', 'order_view').filter(({ state }) => state.head).map(({ id }) => id));
  return ids.flatMap((id) => [...(stored.has(id) ? [] : [`1: ${id} is lost`]), ...(shown.has(id) ? [] : [`1: nobody heard of ${id}`])]);
}

/** 2 and 6: at most one charge; the books hold what the final state says, and there is a final state. */
function money(world: World, id: string, state: Exclude<Reservation, { status: 'none' }>, ledger: readonly LedgerEntry[]): string[] {
  const entries = ledger.filter(({ key }) => key === id);
  const charges = entries.filter(({ type }) => type === 'CHARGE');
  const net = entries.reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? amount.amount : -amount.amount), 0);
  const due = netDue(world, id, state);
  if (due === 'not at rest') return [`6: ${id} hangs as ${state.status}`];
  return [
    ...(charges.length > 1 ? [`2: ${id} was charged ${charges.length} times`] : []),
    ...(net === due ? [] : [`2: ${id}, ${state.status}, has ${net} on the books and should have ${due}`]),
  ];
}

function netDue(world: World, id: string, state: Exclude<Reservation, { status: 'none' }>): number | 'not at rest' {
  switch (state.status) {
    case 'paid':
    case 'completed':
      return state.booking.total.amount;
    case 'rejected':
    case 'payment-failed':
      return 0;
    case 'cancelled':
      return state.cause === 'CANCELLED_BY_GUEST' ? keptOf(world, id, state.booking) : 0;
    case 'requested':
    case 'confirmed':
    case 'payment-pending':
    case 'cancelling':
      return 'not at rest';
  }
}

/** What the frozen policy keeps, if the payment was completed before the guest asked. */
function keptOf(world: World, id: string, booking: Booking): number {
  const askedAt = sentAt(world, 'lodging', 'ReservationCancelling', id);
  const completedAt = sentAt(world, 'payment', 'PaymentCompleted', id);
  if (completedAt === undefined || askedAt === undefined || completedAt >= askedAt) return 0;
  return kept(booking.policy, booking.total, daysBetween(dateAt(askedAt, booking.timeZone), booking.checkIn)).amount;
}

const sentAt = (world: World, service: string, name: string, id: string): number | undefined =>
  world.services.get(service)!.disk.log.find(({ message }) => message.subject === id && message.type.endsWith(`.${name}`))?.at;

/** 2: nothing is charged for what is no order. */
const strangers = (ids: readonly string[], ledger: readonly LedgerEntry[]): string[] =>
  ledger.filter(({ key }) => !ids.includes(key)).map(({ key }) => `2: ${key} was charged and is no order`);

/** 4: nights belong to one, and to those that paid alone: money and goods are never both given back, or both kept. */
function goods(world: World): string[] {
  const { claims } = world.services.get('property')!.disk;
  const broken: string[] = [];
  const owners = new Map<string, string>();
  for (const { id, state } of world.stored<Reservation>('lodging', 'reservation')) {
    if (state.status === 'none') continue;
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

/** No message takes effect twice, though the cores might bear it. */
const effects = (world: World): string[] =>
  [...world.services].flatMap(([name, { disk }]) =>
    [...disk.effects].flatMap(([id, times]) => (times > 1 ? [`effect: message ${id} changed ${name} ${times} times`] : [])),
  );

/** 7: the read model, built anew from the log in another order, is the same. */
async function rebuilt(world: World): Promise<string[]> {
  const fresh = new Map<string, OrderView>();
  const events = [...world.services].flatMap(([name, { disk }]) =>
    disk.log.filter(({ message }) => message.kind === 'event' && matches('#', message.routingKey)).map((sent) => envelopeOf(name, sent)),
  );
  for (const envelope of events.reverse())
    for (const { id, input } of hear(envelope)) {
      const view = fresh.get(id) ?? orderView.initial;
      const decision = orderView.decide(view, input as Heard);
      if (decision.accepted) fresh.set(id, decision.events.reduce(orderView.evolve, view));
    }
  return world
    .stored<OrderView>('views', 'order_view')
    .flatMap(({ id, state }) => (isDeepStrictEqual(state, fresh.get(id)) ? [] : [`7: the read model of ${id} is not what its log says`]));
}
