import { seconds } from '#kernel/time.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { tutoringRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/subscriptions.ts';
import { addSampleData } from './adapters/sample.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmLessons, mikroOrmPurchases, storedLessons, storedPurchases } from './adapters/store.ts';
import { askAboutLesson, onTimer } from './usecases.ts';

/** Tutoring: lessons on sale and purchases (개인과외 스토어), and what each asks of approval, payment, payout and lecture. */
export const service = serviceOf({
  name: 'tutoring',
  migrations,
  entities,
  settings: {
    ...askAgainSetting,
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
  },
  plug({ store, settings, now, development }) {
    const askAgain = seconds(settings.JARI_ASK_AGAIN_SECONDS);
    const lessons = storedLessons(askAgain);
    const purchases = storedPurchases({
      askAgain,
      paymentAnswer: seconds(settings.JARI_PAYMENT_ANSWER_SECONDS),
      payment: seconds(settings.JARI_TUTORING_PAYMENT_SECONDS),
    });
    const ports = {
      lessons: mikroOrmLessons(store, lessons, settings.JARI_WAITING_LESSONS_PER_SELLER),
      purchases: mikroOrmPurchases(store, purchases, settings.JARI_UNPAID_PER_CUSTOMER),
    };
    return {
      rpc: [tutoringRpc(ports, now, seconds(settings.JARI_TUTORING_PAYMENT_SECONDS))],
      orders: [
        { of: lessons, notFinal: ['sale-requested'] },
        { of: purchases, notFinal: ['requested', 'payment-pending', 'paid', 'ready', 'cancelling'] },
      ],
      subscriptions: subscriptions(lessons, purchases, now),
      timers: {
        'purchase/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
        'purchase/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
        'purchase/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, now())),
        'lesson/ask-again': (id, at) => askAboutLesson(ports, id, Math.max(at, now())),
      },
      async start() {
        if (development) await addSampleData(store, lessons, now());
      },
    };
  },
});
