import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { command } from '#adapters/bus/messages.ts';
import { addressOf } from '#adapters/grpc/address.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { most, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { RepublishRooms } from '#proto/jari/property/v1/messages.ts';
import { lodgingRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { grpcNights } from './adapters/property.ts';
import { migrations, mikroOrmReservations, mikroOrmRooms, storedReservations, storedRooms } from './adapters/store.ts';
import { onTimer } from './usecases.ts';

/** Lodging: guests' reservations (숙소 예약), and what each asks of property and payment. */
export const service = serviceOf({
  name: 'lodging',
  migrations,
  entities,
  settings: {
    ...askAgainSetting,
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
  },
  plug(outside) {
    const reservations = storedReservations({
      paymentAnswer: seconds(outside.settings.JARI_PAYMENT_ANSWER_SECONDS),
      payment: seconds(outside.settings.JARI_LODGING_PAYMENT_SECONDS),
      askAgain: seconds(outside.settings.JARI_ASK_AGAIN_SECONDS),
    });
    const limits = {
      unpaid: outside.settings.JARI_UNPAID_PER_CUSTOMER,
      perHost: outside.settings.JARI_LODGING_REQUESTS_PER_HOST,
    };
    const nights = grpcNights(addressOf(outside.settings, 'PROPERTY_ADDR'), outside.log, tlsOf(outside.settings));
    const ports = {
      nights,
      payWithin: seconds(outside.settings.JARI_LODGING_PAYMENT_SECONDS),
      reservations: mikroOrmReservations(outside.store, reservations, limits),
      rooms: mikroOrmRooms(outside.store),
    };
    return {
      rpc: [lodgingRpc(ports, outside.now)],
      orders: [{ of: reservations, notFinal: ['requested', 'confirmed', 'payment-pending', 'paid', 'cancelling'] }],
      subscriptions: subscriptions(reservations, storedRooms, outside.now),
      timers: {
        'reservation/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
        'reservation/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
        'reservation/check-out': (id, at) => onTimer(ports, id, 'CheckOutDayCame', at),
        'reservation/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, outside.now())),
      },
      breakers: nights.policies,
      stop: async () => nights.close(),
      async start() {
        if (await ports.rooms.isEmpty())
          await outside.send(command('jari.property.v1.RepublishRooms', RepublishRooms, '', {}));
      },
      waitsFor: async () => ((await ports.rooms.isEmpty()) ? 'rooms from property' : undefined),
    };
  },
});
