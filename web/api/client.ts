import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { connection } from './connection.ts';
import { ApiError } from './http.ts';
import { signInAgainPath } from './session.ts';

/** What was fetched is kept and shown at once; it is fetched again when it is older than half a minute. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => error instanceof ApiError && error.status === 0 && connection.failed(),
    onSuccess: () => connection.worked(),
  }),
  mutationCache: new MutationCache({
    onError: (error) =>
      error instanceof ApiError && error.reason === 'SIGN_IN_AGAIN' && location.assign(signInAgainPath()),
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Pages say themselves that the connection is gone; a query that waits for it would look like one that loads.
      networkMode: 'always',
      retry: (failures, error) => error instanceof ApiError && error.isPassing && failures < 2,
      retryDelay: (failures, error) => (error instanceof ApiError && error.retryAfterMs) || 400 * 2 ** failures,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

connection.onBack(() => void queryClient.invalidateQueries());
