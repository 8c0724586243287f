import { NotCalled } from '#adapters/failures/failures.ts';
import { subscriptions } from '../../services/payment/adapters/messages.ts';
import { paymentRpc } from '../../services/payment/adapters/grpc.ts';
import { storedPayment } from '../../services/payment/adapters/store.ts';
import type { FindCard } from '../../services/payment/cards.ts';
import type { Payment } from '../../services/payment/payment.ts';
import type { Ports, Provider } from '../../services/payment/ports.ts';
import { declinesUnlimited } from '../../services/payment/testing/fake-payments.ts';
import { declinedCard } from '../../services/payment/testing/fake-provider.ts';
import { attempt, settle } from '../../services/payment/usecases.ts';
import type { Card } from '../../services/payment/wallet.ts';
import { orderUpdates } from '../../services/views/adapters/messages.ts';
import type { Business } from './history.ts';
import type { Simulated, World } from './world.ts';

/** Payment, on a provider that every business shares, at the end of a rough road. */
export const payment = (provider: Provider, { declinesCards }: Pick<Business, 'declinesCards'>): Simulated => ({
  name: 'payment',
  plug({ store, now }, world) {
    const ports: Ports = {
      payments: {
        update: (id, decide) => store.update(storedPayment, id, decide),
        get: (id) => store.get(storedPayment, id),
        list: async () => [],
        async *changedSince() {
          for (const kept of world.stored<Payment>('payment', 'payment')) yield kept;
        },
      },
      declines: declinesUnlimited,
      provider: roughRoad(world, provider),
      async turn() {
        if (world.faults && world.choices.once(12)) throw new NotCalled('called too often', { comeBackMs: 5_000 });
      },
      now,
      random: () => world.choices.pick(10) / 10,
      raise: () => undefined,
    };
    let asked = 0;
    // Everybody has another default card between any two looks at it: a payment is charged to the one that it was requested with.
    const findCard: FindCard = async (_, cardId) => {
      const kept = card(++asked, declinesCards && world.faults && world.choices.once(10) ? declinedCard : 'reference');
      return cardId ? { card: { ...kept, id: cardId }, isCardChosen: true } : { card: kept };
    };
    return {
      rpc: [paymentRpc(ports, findCard)],
      subscriptions: subscriptions(storedPayment, findCard),
      timers: { 'payment/attempt': (id) => attempt(ports, id), 'payment/settle': (id) => settle(ports, id) },
    };
  },
});

const card = (nth: number, reference: string): Card => ({
  ...{ id: `card-${nth}`, reference: `${reference}-${nth}`, brand: 'VISA', last4: '4242', expires: '2029-12' },
});

/** Calls that never arrive, whose answers are lost, or that arrive when their sender has given up. */
function roughRoad(world: World, provider: Provider): Provider {
  const travels =
    <Argument, Result>(call: (argument: Argument) => Promise<Result>) =>
    async (argument: Argument): Promise<Result> => {
      if (!world.faults || !world.choices.once(6)) return call(argument);
      switch (world.choices.pick(3)) {
        case 0:
          throw new Error('the call was lost');
        case 1:
          await call(argument);
          throw new Error('the answer was lost');
        default:
          world.late.push(async () => void (await call(argument).catch(() => undefined)));
          throw new Error('the call is late');
      }
    };
  return {
    charge: travels(provider.charge),
    find: travels(provider.find),
    void: travels(provider.void),
    refund: travels(provider.refund),
    ledger: provider.ledger,
  };
}

export const views: Simulated = {
  name: 'views',
  plug: () => ({ rpc: [], subscriptions: { events: ['#'], commands: [], handle: orderUpdates }, timers: {} }),
};
