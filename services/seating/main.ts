import { seconds } from '#kernel/time.ts';
import { command } from '#adapters/bus/messages.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { RepublishCafes } from '#proto/jari/studycafe/v1/messages.ts';
import { seatingRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmCafes, mikroOrmSelections, storedCafes, storedSelections } from './adapters/store.ts';
import { onTimer } from './usecases.ts';

/** Seating (좌석 선택): customers' selections of seats, and what each asks of studycafe and payment. */
export const service = serviceOf({
  name: 'seating',
  migrations,
  entities,
  settings: {
    ...askAgainSetting,
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
  },
  plug(outside) {
    const selections = storedSelections({
      paymentAnswer: seconds(outside.settings.JARI_PAYMENT_ANSWER_SECONDS),
      payment: seconds(outside.settings.JARI_SEATING_PAYMENT_SECONDS),
      askAgain: seconds(outside.settings.JARI_ASK_AGAIN_SECONDS),
    });
    const ports = {
      selections: mikroOrmSelections(outside.store, selections, outside.settings.JARI_SEATING_UNPAID_PER_CUSTOMER),
      cafes: mikroOrmCafes(outside.store),
    };
    return {
      rpc: [seatingRpc(ports, outside.now)],
      orders: [
        { of: selections, notFinal: ['selected', 'held', 'payment-pending', 'paid', 'registered', 'cancelling'] },
      ],
      subscriptions: subscriptions(selections, storedCafes),
      timers: {
        // When it was due, by the database's clock: this process's own may be a little behind, and think that nothing has begun.
        'selection/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
        'selection/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
        'selection/time-over': (id, at) => onTimer(ports, id, 'TimeIsOver', at),
        'selection/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, outside.now())),
      },
      async start() {
        if (await ports.cafes.isEmpty())
          await outside.send(command('jari.studycafe.v1.RepublishCafes', RepublishCafes, '', {}));
      },
      waitsFor: async () => ((await ports.cafes.isEmpty()) ? 'cafes from studycafe' : undefined),
    };
  },
});
