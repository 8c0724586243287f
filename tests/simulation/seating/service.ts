import { serviceOf } from '#adapters/service/service.ts';
import { seatingParts, settings } from '../../../services/seating/adapters/parts.ts';
import { withLimits } from '../limited.ts';

/** Of a customer: few, so that the limit is met. */
export const mostUnpaid = 2;

/** Seating as it is, but for its way to studycafe: only a quote asks there, and nobody asks for one. */
export const seatingService = withLimits(
  serviceOf({
    ...{ name: 'seating', settings, migrations: [], entities: [] },
    plug: (outside) => seatingParts(outside, { states: async () => undefined }),
  }),
  { JARI_SEATING_UNPAID_PER_CUSTOMER: mostUnpaid },
);
