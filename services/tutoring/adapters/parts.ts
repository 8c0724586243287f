import type { Cards } from '#kernel/card.ts';
import { seconds } from '#kernel/time.ts';
import { cardsSettings } from '#adapters/grpc/cards.ts';
import type { Outside, ServiceParts } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds, type Settings } from '#adapters/settings/settings.ts';
import { askAboutLesson, onTimer } from '../usecases.ts';
import { tutoringRpc } from './grpc.ts';
import { addSampleData } from './sample.ts';
import { mikroOrmLessons, mikroOrmPurchases, storedLessons, storedPurchases } from './store.ts';
import { subscriptions } from './subscriptions.ts';

export const settings = {
  ...askAgainSetting,
  ...cardsSettings,
  JARI_PAYMENT_ANSWER_SECONDS: inSeconds({
    default: 10,
    desc: 'Seconds without an answer from payment after which an order is shown as PAYMENT_PENDING.',
  }),
  JARI_TUTORING_PAYMENT_SECONDS: inSeconds({
    default: 3_600,
    desc: 'Seconds after which an unpaid purchase is cancelled. Counts only while payment answers.',
  }),
  JARI_UNPAID_PER_CUSTOMER: most({
    default: 10,
    desc: 'Most unpaid orders of a customer in one business. 0 is no limit.',
  }),
  JARI_WAITING_LESSONS_PER_SELLER: most({
    default: 100,
    desc: 'Most lessons of a seller that wait for an administrator. 0 is no limit.',
  }),
};

/** Tutoring on its way to payment: the process has the real one, the simulation its own. */
export function tutoringParts(
  { store, settings: values, now, development, staffRolesOf }: Outside<Settings<typeof settings>>,
  cards: Cards,
): ServiceParts {
  const askAgain = seconds(values.JARI_ASK_AGAIN_SECONDS);
  const lessons = storedLessons(askAgain);
  const purchases = storedPurchases({
    askAgain,
    paymentAnswer: seconds(values.JARI_PAYMENT_ANSWER_SECONDS),
    payment: seconds(values.JARI_TUTORING_PAYMENT_SECONDS),
  });
  const ports = {
    lessons: mikroOrmLessons(store, lessons, { mostWaiting: values.JARI_WAITING_LESSONS_PER_SELLER, staffRolesOf }),
    purchases: mikroOrmPurchases(store, purchases, values.JARI_UNPAID_PER_CUSTOMER),
    cards,
  };
  return {
    rpc: [tutoringRpc(ports, now, seconds(values.JARI_TUTORING_PAYMENT_SECONDS))],
    orders: [
      { of: lessons, notFinal: ['sale-requested'] },
      { of: purchases, notFinal: ['requested', 'payment-pending', 'paid', 'ready', 'cancelling'] },
    ],
    subscriptions: subscriptions(lessons, purchases, now),
    timers: {
      'purchase/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
      'purchase/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
      'purchase/card-deadline': (id, at) => onTimer(ports, id, 'CardDeadlinePassed', at),
      'purchase/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, now())),
      'lesson/ask-again': (id, at) => askAboutLesson(ports, id, Math.max(at, now())),
    },
    async start() {
      if (development) await addSampleData(store, lessons, now());
    },
  };
}
