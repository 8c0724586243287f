import { serviceOf } from '#adapters/service/service.ts';
import { seatingParts, settings } from '../../../services/seating/adapters/parts.ts';
import { cardsForAll } from '../cards.ts';
import { withLimits } from '../limited.ts';

/** Of a customer: few, so that the limit is met. */
export const mostUnpaid = 2;

/** Seating as it is, but for its ways to studycafe, where only a quote asks, and to payment: everybody has a card. */
export const seatingService = withLimits(
  serviceOf({
    ...{ name: 'seating', settings, migrations: [], entities: [] },
    plug: (outside) => seatingParts(outside, { seats: { states: async () => undefined }, cards: cardsForAll }),
  }),
  { JARI_SEATING_UNPAID_PER_CUSTOMER: mostUnpaid },
);
