import { serviceOf } from '#adapters/service/service.ts';
import { lodgingParts, settings } from '../../../services/lodging/adapters/parts.ts';
import { cardsForAll } from '../cards.ts';
import { withLimits } from '../limited.ts';

/** Of a guest: few, so that the limits are met. */
export const limits = { unpaid: 2, perHost: 1 };

/** Lodging as it is, but for its ways to property, where only a quote asks, and to payment: everybody has a card. */
export const lodgingService = withLimits(
  serviceOf({
    ...{ name: 'lodging', settings, migrations: [], entities: [] },
    plug: (outside) => lodgingParts(outside, { nights: { free: async () => undefined }, cards: cardsForAll }),
  }),
  { JARI_UNPAID_PER_CUSTOMER: limits.unpaid, JARI_LODGING_REQUESTS_PER_HOST: limits.perHost },
);
