// Who is signed in. `null` in the cache means nobody: the app shows the sign-in page then, under the
// address that is open, so that one goes on where one was.
import {queryOptions, useQuery, useQueryClient} from '@tanstack/react-query';
import {api, ask, setCsrfToken, type Schemas} from './client';
import {ApiError} from './problem';

export type Session = Schemas['Session'];

export const SESSION_KEY = ['session'] as const;

async function loadSession(): Promise<Session | null> {
  try {
    const session = await ask(api.GET('/api/v1/session'));
    setCsrfToken(session.csrf_token ?? '');
    return session;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: loadSession,
  staleTime: 5 * 60_000,
});

export function useSession() {
  return useQuery(sessionQuery);
}

const RANKS = ['viewer', 'operator', 'admin'];

/** Whether the signed-in person may do what needs `role`; the server decides in the end. */
export function useMay(role: 'viewer' | 'operator' | 'admin'): boolean {
  const {data} = useSession();
  return RANKS.indexOf(data?.role ?? '') >= RANKS.indexOf(role);
}

/** Signs in with a token, then reads everything anew. */
export function useSignIn() {
  const client = useQueryClient();
  return async (token: string) => {
    const headers = {Authorization: `Bearer ${token.trim()}`};
    await ask(api.POST('/api/v1/session', {headers}));
    await client.resetQueries();
  };
}

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await ask(api.DELETE('/api/v1/session'));
    client.setQueryData(SESSION_KEY, null);
    client.removeQueries({predicate: (query) => query.queryKey[0] !== SESSION_KEY[0]});
  };
}
