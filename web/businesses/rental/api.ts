import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../api/api.ts';

export type Quote = Schemas['rental.Quote'];

/** What a rental would be now: what is paid with the order, and what a cancellation refunds. Nothing is stored. */
export const quoteQuery = (productId: string, months: number) =>
  queryOptions({
    queryKey: ['products', 'rental quote', productId, months],
    queryFn: ({ signal }) =>
      answered(api.POST('/v1/rentals:quote', { body: { productId, months, address: '' }, signal })),
    staleTime: 5_000,
    refetchInterval: 15_000,
  });
