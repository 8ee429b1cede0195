// The typed client of the API. Every request goes through here: it carries the session's CSRF token,
// and an answer that is no success is thrown as an ApiError.
import createClient, {type Middleware} from 'openapi-fetch';
import {learnServerTime} from './clock';
import {noAnswer, problemOf} from './problem';
import type {components, paths} from './schema.gen';

export type Schemas = components['schemas'];

let csrfToken = '';

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

const middleware: Middleware = {
  onRequest({request}) {
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    if (changes && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({response}) {
    learnServerTime(response.headers.get('Date'));
    return undefined;
  },
  onError({error}) {
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return noAnswer(error);
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
});
api.use(middleware);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a success: `await ask(api.GET('/api/v1/jobs', {...}))`. Throws ApiError. */
export async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const {data, error, response} = await answer;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}
