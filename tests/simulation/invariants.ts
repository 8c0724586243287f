import { isDeepStrictEqual } from 'node:util';
import { statusWord } from '#adapters/bus/status-word.ts';
import { matches } from '#adapters/bus/topic.ts';
import { envelopeOf } from '#adapters/mikro-orm/outbox.ts';
import { orderUpdates } from '../../services/views/adapters/messages.ts';
import { orderView, type OrderUpdate, type OrderView } from '../../services/views/order-view.ts';
import { otherCards } from './cards.ts';
import { unexplained } from './cancelling.ts';
import type { Business, Play } from './history.ts';
import type { World } from './world.ts';

/**
 * What is broken when everything has come to rest, by the numbers of the invariants, in any business. Looks from outside: at disks and
 * at the provider's own ledger.
 */
export const violations = async (business: Business, play: Play): Promise<string[]> => [
  ...accepted(business, play),
  ...told(business, play),
  ...unexplained(business, play),
  ...strangers(business, play),
  ...otherCards(play),
  ...effects(play.world),
  ...(await rebuilt(play.world)),
];

/** 1: every accepted order exists, with its messages. */
function accepted({ name, order }: Business, { world, accepted: ids }: Play): string[] {
  const stored = new Set(world.stored(name, order).map(({ id }) => id));
  const shown = new Set(
    world
      .stored<OrderView>('views', 'order_view')
      .filter(({ state }) => state.head)
      .map(({ id }) => id),
  );
  return ids.flatMap((id) => [
    ...(stored.has(id) ? [] : [`1: ${id} is lost`]),
    ...(shown.has(id) ? [] : [`1: nobody heard of ${id}`]),
  ]);
}

/** 1: what has become of an order was told to everybody. */
function told({ name, order }: Business, { world }: Play): string[] {
  const heads = new Map(world.stored<OrderView>('views', 'order_view').map(({ id, state }) => [id, state.head]));
  return world.stored<{ status: string; stage?: string }>(name, order).flatMap(({ id, state }) => {
    const head = heads.get(id);
    const status = statusWord(state.stage ?? state.status);
    return head && head.status !== status
      ? [`1: ${id} is ${status}, and everybody was told that it is ${head.status}`]
      : [];
  });
}

/** 2 and 6: an order was charged once at most; the books hold what is due in its final state, and it is in one. */
export function booksOf({ provider }: Play, id: string, status: string, due: number | 'not at rest'): string[] {
  if (due === 'not at rest') return [`6: ${id} hangs as ${status}`];
  const charges = provider.entries.filter(({ key, type }) => key === id && type === 'CHARGE');
  const net = netOf(provider, id);
  return [
    ...(charges.length > 1 ? [`2: ${id} was charged ${charges.length} times`] : []),
    ...(net === due ? [] : [`2: ${id}, ${status}, has ${net} on the books and should have ${due}`]),
  ];
}

/** What the provider has taken for an order and not given back, in won. */
export const netOf = ({ entries }: Pick<Play['provider'], 'entries'>, id: string): number =>
  entries
    .filter(({ key }) => key === id)
    .reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? amount.amount : -amount.amount), 0);

/** When a service first told something of an order. */
export const sentAt = (world: World, service: string, name: string, id: string): number | undefined =>
  world.services
    .get(service)!
    .disk.log.find(({ message }) => message.subject === id && message.type.endsWith(`.${name}`))?.at;

/** 2: nothing is charged for what is no order. */
function strangers({ name, order }: Business, { world, provider }: Play): string[] {
  const ids = new Set(world.stored(name, order).map(({ id }) => id));
  return provider.entries.filter(({ key }) => !ids.has(key)).map(({ key }) => `2: ${key} was charged and is no order`);
}

/** No message takes effect twice, though the cores might bear it. */
const effects = (world: World): string[] =>
  [...world.services].flatMap(([name, { disk }]) =>
    [...disk.effects].flatMap(([id, times]) =>
      times > 1 ? [`effect: message ${id} changed ${name} ${times} times`] : [],
    ),
  );

/** 7: the read model, built anew from the log in another order, is the same. */
async function rebuilt(world: World): Promise<string[]> {
  const fresh = new Map<string, OrderView>();
  const events = [...world.services].flatMap(([name, { disk }]) =>
    disk.log
      .filter(({ message }) => message.kind === 'event' && matches('#', message.routingKey))
      .map((sent) => envelopeOf(sent, name, sent.at)),
  );
  for (const envelope of events.reverse())
    for (const { id, input } of orderUpdates(envelope)) {
      const view = fresh.get(id) ?? orderView.initial;
      const decision = orderView.decide(view, input as OrderUpdate);
      if (decision.accepted) fresh.set(id, decision.events.reduce(orderView.evolve, view));
    }
  return world
    .stored<OrderView>('views', 'order_view')
    .flatMap(({ id, state }) =>
      isDeepStrictEqual(state, fresh.get(id)) ? [] : [`7: the read model of ${id} is not what its log says`],
    );
}
