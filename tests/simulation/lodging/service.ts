import { serviceOf } from '#adapters/service/service.ts';
import { lodgingParts, settings } from '../../../services/lodging/adapters/parts.ts';
import { withLimits } from '../limited.ts';

/** Of a guest: few, so that the limits are met. */
export const limits = { unpaid: 2, perHost: 1 };

/** Lodging as it is, but for its way to property: only a quote asks there, and nobody asks for one. */
export const lodgingService = withLimits(
  serviceOf({
    ...{ name: 'lodging', settings, migrations: [], entities: [] },
    plug: (outside) => lodgingParts(outside, { free: async () => undefined }),
  }),
  { JARI_UNPAID_PER_CUSTOMER: limits.unpaid, JARI_LODGING_REQUESTS_PER_HOST: limits.perHost },
);
