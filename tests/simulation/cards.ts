import type { Cards } from '#kernel/card.ts';
import { idOf } from '#kernel/ids.ts';
import type { Payment } from '../../services/payment/payment.ts';
import type { Planted, Play } from './history.ts';
import { folds, follows, wrong } from './planting.ts';

/** Everybody has a card. */
export const cardsForAll: Cards = { refusal: async () => undefined };

/** The card that a customer chooses who has seen so many orders: every second time one. */
export const chosenFor = (orders: number): string | undefined =>
  orders % 2 ? idOf('card', String(orders)) : undefined;

/** 9: payment charges the card that the customer chose, and the default one where they chose none. */
export function otherCards({ world, chosen }: Play): string[] {
  return world.stored<Payment>('payment', 'payment').flatMap(({ id, state }) => {
    if (!chosen.has(id) || state.status === 'none' || !state.intent) return [];
    const { card, isCardChosen } = state.intent;
    const [wanted, charged] = [chosen.get(id), isCardChosen ? card?.id : undefined];
    return charged === wanted
      ? []
      : [`9: ${id} is charged to ${charged ?? 'the default card'}, and the customer chose ${wanted ?? 'none'}`];
  });
}

/** A mistake of the order: `first` is the event that makes it. */
export const forgotten = (
  of: string,
  first: string,
  where: 'booking' | 'terms',
): Readonly<Record<string, Planted>> => ({
  'an order forgets which card was chosen': wrong(of, (core) =>
    folds(core, first, (state: unknown, event: { type: string }) => {
      const made = core.evolve(state, event) as Record<string, object>;
      return { ...made, [where]: { ...made[where], paymentMethodId: undefined } };
    }),
  ),
});

/** A mistake of those who ask payment by message: the chosen card is said when it is asked again, and not at first. */
export const saidLate = (of: string): Readonly<Record<string, Planted>> => ({
  'the first request for payment does not say which card was chosen': wrong(of, (core) =>
    follows(core, ({ messages = [], ...what }, event) => ({
      ...what,
      messages: messages.map((message) =>
        message.type === 'RequestPayment' && event.type !== 'AskedAgain'
          ? { ...message, paymentMethodId: undefined }
          : message,
      ),
    })),
  ),
});
