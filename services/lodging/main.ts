import { addressOf } from '#adapters/grpc/address.ts';
import { grpcCards } from '#adapters/grpc/cards.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { PaymentMethodServiceService } from '#proto/jari/payment/v1/payment_methods.ts';
import { entities } from './adapters/entities.ts';
import { lodgingParts, settings } from './adapters/parts.ts';
import { grpcNights } from './adapters/property.ts';
import { migrations } from './adapters/store.ts';

/** Lodging: guests' reservations (숙소 예약), and what each asks of property and payment. */
export const service = serviceOf({
  name: 'lodging',
  migrations,
  entities,
  settings,
  plug(outside) {
    const nights = grpcNights(addressOf(outside.settings, 'PROPERTY_ADDR'), outside.log, tlsOf(outside.settings));
    const cards = grpcCards('lodging', PaymentMethodServiceService, outside);
    return {
      ...lodgingParts(outside, { nights, cards }),
      breakers: [...nights.policies, ...cards.policies],
      async stop() {
        nights.close();
        cards.close();
      },
    };
  },
});
