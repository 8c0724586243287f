import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answered, api } from '../api/api.ts';
import { queryClient } from '../api/client.ts';
import { ApiError } from '../api/http.ts';
import { newer, orderKey, ordersKey, type Order } from '../api/live.ts';

/** The reader's orders, newest first, a page at a time. The stream (live.ts) says what changes; asking now and then is for what it missed. */
export const ordersQuery = (kind: string) =>
  infiniteQueryOptions({
    queryKey: [...ordersKey, kind],
    queryFn: ({ pageParam, signal }) =>
      answered(
        api.GET('/v1/orders', {
          params: {
            query: {
              as: 'CUSTOMER',
              page_size: 50,
              ...(kind && { kind }),
              ...(pageParam && { page_token: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    refetchInterval: 30_000,
    staleTime: 5_000,
  });

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: orderKey(id),
    queryFn: async ({ signal }): Promise<Order> => {
      const order = await answered(api.GET('/v1/orders/{order_id}', { params: { path: { order_id: id } }, signal }));
      const known = queryClient.getQueryData<Order>(orderKey(id));
      return known ? newer(known, order) : order;
    },
    refetchInterval: 30_000,
    staleTime: 5_000,
  });

/** What there is beside the order, or nothing: some orders have none, and services may be away. */
const orNothing = async <Answer>(answer: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && [400, 403, 404].includes(error.status)) return null;
    throw error;
  }
};

/** Asked again with each change of the order. */
export const paymentQuery = (id: string, version: string) =>
  queryOptions({
    queryKey: ['payment', id, version],
    queryFn: ({ signal }) =>
      orNothing(answered(api.GET('/v1/payments/{order_id}', { params: { path: { order_id: id } }, signal }))),
    placeholderData: (known) => known,
  });

export const deliveryQuery = (id: string, version: string) =>
  queryOptions({
    queryKey: ['delivery', id, version],
    queryFn: ({ signal }) =>
      orNothing(answered(api.GET('/v1/deliveries/{order_id}', { params: { path: { order_id: id } }, signal }))),
    placeholderData: (known) => known,
  });

export const rentalQuery = (id: string) =>
  queryOptions({
    queryKey: ['rental', id],
    queryFn: ({ signal }) =>
      orNothing(answered(api.GET('/v1/rentals/{rental_id}', { params: { path: { rental_id: id } }, signal }))),
    staleTime: Infinity,
  });
