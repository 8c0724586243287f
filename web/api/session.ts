import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, call } from './http.ts';

export interface Session {
  person: { id: string; display_name: string; language: string } | null;
  roles: readonly string[];
  expires?: string;
}

const nobody: Session = { person: null, roles: [] };

/** Who uses this browser. Where nobody can sign in, everybody is a stranger. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) =>
    call<Session>('/auth/session', { signal }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return nobody;
      throw error;
    }),
  staleTime: 60_000,
});

export function useSession(): Session & { isKnown: boolean } {
  const { data } = useQuery(sessionQuery);
  return { ...(data ?? nobody), isKnown: data !== undefined };
}

/** Where one signs in, to come back to where one was. */
export const signInPath = (returnTo = `${location.pathname}${location.search}`): string =>
  `/auth/login?return_to=${encodeURIComponent(returnTo)}`;

/** Where one who is signed in proves once more who they are, for what asks for that (`SIGN_IN_AGAIN`), and comes back. */
export const signInAgainPath = (returnTo?: string): string => `${signInPath(returnTo)}&again=`;

export async function signOut(): Promise<void> {
  await call('/auth/logout', { method: 'POST' });
  location.assign('/');
}
