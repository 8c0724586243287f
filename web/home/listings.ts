import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/api.ts';
import type { Business } from '../businesses/registry.ts';
import { staysQuery } from '../businesses/lodging/api.ts';
import type { Money } from '../text/formats.ts';
import { nothing } from '../text/money.ts';

/** Something on offer, as the home page shows it. */
export interface Listing {
  id: string;
  business: Business;
  name: string;
  /** Where, or what kind. */
  place: string;
  price: Money;
  per: 'night' | 'lesson' | 'hour' | 'month' | 'once';
  /** Guests of a room, minutes of a lesson. */
  size?: number;
  /** Pieces in stock; undefined where nobody counts. */
  left?: number;
  instant?: boolean;
}

const page = { query: { page_size: 12 } };

/** The newest of each business. One that does not answer is left out: the others are shown. */
export const listingsQuery = queryOptions({
  queryKey: ['listings'],
  queryFn: async ({ signal, client }): Promise<readonly Listing[]> => {
    const found = await Promise.allSettled([
      client.ensureQueryData(staysQuery).then((stays) =>
        stays.map(({ room, property }): Listing => ({
          id: room.id,
          business: 'lodging',
          name: room.name,
          place: property.name,
          price: room.pricePerNight,
          per: 'night',
          size: room.capacity,
          instant: room.instantBook,
        })),
      ),
      answered(api.GET('/v1/tutoring/lessons', { params: page, signal })).then(({ lessons }) =>
        lessons
          .filter(({ status, closed }) => status === 'ON_SALE' && !closed)
          .map(({ id, title, subject, price = nothing, minutes }): Listing => ({
            ...{ id, price, business: 'tutoring', name: title, place: subject, per: 'lesson', size: minutes },
          })),
      ),
      answered(api.GET('/v1/cafes', { params: page, signal })).then(({ cafes }) =>
        cafes
          .filter(({ closed }) => !closed)
          .map(({ id, name, address, pricePerHour = nothing }): Listing => ({
            ...{ id, name, business: 'seating', place: address, price: pricePerHour, per: 'hour' },
          })),
      ),
      answered(api.GET('/v1/products', { params: page, signal })).then(({ products }) =>
        products
          .filter(({ closed }) => !closed)
          .map(({ id, name, kind, price = nothing, monthlyFee = nothing, available }): Listing =>
            kind === 'PHONE'
              ? { id, name, business: 'preorder', place: '', price, per: 'once', left: available }
              : { id, name, business: 'rental', place: '', price: monthlyFee, per: 'month', left: available },
          ),
      ),
    ]);
    const failed = found.find((each) => each.status === 'rejected');
    const listings = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    if (failed && listings.length === 0) throw failed.reason;
    return listings;
  },
});

/** Two of each business, in turn: the first row shows that there is more than one. */
export function mixed(listings: readonly Listing[], businesses: readonly Business[]): readonly Listing[] {
  const of = businesses.map((business) => listings.filter((each) => each.business === business));
  return [0, 1].flatMap((turn) => of.flatMap((each) => each[turn] ?? []));
}
