import { str } from 'envalid';
import type { Cards } from '#kernel/card.ts';
import { seconds } from '#kernel/time.ts';
import { command } from '#adapters/bus/messages.ts';
import { cardsSettings } from '#adapters/grpc/cards.ts';
import type { Outside, ServiceParts } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds, type Settings } from '#adapters/settings/settings.ts';
import { RepublishRooms } from '#proto/jari/property/v1/messages.ts';
import type { Nights } from '../ports.ts';
import { onTimer } from '../usecases.ts';
import { lodgingRpc } from './grpc.ts';
import { subscriptions } from './messages.ts';
import { mikroOrmReservations, mikroOrmRooms, storedReservations, storedRooms } from './store.ts';

export const settings = {
  ...askAgainSetting,
  ...cardsSettings,
  PROPERTY_ADDR: str({ default: '', desc: 'Address of property, host:port of gRPC. Empty: this process.' }),
  JARI_PAYMENT_ANSWER_SECONDS: inSeconds({
    default: 10,
    desc: 'Seconds without an answer from payment after which an order is shown as PAYMENT_PENDING.',
  }),
  JARI_LODGING_PAYMENT_SECONDS: inSeconds({
    default: 86_400,
    desc: 'Seconds after which an unpaid confirmed reservation is cancelled. Counts only while payment answers.',
  }),
  JARI_UNPAID_PER_CUSTOMER: most({
    default: 10,
    desc: 'Most unpaid orders of a customer in one business. 0 is no limit.',
  }),
  JARI_LODGING_REQUESTS_PER_HOST: most({
    default: 5,
    desc: 'Most requests of a guest that wait for an answer of the same host. 0 is no limit.',
  }),
};

/** Lodging on its ways to property and payment: the process has the real ones, the simulation its own. */
export function lodgingParts(
  { store, settings: values, now, send, staffRolesOf }: Outside<Settings<typeof settings>>,
  { nights, cards }: { nights: Nights; cards: Cards },
): ServiceParts {
  const reservations = storedReservations({
    paymentAnswer: seconds(values.JARI_PAYMENT_ANSWER_SECONDS),
    payment: seconds(values.JARI_LODGING_PAYMENT_SECONDS),
    askAgain: seconds(values.JARI_ASK_AGAIN_SECONDS),
  });
  const limits = { unpaid: values.JARI_UNPAID_PER_CUSTOMER, perHost: values.JARI_LODGING_REQUESTS_PER_HOST };
  const ports = {
    ...{ nights, cards },
    payWithin: seconds(values.JARI_LODGING_PAYMENT_SECONDS),
    reservations: mikroOrmReservations(store, reservations, limits),
    rooms: mikroOrmRooms(store, staffRolesOf),
  };
  return {
    rpc: [lodgingRpc(ports, now)],
    orders: [{ of: reservations, notFinal: ['requested', 'confirmed', 'payment-pending', 'paid', 'cancelling'] }],
    subscriptions: subscriptions(reservations, storedRooms, now),
    timers: {
      'reservation/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
      'reservation/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
      'reservation/card-deadline': (id, at) => onTimer(ports, id, 'CardDeadlinePassed', at),
      'reservation/check-out': (id, at) => onTimer(ports, id, 'CheckOutDayCame', at),
      'reservation/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, now())),
    },
    async start() {
      if (await ports.rooms.isEmpty()) await send(command('jari.property.v1.RepublishRooms', RepublishRooms, '', {}));
    },
    waitsFor: async () => ((await ports.rooms.isEmpty()) ? 'rooms from property' : undefined),
  };
}
