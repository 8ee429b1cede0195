// How the app asks: what was just read is not asked again, what may work later is tried twice more,
// and a session that has ended brings the sign-in page.
import {MutationCache, QueryCache, QueryClient} from '@tanstack/react-query';
import {ApiError, mayRepeat, toApiError} from '@/api/problem';
import {SESSION_KEY} from '@/api/session';

const FRESH_MS = 30_000; // live events say earlier when something is old
const MOST_RETRIES = 2;
const LONGEST_WAIT_MS = 8_000;

export function makeQueryClient(): QueryClient {
  const endSession = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) client.setQueryData(SESSION_KEY, null);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({onError: endSession}),
    mutationCache: new MutationCache({onError: endSession}),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < MOST_RETRIES && mayRepeat(error),
        retryDelay: (attempt, error) => {
          const asked = toApiError(error).retryAfterSeconds ?? 0;
          return Math.min(LONGEST_WAIT_MS, Math.max(asked * 1_000, 500 * 2 ** attempt));
        },
      },
      mutations: {retry: false},
    },
  });
  return client;
}
