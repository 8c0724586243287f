import { CapabilityEvent } from '#proto/jari/order/v1/order.ts';
import { messageId } from '../../../../services/notification/adapters/messages.ts';
import { statusOf } from '../../../../services/preorder/adapters/messages.ts';
import { acceptedIds, asked, type Intent } from '../journal.ts';
import { nothingLost, readModel } from '../promises.ts';
import { stocked } from './phones.ts';
import { dealershipOf, type Made, type Snapshot } from './snapshot.ts';

export const invariants: Readonly<Record<string, (all: Snapshot) => string[]>> = {
  '1 nothing accepted is lost or doubled': (all) => [
    ...nothingLost(all, ['jari.preorder.v1.PreorderRequested', 'jari.assignment.v1.RequestAssignment']),
    ...nothingForgotten(all),
  ],
  '3 no stock leaks, and none is sold twice': stock,
  '4 no place at a dealership is given twice': places,
  'services agree': agreement,
  '7 the read model is what the log says': readModel,
  'one message for each event and person': letters,
  'no dead letters': ({ deadLetters }) => [...deadLetters],
};

/** What others have not heard yet. */
export const late = (all: Snapshot): string[] => [
  ...all.intended.map((id) => `preorder: ${id} is only intended`),
  ...[stock, agreement, letters, readModel].flatMap((look) => look(all)),
];

function nothingForgotten(all: Snapshot): string[] {
  const done = (what: Intent['what']): string[] => asked(all.journal, what).flatMap(acceptedIds);
  const forgotten = (what: Intent['what'], isDone: (id: string) => boolean): string[] =>
    done(what).flatMap((id) => (isDone(id) ? [] : [`${what} was answered and forgotten: ${id}`]));
  const assignment = (id: string): string => all.assignments.get(id)?.state.status ?? 'none';
  return [
    ...forgotten('cancel', (id) => ['cancelling', 'cancelled'].includes(all.orders.get(id)?.status ?? '')),
    ...forgotten('accept', (id) => ['accepted', 'activated', 'cancelled'].includes(assignment(id))),
    ...forgotten('activate', (id) => assignment(id) === 'activated'),
  ];
}

/** What is held is what pre-orders wait for, and what has left the shelf is what they were given. */
function stock({ products, preorders }: Snapshot): string[] {
  return products.flatMap(({ id, name, onHand, held, available }) => {
    const mine = [...preorders.values()].flatMap(({ state }) =>
      state.booking.productId === id && state.status !== 'cancelled' ? [state] : [],
    );
    const units = (of: readonly Made[]): number => of.reduce((sum, { booking }) => sum + booking.quantity, 0);
    const given = units(mine.filter(({ progress }) => progress.handedOver));
    const wanted = { onHand: stocked[name as keyof typeof stocked] - given, held: units(mine) - given };
    const isWhole = onHand === wanted.onHand && held === wanted.held && available === onHand - held && available >= 0;
    return isWhole
      ? []
      : [
          `inventory: of ${name} ${id} there are ${onHand}, ${held} of them held, ${available} available; by the pre-orders ${wanted.onHand}, ${wanted.held} of them held`,
        ];
  });
}

function places(all: Snapshot): string[] {
  const taken = Map.groupBy(all.places, ({ holder }) => holder);
  const wrong: string[] = [];
  for (const [id, { state }] of all.preorders) {
    const at = state.status === 'cancelled' ? '' : dealershipOf(state);
    const found = (taken.get(id) ?? []).map(({ key }) => key.split('/')[0]);
    if (found.join() !== at)
      wrong.push(`${statusOf(state)} at ${at || 'no dealership'}, with places at ${found.join() || 'none'}: ${id}`);
  }
  for (const id of taken.keys()) if (!all.preorders.has(id)) wrong.push(`a place is kept for nobody: ${id}`);
  return wrong;
}

/** What each of three services says of the same order. */
function agreement(all: Snapshot): string[] {
  return [...all.preorders].flatMap(([id, { state }]) => {
    const status = statusOf(state);
    const expected = settled(state);
    if (!expected) return [];
    const [assignment, delivery] = [
      all.assignments.get(id)?.state.status ?? 'none',
      all.deliveries.get(id)?.state.status ?? 'none',
    ];
    return expected.assignment.includes(assignment) && expected.delivery.includes(delivery)
      ? []
      : [`preorder says ${status}, assignment ${assignment}, delivery ${delivery}: ${id}`];
  });
}

/** Undefined while it is not decided. */
function settled(state: Made): { assignment: readonly string[]; delivery: readonly string[] } | undefined {
  switch (statusOf(state)) {
    case 'assigned':
      return { assignment: ['assigned'], delivery: ['none'] };
    case 'accepted':
      return { assignment: ['accepted'], delivery: [state.booking.fulfilment === 'DELIVERY' ? 'scheduled' : 'none'] };
    case 'activated':
      return { assignment: ['activated'], delivery: ['none'] };
    case 'cancelled':
      return { assignment: ['cancelled', 'tombstone'], delivery: ['none', 'cancelled', 'tombstone'] };
    default:
      return undefined;
  }
}

/** Nobody provides a phone but the platform: it is the customer who is written to. */
function letters(all: Snapshot): string[] {
  const due = new Map<string, string>();
  for (const { kind, id, type, routingKey, subject, payload } of all.messages) {
    if (routingKey.startsWith('delivery.') && CapabilityEvent.decode(payload).again) continue; // it was written about when it was first told
    const customer = all.preorders.get(subject)?.state.booking.customerId;
    if (kind === 'event' && customer && /^(order|delivery)\./.test(routingKey))
      due.set(messageId(id, customer), `${type} of ${subject}`);
  }
  const written = new Set(all.letters.map(({ id }) => id));
  return [
    ...[...due].flatMap(([id, about]) => (written.has(id) ? [] : [`notification: nothing was written about ${about}`])),
    ...all.letters.flatMap(({ id, text }) => (due.has(id) ? [] : [`notification: written about nothing: ${text}`])),
  ];
}
