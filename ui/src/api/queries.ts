// Every question the UI asks, under keys that live events know (live/apply.ts): the first word of a
// key is the noun, in the plural for lists.
import {infiniteQueryOptions, queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from './client';
import type {paths} from './schema.gen';

export type Job = Schemas['Job'];
export type JobSpec = Schemas['JobSpec'];
export type Run = Schemas['Run'];
export type RunSummary = Schemas['RunSummary'];
export type RunState = Schemas['RunState'];
export type Attempt = Schemas['Attempt'];
export type Operation = Schemas['Operation'];
export type OperationKind = Schemas['OperationKind'];
export type Queue = Schemas['Queue'];
export type Node = Schemas['Node'];
export type Worker = Schemas['Worker'];
export type Occurrence = Schemas['Occurrence'];
export type CloudEvent = Schemas['CloudEvent'];

/** The definition of a job; the schema leaves it open, since its form depends on the type. */
export function specOf(job: Job): JobSpec {
  return (job.spec ?? {}) as JobSpec;
}

type QueryOf<P extends keyof paths> = paths[P] extends {get: {parameters: {query?: infer Q}}}
  ? NonNullable<Q>
  : never;
type Filter<P extends keyof paths> = Omit<QueryOf<P>, 'cursor' | 'limit'>;

export const PAGE_ITEMS = 100; // a screen or two; the next page comes before the end is reached

interface Paged<T> {
  items?: T[];
  next_cursor?: string;
}

/** What the pages of an infinite query share: from one cursor to the next. */
const paging = {
  initialPageParam: '',
  getNextPageParam: (last: Paged<unknown>) => last.next_cursor || undefined,
};

/** All rows that are loaded. */
export function rowsOf<T>(data: {pages: Paged<T>[]} | undefined): T[] {
  return data?.pages.flatMap((page) => page.items ?? []) ?? [];
}

function page<F extends object>(filter: F, cursor: string, limit = PAGE_ITEMS) {
  return {...filter, limit, ...(cursor ? {cursor} : {})};
}

export const jobsQuery = (filter: Filter<'/api/v1/jobs'> = {}, limit = PAGE_ITEMS) =>
  infiniteQueryOptions({
    queryKey: ['jobs', filter, limit],
    queryFn: ({pageParam, signal}) =>
      ask(api.GET('/api/v1/jobs', {signal, params: {query: page(filter, pageParam, limit)}})),
    ...paging,
  });

export const jobQuery = (job: string) =>
  queryOptions({
    queryKey: ['job', job],
    queryFn: ({signal}) => ask(api.GET('/api/v1/jobs/{job}', {signal, params: {path: {job}}})),
  });

export const nextFiresQuery = (job: string, limit = 5) =>
  queryOptions({
    queryKey: ['job', job, 'next', limit],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/jobs/{job}/next', {signal, params: {path: {job}, query: {limit}}})),
  });

export const runsQuery = (filter: Filter<'/api/v1/runs'> = {}) =>
  infiniteQueryOptions({
    queryKey: ['runs', filter],
    queryFn: ({pageParam, signal}) =>
      ask(api.GET('/api/v1/runs', {signal, params: {query: page(filter, pageParam)}})),
    ...paging,
  });

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run],
    queryFn: ({signal}) => ask(api.GET('/api/v1/runs/{run}', {signal, params: {path: {run}}})),
  });

export const operationsQuery = infiniteQueryOptions({
  queryKey: ['operations'],
  queryFn: ({pageParam, signal}) =>
    ask(api.GET('/api/v1/operations', {signal, params: {query: page({}, pageParam)}})),
  ...paging,
});

export const operationQuery = (operation: string) =>
  queryOptions({
    queryKey: ['operation', operation],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/operations/{operation}', {signal, params: {path: {operation}}})),
  });

export const queuesQuery = queryOptions({
  queryKey: ['queues'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/queues', {signal})),
});

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/nodes', {signal})),
});

export const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/workers', {signal})),
});

export const calendarsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/calendars', {signal})),
});

export const occurrencesQuery = (filter: Filter<'/api/v1/occurrences'> = {}) =>
  infiniteQueryOptions({
    queryKey: ['occurrences', filter],
    queryFn: ({pageParam, signal}) =>
      ask(api.GET('/api/v1/occurrences', {signal, params: {query: page(filter, pageParam)}})),
    ...paging,
  });

export const eventsQuery = (filter: Filter<'/api/v1/events'> = {}) =>
  infiniteQueryOptions({
    queryKey: ['events', filter],
    queryFn: ({pageParam, signal}) =>
      ask(api.GET('/api/v1/events', {signal, params: {query: page(filter, pageParam)}})),
    initialPageParam: '',
    // A full page may have another behind it; the cursor is there even at the end.
    getNextPageParam: (last: Paged<CloudEvent>) =>
      (last.items?.length ?? 0) >= PAGE_ITEMS ? last.next_cursor : undefined,
  });

export const versionQuery = queryOptions({
  queryKey: ['version'],
  queryFn: ({signal}) => ask(api.GET('/version', {signal})),
  staleTime: Number.POSITIVE_INFINITY,
});

export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: ({signal}) => ask(api.GET('/readyz', {signal})),
  refetchInterval: 15_000,
});
