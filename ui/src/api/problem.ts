// What went wrong with a request, in one shape: the server's problem+json, or that no answer came.
import type {components} from './schema.gen';

export type Problem = components['schemas']['Problem'];

/** No answer came at all: the node is down, or the way to it. */
export const NO_ANSWER = 'no_answer';

export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.detail);
    this.name = 'ApiError';
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
}

export function noAnswer(cause: unknown): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'The node does not answer',
    status: 0,
    code: NO_ANSWER,
    detail: cause instanceof Error ? cause.message : String(cause),
  });
}

/** The error of a response that is not a success; a body that is no problem document still counts. */
export function problemOf(response: Response, body: unknown): ApiError {
  const given = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(
    {
      ...given,
      type: given.type ?? 'about:blank',
      title: given.title ?? `The node answered ${response.status}`,
      status: response.status,
      code: given.code ?? 'unknown',
      detail: given.detail ?? response.statusText,
    },
    Number.isFinite(seconds) ? seconds : undefined,
  );
}

export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : noAnswer(error);
}

/** Whether the same request may succeed a little later. */
export function mayRepeat(error: unknown): boolean {
  const status = error instanceof ApiError ? error.status : 0;
  return status === 0 || status === 429 || status === 502 || status === 503 || status === 504;
}

const ADVICE: Record<string, string> = {
  [NO_ANSWER]: 'Check that the node runs and that this machine reaches it. This page tries again by itself.',
  unauthenticated: 'Sign in again; what you see stays where it is.',
  permission_denied: 'Ask an administrator for a token with a higher role, and sign in with it.',
  not_found: 'It may have been deleted, or retention removed it. Go back to the list and look for it there.',
  conflict: 'Somebody else changed it meanwhile. Load it again, then repeat what you did.',
  precondition_failed: 'Somebody else changed it meanwhile. Load it again, then repeat what you did.',
  overloaded: 'The node has too much to do. Wait a moment and try again.',
  unavailable: 'The node cannot reach its store just now. Try again; if it stays, read the log of the node.',
  storage_full: 'The disk of the node is full: free space there, then try again.',
};

/** What a person can do about it, in one sentence. */
export function adviceFor(problem: Problem): string {
  const known = ADVICE[problem.code];
  if (known) return known;
  if (problem.errors?.length) return 'Correct what is listed here, then try again.';
  if (problem.status >= 500) return 'This is a fault of the node: its log tells more under this request id.';
  return 'Correct the request, then try again.';
}
