import { accept } from '#kernel/decision.ts';
import { plantedCancels } from '../cancelling.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { asksNoMore, folds, follows, hears, type Loose, noTombstone, together, wrong } from '../planting.ts';

/** A core that forgets to send one kind of message. */
const forgets = (name: string, message: string, ...after: string[]): Planted =>
  wrong(name, (of) =>
    follows(of, ({ messages = [], ...what }, _, events) => ({
      ...what,
      messages: messages.filter(
        ({ type }) => type !== message || (after.length > 0 && !events.some((event) => after.includes(event.type))),
      ),
    })),
  );

const status = (state: unknown): string => (state as { status: string }).status;

/** Mistakes that can be made in the cores of rental, inventory and delivery. */
export const planted: Readonly<Record<string, Planted>> = {
  ...plantedCancels('rental'),
  ...plantedIn('rental', 'PaymentBegun', 'contract', 'deposit'),
  'nobody undoes what a process that died intended': wrong('rental', (of) =>
    follows(of, ({ timers: _, ...what }) => what),
  ),
  'an unknown outcome of a payment is taken for a failure': wrong('rental', (of) => ({
    ...folds(of, 'PaymentUndone', (state) => of.evolve(state, { type: 'PaymentFailed' })),
    consequences: (events, after) =>
      of.consequences(
        events.map((event) => ((event as Loose).type === 'PaymentUndone' ? { type: 'PaymentFailed' } : event)),
        after,
      ),
  })),
  'an answer that comes too late makes a rental of what was undone': wrong('rental', (of) =>
    folds(of, 'PaymentUndone', (state) => state),
  ),
  'a cancellation forgets the units': forgets('rental', 'ReleaseStock'),
  'a cancellation forgets the money': forgets('rental', 'CancelPayment', 'RestAskedBack', 'AskedAgain'),
  'units stay on the shelf of the books when they leave': forgets('rental', 'CommitStock'),
  'what arrives while its delivery is asked to turn back is lost, and nobody asks about it again': together(
    wrong('rental', (of) =>
      hears(of, 'Delivered', (state, input) => (status(state) === 'cancelling' ? accept() : of.decide(state, input))),
    ),
    forgets('rental', 'RequestDelivery', 'AskedAgain'),
  ),
  'a delivery that refuses is overheard': wrong('rental', (of) => hears(of, 'DeliveryCancelRefused', () => accept())),
  'a delivery is called off though the customer has it': wrong('delivery', (of) =>
    hears(of, 'CancelDelivery', (state, input: Loose) =>
      status(state) === 'delivered'
        ? accept({ type: 'DeliveryCancelled', order: input.order })
        : of.decide(state, input),
    ),
  ),
  'no tombstone for a delivery': noTombstone('delivery', 'DeliveryCancelled'),
  'no tombstone for units': wrong('product', (of) =>
    follows(of, (what, first, events) =>
      first.type === 'OrderMet' && events[1]?.type === 'StockReleased' ? { ...what, claims: [] } : what,
    ),
  ),
  'what an order has is written down nowhere': wrong('product', (of) => follows(of, ({ claims: _, ...what }) => what)),
  'a return is not put back on the shelf': wrong('product', (of) =>
    folds(of, 'StockReturned', (state: { stock: { onHand: number } }, event) => {
      const after = of.evolve(state, event) as typeof state;
      return { ...after, stock: { ...after.stock, onHand: state.stock.onHand } };
    }),
  ),
  'nobody in line is served when units are given back': wrong('product', (of) =>
    hears(of, 'ReleaseStock', (state, input) => {
      const decision = of.decide(state, input);
      return decision.accepted
        ? accept(...decision.events.filter((event: Loose) => event.type !== 'StockReserved'))
        : decision;
    }),
  ),
  'the last unit is promised twice': wrong('product', (of) =>
    hears(of, 'ReserveStock', (state: { stock: { onHand: number } }, input) =>
      of.decide({ ...state, stock: { ...state.stock, onHand: state.stock.onHand + 1 } }, input),
    ),
  ),
  'a rental does not ask again in RECEIVED': asksNoMore('rental', 'received'),
  'a rental does not ask again while its delivery is due': asksNoMore('rental', 'stock-confirmed', 'delivering'),
  'a rental does not ask again while it is being cancelled': asksNoMore('rental', 'cancelling'),
  'a rental that was undone does not ask again for its money': asksNoMore('rental', 'unpaid'),
};
