import { addressOf } from '#adapters/grpc/address.ts';
import { grpcCards } from '#adapters/grpc/cards.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { tlsOf } from '#adapters/tls/tls.ts';
import { PaymentMethodServiceService } from '#proto/jari/payment/v1/payment_methods.ts';
import { entities } from './adapters/entities.ts';
import { seatingParts, settings } from './adapters/parts.ts';
import { migrations } from './adapters/store.ts';
import { grpcSeats } from './adapters/studycafe.ts';

/** Seating (좌석 선택): customers' selections of seats, and what each asks of studycafe and payment. */
export const service = serviceOf({
  name: 'seating',
  migrations,
  entities,
  settings,
  plug(outside) {
    const seats = grpcSeats(addressOf(outside.settings, 'STUDYCAFE_ADDR'), outside.log, tlsOf(outside.settings));
    const cards = grpcCards('seating', PaymentMethodServiceService, outside);
    return {
      ...seatingParts(outside, { seats, cards }),
      breakers: [...seats.policies, ...cards.policies],
      async stop() {
        seats.close();
        cards.close();
      },
    };
  },
});
