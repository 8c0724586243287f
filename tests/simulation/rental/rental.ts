import { v7 } from 'uuid';
import { krw } from '#kernel/money.ts';
import { toProto } from '#adapters/rpc/money.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { Product_Kind } from '#proto/jari/inventory/v1/inventory.ts';
import type { Delivery } from '../../../services/delivery/delivery.ts';
import { service as delivery } from '../../../services/delivery/main.ts';
import { service as inventory } from '../../../services/inventory/main.ts';
import { firstPayment } from '../../../services/rental/contract.ts';
import type { Rental } from '../../../services/rental/rental.ts';
import { cancels } from '../cancelling.ts';
import { answered, order, type Act, type Business, type Play } from '../history.ts';
import { booksOf, sentAt } from '../invariants.ts';
import { shelfOf, type Shelf } from '../shelf.ts';
import { arrives, leaves } from '../delivering.ts';
import { beyond, shown } from '../limited.ts';
import { planted } from './planted.ts';
import { most, rentalService } from './service.ts';

type Made = Exclude<Rental, { status: 'none' }>;

const admin: Caller = { id: v7(), roles: ['admin'] };
const customers: readonly Caller[] = Array.from({ length: 3 }, () => ({ id: v7(), roles: ['customer'] as const }));

const stocked = 1;

export const rental: Business = {
  name: 'rental',
  order: 'rental',
  services: [rentalService, inventory, delivery],
  planted,
  wrongNow(play) {
    const unpaid = rentals(play).filter(({ state }) => state.status === 'paying');
    return [
      ...beyond(
        play,
        'rental',
        'unpaid',
        unpaid.map(({ id, state }) => ({ id, of: state.contract.customerId })),
        most,
      ),
      ...shelfOf(play).broken,
    ];
  },
  async open(play) {
    const dispenser = {
      name: 'D',
      kind: Product_Kind.DISPENSER,
      price: undefined,
      monthlyFee: toProto(krw(20_000)),
      deposit: toProto(krw(50_000)),
      onHand: stocked,
    };
    const { id } = await answered<{ id: string }>(play.world.call('inventory', 'createProduct', dispenser, admin));
    return () => acts(play, id);
  },
  broken(play) {
    const shelf = shelfOf(play);
    return [
      ...rentals(play).flatMap(({ id, state }) => [
        ...booksOf(play, id, state.status, netDue(state)),
        ...goods(play, shelf, id, state),
      ]),
      ...units(play, shelf),
    ];
  },
};

const rentals = ({ world }: Play): { id: string; state: Made }[] =>
  world.stored<Rental>('rental', 'rental').flatMap(({ id, state }) => (state.status === 'none' ? [] : [{ id, state }]));

function acts(play: Play, productId: string): readonly Act[] {
  const { world } = play;
  const customer = customers[world.choices.pick(customers.length)]!;
  const rent: Act = () =>
    order(
      play,
      'rental',
      'createRental',
      { productId, months: 12, address: 'A', ...shown(play, krw(70_000)) },
      customer,
    );
  const common: readonly Act[] = [
    rent,
    rent,
    () => world.call('inventory', 'restockProduct', { productId, quantity: 1 }, admin),
  ];
  const made = rentals(play);
  if (!made.length) return common;
  const { id, state } = made[world.choices.pick(made.length)]!;
  const owner = customers.find((each) => each.id === state.contract.customerId)!;
  const someoneCancels = cancels(play, 'rental', 'cancelRental', { rentalId: id }, owner);
  const cancelsAtTheDoor: Act = async () => {
    await world.call('rental', 'cancelRental', { rentalId: id }, owner);
    await arrives(play, id, owner);
  };
  return [
    ...common,
    someoneCancels, // what is given back is what others wait for
    someoneCancels,
    () => leaves(play, id),
    () => leaves(play, id),
    () => arrives(play, id, owner),
    ...(state.status === 'delivering' ? [cancelsAtTheDoor, cancelsAtTheDoor] : []), // or the two would hardly ever meet
  ];
}

/** What is no rental is not paid, what is one is (R7). */
function netDue(state: Made): number | 'not at rest' {
  switch (state.status) {
    case 'backordered':
    case 'stock-confirmed':
    case 'delivering':
    case 'installed':
      return firstPayment(state.contract).amount;
    case 'unpaid':
    case 'cancelled': // the sample policy keeps nothing
      return 0;
    case 'paying':
    case 'received':
    case 'cancelling':
      return 'not at rest';
  }
}

/** 3: each rental has the units and the delivery that its state says, and no other. */
function goods(play: Play, shelf: Shelf, id: string, { status }: Made): string[] {
  const hold = shelf.has(id);
  const sent =
    play.world.stored<Delivery>('delivery', 'delivery').find((each) => each.id === id)?.state.status ?? 'none';
  if (status === 'cancelled' && sentAt(play.world, 'delivery', 'Delivered', id) !== undefined)
    return [`3: the customer of ${id} has money and goods`];
  const due = dueGoods[status];
  if (!due) return [];
  return [
    ...(hold === due.hold ? [] : [`3: ${id} is ${status} and its units are ${hold}`]),
    ...(due.delivery.includes(sent) ? [] : [`3: ${id} is ${status} and its delivery is ${sent}`]),
  ];
}

/** 3: each unit that ever came is on the shelf, or has left it. */
function units({ world }: Play, { stock: { onHand, committed } }: Shelf): string[] {
  const restocked = world.services
    .get('inventory')!
    .disk.log.filter(({ message }) => message.type.endsWith('.ProductChanged')).length;
  const came = stocked + restocked; // one at a time
  return onHand + committed === came ? [] : [`3: ${onHand} on hand and ${committed} handed over are not ${came}`];
}

const off: readonly Delivery['status'][] = ['none', 'tombstone', 'cancelled'];
const dueGoods: Partial<
  Record<Made['status'], { hold: ReturnType<Shelf['has']>; delivery: readonly Delivery['status'][] }>
> = {
  unpaid: { hold: 'nothing', delivery: off },
  backordered: { hold: 'waiting', delivery: off },
  'stock-confirmed': { hold: 'held', delivery: ['scheduled'] },
  delivering: { hold: 'committed', delivery: ['started'] },
  installed: { hold: 'committed', delivery: ['delivered'] },
  cancelled: { hold: 'nothing', delivery: off },
};
