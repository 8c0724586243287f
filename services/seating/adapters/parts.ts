import { str } from 'envalid';
import type { Cards } from '#kernel/card.ts';
import { seconds } from '#kernel/time.ts';
import { command } from '#adapters/bus/messages.ts';
import { cardsSettings } from '#adapters/grpc/cards.ts';
import type { Outside, ServiceParts } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds, type Settings } from '#adapters/settings/settings.ts';
import { RepublishCafes } from '#proto/jari/studycafe/v1/messages.ts';
import type { Seats } from '../ports.ts';
import { onTimer } from '../usecases.ts';
import { seatingRpc } from './grpc.ts';
import { subscriptions } from './messages.ts';
import { mikroOrmCafes, mikroOrmSelections, storedCafes, storedSelections } from './store.ts';

export const settings = {
  ...askAgainSetting,
  ...cardsSettings,
  STUDYCAFE_ADDR: str({ default: '', desc: 'Address of studycafe, host:port of gRPC. Empty: this process.' }),
  JARI_PAYMENT_ANSWER_SECONDS: inSeconds({
    default: 10,
    desc: 'Seconds without an answer from payment after which an order is shown as PAYMENT_PENDING.',
  }),
  JARI_SEATING_PAYMENT_SECONDS: inSeconds({
    default: 600,
    desc: 'Seconds after which an unpaid held seat is free again. Counts only while payment answers.',
  }),
  JARI_SEATING_UNPAID_PER_CUSTOMER: most({
    default: 3,
    desc: 'Most unpaid seat selections of a customer. 0 is no limit.',
  }),
};

/** Seating on its ways to studycafe and payment: the process has the real ones, the simulation its own. */
export function seatingParts(
  { store, settings: values, now, send }: Outside<Settings<typeof settings>>,
  { seats, cards }: { seats: Seats; cards: Cards },
): ServiceParts {
  const selections = storedSelections({
    paymentAnswer: seconds(values.JARI_PAYMENT_ANSWER_SECONDS),
    payment: seconds(values.JARI_SEATING_PAYMENT_SECONDS),
    askAgain: seconds(values.JARI_ASK_AGAIN_SECONDS),
  });
  const ports = {
    selections: mikroOrmSelections(store, selections, values.JARI_SEATING_UNPAID_PER_CUSTOMER),
    cafes: mikroOrmCafes(store),
    ...{ seats, cards },
    payWithin: seconds(values.JARI_SEATING_PAYMENT_SECONDS),
  };
  return {
    rpc: [seatingRpc(ports, now)],
    orders: [{ of: selections, notFinal: ['selected', 'held', 'payment-pending', 'paid', 'registered', 'cancelling'] }],
    subscriptions: subscriptions(selections, storedCafes, now),
    timers: {
      // When it was due, by the database's clock: this process's own may be a little behind, and think that nothing has begun.
      'selection/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
      'selection/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
      'selection/card-deadline': (id, at) => onTimer(ports, id, 'CardDeadlinePassed', at),
      'selection/time-over': (id, at) => onTimer(ports, id, 'TimeIsOver', at),
      'selection/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, now())),
    },
    async start() {
      if (await ports.cafes.isEmpty()) await send(command('jari.studycafe.v1.RepublishCafes', RepublishCafes, '', {}));
    },
    waitsFor: async () => ((await ports.cafes.isEmpty()) ? 'cafes from studycafe' : undefined),
  };
}
