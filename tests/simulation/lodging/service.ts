import { days, minutes, seconds } from '#kernel/time.ts';
import { lodgingRpc } from '../../../services/lodging/adapters/grpc.ts';
import { subscriptions } from '../../../services/lodging/adapters/messages.ts';
import {
  mikroOrmReservations,
  mikroOrmRooms,
  storedReservations,
  storedRooms,
} from '../../../services/lodging/adapters/store.ts';
import { onTimer } from '../../../services/lodging/usecases.ts';
import type { Simulated } from '../world.ts';

/** Of a guest: few, so that the limits are met. */
export const limits = { unpaid: 2, perHost: 1 };

/** Lodging as it is, but for its way to property: only a quote asks there, and nobody asks for one. */
export const lodgingService: Simulated = {
  name: 'lodging',
  plug({ store, now }) {
    const reservations = storedReservations({ paymentAnswer: seconds(10), payment: days(1), askAgain: minutes(5) });
    const ports = {
      nights: { free: async () => undefined },
      payWithin: days(1),
      reservations: mikroOrmReservations(store, reservations, limits),
      rooms: mikroOrmRooms(store),
    };
    return {
      rpc: [lodgingRpc(ports, now)],
      subscriptions: subscriptions(reservations, storedRooms, now),
      timers: {
        'reservation/payment-answer': (id, at) => onTimer(ports, id, 'PaymentAnswerOverdue', at),
        'reservation/payment-deadline': (id, at) => onTimer(ports, id, 'PaymentDeadlinePassed', at),
        'reservation/check-out': (id, at) => onTimer(ports, id, 'CheckOutDayCame', at),
        'reservation/ask-again': (id, at) => onTimer(ports, id, 'AskAgain', Math.max(at, now())),
      },
    };
  },
};
