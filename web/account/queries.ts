import { queryOptions } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../api/api.ts';
import { ApiError } from '../api/http.ts';

export type Card = Schemas['payment.PaymentMethod'];
export type DeviceSession = Schemas['identity.Session'];
export type Person = Schemas['identity.Person'];

export const personQuery = queryOptions({
  queryKey: ['me'],
  /** Null for a token of the command line, which speaks of nobody who signs in. */
  queryFn: async ({ signal }): Promise<Person | null> => {
    try {
      return await answered(api.GET('/v1/me', { signal }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },
});

export const contactsQuery = queryOptions({
  queryKey: ['contacts'],
  queryFn: ({ signal }) => answered(api.GET('/v1/profile', { signal })),
});

export const cardsQuery = queryOptions({
  queryKey: ['cards'],
  queryFn: ({ signal }) => answered(api.GET('/v1/payment-methods', { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => answered(api.GET('/v1/me/sessions', { params: { query: { page_size: 200 } }, signal })),
});
