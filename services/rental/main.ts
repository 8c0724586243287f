import { str } from 'envalid';
import { seconds } from '#kernel/time.ts';
import { serviceToken, serviceTokenSetting } from '#adapters/auth/service-token.ts';
import { command } from '#adapters/bus/messages.ts';
import { addressOf } from '#adapters/grpc/address.ts';
import { grpcClient } from '#adapters/grpc/client.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { askAgainSetting } from '#adapters/settings/ask-again.ts';
import { policy } from '#adapters/resilience/policy.ts';
import { most, seconds as inSeconds } from '#adapters/settings/settings.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { RepublishProducts } from '#proto/jari/inventory/v1/messages.ts';
import { PaymentServiceService } from '#proto/jari/payment/v1/payment.ts';
import { rentalRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { grpcPayments } from './adapters/payments.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmProducts, mikroOrmRentals, storedProducts, storedRentals } from './adapters/store.ts';
import { askAgain, undoIntent } from './usecases.ts';

/** Rental (렌탈 접수): customers' water-dispenser rentals, paid before they are accepted. */
export const service = serviceOf({
  name: 'rental',
  migrations,
  entities,
  settings: {
    ...askAgainSetting,
    PAYMENT_ADDR: str({ default: '', desc: 'Address of payment, host:port of gRPC. Empty: this process.' }),
    ...serviceTokenSetting,
    JARI_RENTAL_INTENT_SECONDS: inSeconds({
      default: 20,
      desc: 'Seconds after which a customer who was charged and has no rental is refunded. Longer than any call takes.',
    }),
    JARI_UNPAID_PER_CUSTOMER: most({
      default: 10,
      desc: 'Most unpaid orders of a customer in one business. 0 is no limit.',
    }),
  },
  plug({ store, settings, now, log, send }) {
    const toPayment = policy({
      name: 'payment',
      timeoutMs: seconds(3), // a provider on a slow day still answers; past it, the outcome is in doubt
      attempts: 2,
      breaker: { failureShare: 0.5, calls: 20, minimum: 5, openMs: seconds(2) },
      // Also how much rental itself takes on at once: who comes when the line is full is refused before anything is intended.
      bulkhead: { concurrent: 48, queued: 64 },
      onStateChange: (breaker) => log.warn({ breaker }, 'rental: the circuit breaker for payment changed its state'),
    });
    const address = addressOf(settings, 'PAYMENT_ADDR');
    const payment = grpcClient({
      definition: PaymentServiceService,
      address,
      policy: toPayment,
      token: serviceToken('rental', settings, now),
      tls: tlsOf(settings),
      now,
    });
    const rentals = storedRentals({
      intent: seconds(settings.JARI_RENTAL_INTENT_SECONDS),
      askAgain: seconds(settings.JARI_ASK_AGAIN_SECONDS),
    });
    const products = mikroOrmProducts(store);
    const ports = {
      rentals: mikroOrmRentals(store, rentals, settings.JARI_UNPAID_PER_CUSTOMER),
      products,
      payments: grpcPayments(payment.call),
      now,
    };
    return {
      rpc: [rentalRpc(ports)],
      orders: [
        { of: rentals, notFinal: ['paying', 'received', 'backordered', 'stock-confirmed', 'delivering', 'cancelling'] },
      ],
      subscriptions: subscriptions(rentals, storedProducts),
      timers: {
        'rental/intent': (id) => undoIntent(ports, id),
        'rental/ask-again': (id, at) => askAgain(ports, id, at),
      },
      breakers: [toPayment],
      async start() {
        if (await products.isEmpty())
          await send(command('jari.inventory.v1.RepublishProducts', RepublishProducts, '', {}));
      },
      waitsFor: async () => ((await products.isEmpty()) ? 'products from inventory' : undefined),
      stop: async () => payment.close(),
    };
  },
});
