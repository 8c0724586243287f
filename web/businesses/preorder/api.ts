import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../api/api.ts';

export type Quote = Schemas['preorder.Quote'];

/** What a pre-order would be now, however it is received, and what can be had if there are not enough. Nothing is stored. */
export const quoteQuery = (productId: string, quantity: number) =>
  queryOptions({
    queryKey: ['products', 'preorder quote', productId, quantity],
    queryFn: ({ signal }) =>
      answered(
        api.POST('/v1/preorders:quote', { body: { productId, quantity, fulfilment: 'PICKUP', address: '' }, signal }),
      ),
    staleTime: 5_000,
    refetchInterval: 15_000,
  });
