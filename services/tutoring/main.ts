import { grpcCards } from '#adapters/grpc/cards.ts';
import { serviceOf } from '#adapters/service/service.ts';
import { PaymentMethodServiceService } from '#proto/jari/payment/v1/payment_methods.ts';
import { entities } from './adapters/entities.ts';
import { settings, tutoringParts } from './adapters/parts.ts';
import { migrations } from './adapters/store.ts';

/** Tutoring: lessons on sale and purchases (개인과외 스토어), and what each asks of approval, payment, payout and lecture. */
export const service = serviceOf({
  name: 'tutoring',
  migrations,
  entities,
  settings,
  plug(outside) {
    const cards = grpcCards('tutoring', PaymentMethodServiceService, outside);
    return { ...tutoringParts(outside, cards), breakers: cards.policies, stop: async () => cards.close() };
  },
});
