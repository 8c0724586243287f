import type { Cards } from '#kernel/card.ts';
import { idOf } from '#kernel/ids.ts';
import { minutes } from '#kernel/time.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { isRetryable, type Payment } from '../../services/payment/payment.ts';
import { nthOf, orderIdOf } from '../../services/payment/keys.ts';
import type { Act, Planted, Play } from './history.ts';
import { folds, follows, wrong } from './planting.ts';

/** Everybody has a card. */
export const cardsForAll: Cards = { refusal: async () => undefined };

/** The card that a customer chooses who has seen so many orders: every second time one. */
export const chosenFor = (orders: number): string | undefined =>
  orders % 2 ? idOf('card', String(orders)) : undefined;

/**
 * Has a payment tried again, as it is or with another card; who chooses one may ask twice. Those that wait for another card come first, and are
 * likelier than other acts, or hardly any would be charged. One whose further card may have been charged is called off as likely.
 */
export function retries(
  play: Play,
  orders: readonly string[],
  payers: readonly Caller[],
  callOff: (orderId: string) => Promise<unknown>,
  /** Longer than the time to pay. */
  tooLong = minutes(61),
): readonly Act[] {
  const payments = play.world.stored<Payment>('payment', 'payment');
  const idsWhere = (holds: (state: Payment) => boolean): string[] =>
    payments.filter(({ state }) => holds(state)).map(({ id }) => id);
  const waiting = idsWhere(isRetryable);
  const inDoubt = idsWhere((state) => state.status === 'pending' && nthOf(state.intent) > 1 && state.attempts > 0);
  const often = (act: Act): Act[] => Array.from({ length: 4 }, () => act);
  return [
    ...(waiting.length
      ? often(retry(play, waiting, payers, tooLong))
      : orders.map((orderId) => retry(play, [orderId], payers, tooLong))),
    ...(inDoubt.length ? often(() => callOff(inDoubt[play.world.choices.pick(inDoubt.length)]!)) : []),
  ];
}

const retry =
  ({ world, retried }: Play, orderIds: readonly string[], payers: readonly Caller[], tooLong: number): Act =>
  async () => {
    const orderId = orderIds[world.choices.pick(orderIds.length)]!;
    const state = world.stored<Payment>('payment', 'payment').find(({ id }) => id === orderId)?.state;
    const payer = payers.find(({ id }) => state && 'intent' in state && state.intent?.payerId === id) ?? payers[0]!;
    const luck = world.choices.pick(6);
    if (luck === 0) return world.call('payment', 'retryPayment', { orderId }, payer);
    if (luck === 1) return void (world.now += tooLong);
    const cards = retried.get(orderId) ?? new Set();
    const paymentMethodId = idOf('card', `another-${world.choices.pick(2)}`);
    retried.set(orderId, cards.add(paymentMethodId));
    let answer: unknown;
    for (let times = 1 + world.choices.pick(2); times > 0; times--)
      answer = await world.call('payment', 'retryPayment', { orderId, paymentMethodId }, payer);
    return answer;
  };

/** 9: payment charges the card that the customer chose, at first or after a decline, and the default one where they chose none. */
export function otherCards({ world, chosen, retried }: Play): string[] {
  return world.stored<Payment>('payment', 'payment').flatMap(({ id, state }) => {
    if (!chosen.has(id) || state.status === 'none' || !state.intent) return [];
    const { card, isCardChosen } = state.intent;
    const [wanted, charged] = [chosen.get(id), isCardChosen ? card?.id : undefined];
    return charged === wanted || (charged && retried.get(id)?.has(charged))
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

/**
 * Mistakes with another card after a decline. `of`: the orders' aggregate; `failed`: the event that ends the waiting for a card; `back`: what
 * is given back then, beside the payment.
 */
export const plantedRetries = (
  of: string,
  failed: string,
  back: readonly string[],
): Readonly<Record<string, Planted>> => ({
  'an order that waits for no other card any more leaves the payment open': wrong(of, (core) =>
    folds(core, failed, (state: unknown, event: { type: string }) => ({
      ...(core.evolve(state, event) as object),
      awaiting: back,
    })),
  ),
  'a further card has another key with each attempt': wrong('payment', (core) =>
    folds(core, 'PaymentDeferred', (state: Payment, event) => {
      const after = core.evolve(state, event) as Payment;
      return after.status === 'pending' && after.intent.nth
        ? { ...after, intent: { ...after.intent, nth: after.intent.nth + 1 } }
        : after;
    }),
  ),
  'calling off shuts the key of the first card alone': {
    provider: (provider) => ({
      ...provider,
      void: (charge) => provider.void({ ...charge, key: orderIdOf(charge.key) }),
    }),
  },
});

/** Nobody may choose another card: a decline is final, and ends an order while things still go wrong. */
export const finalDeclines: Planted = wrong('payment', (core) =>
  folds(core, 'PaymentRequested', (state: Payment, event) => {
    const { intent, ...requested } = core.evolve(state, event) as Extract<Payment, { status: 'pending' }>;
    return { ...requested, intent: { ...intent, isRetryable: undefined } };
  }),
);
