import { serviceOf } from '#adapters/service/service.ts';
import { settings, tutoringParts } from '../../../services/tutoring/adapters/parts.ts';
import { cardsForAll } from '../cards.ts';
import { withLimits } from '../limited.ts';

export const mostUnpaid = 1;
/** Fewer than the lessons of the first seller, all of which may be edited. */
export const mostWaiting = 1;

/** Tutoring as it is, but for its way to payment: everybody has a card. */
export const tutoringService = withLimits(
  serviceOf({
    ...{ name: 'tutoring', settings, migrations: [], entities: [] },
    plug: (outside) => tutoringParts(outside, cardsForAll),
  }),
  { JARI_UNPAID_PER_CUSTOMER: mostUnpaid, JARI_WAITING_LESSONS_PER_SELLER: mostWaiting },
);
