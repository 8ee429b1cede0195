// What the pages of jobs ask besides the questions that every page shares.
import {infiniteQueryOptions, keepPreviousData, queryOptions} from '@tanstack/react-query';
import {api, ask, type Schemas} from '@/api/client';
import {jobsQuery} from '@/api/queries';

export type JobVersion = Schemas['JobVersion'];
export type Occurrence = Schemas['Occurrence'];
export type ApplyResult = Schemas['ApplyResult'];
export type JobType = Schemas['JobType'];

export interface JobsFilter {
  text?: string;
  label?: string;
  paused?: boolean;
  type?: JobType;
  last_state?: string;
}

const ROWS_AT_ONCE = 30; // two kilobytes each, more where descriptions and labels are long

/** Jobs with their last runs and durations; the rows before stay while the filter is being typed. */
export const jobRowsQuery = (filter: JobsFilter) => ({
  ...jobsQuery({...filter, include: 'next,recent,stats'}, ROWS_AT_ONCE),
  placeholderData: keepPreviousData,
});

const MOST_DOTS = 500;

export const durationsQuery = (job: string) =>
  queryOptions({
    queryKey: ['job', job, 'durations'],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/jobs/{job}/durations', {signal, params: {path: {job}, query: {runs: MOST_DOTS}}})),
  });

export interface Range {
  from: string;
  until: string;
  timezone: string;
}

export const endingsQuery = (job: string, range: Range) =>
  queryOptions({
    queryKey: ['job', job, 'endings', range],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/jobs/{job}/endings', {signal, params: {path: {job}, query: range}})),
    placeholderData: keepPreviousData,
  });

export const jobOccurrencesQuery = (job: string, range: Omit<Range, 'timezone'> & {ending?: string}) =>
  infiniteQueryOptions({
    queryKey: ['job', job, 'occurrences', range],
    queryFn: ({pageParam, signal}) =>
      ask(
        api.GET('/api/v1/jobs/{job}/occurrences', {
          signal,
          params: {path: {job}, query: {...range, limit: 100, ...(pageParam ? {cursor: pageParam} : {})}},
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

export const versionsQuery = (job: string) =>
  infiniteQueryOptions({
    queryKey: ['job', job, 'versions'],
    queryFn: ({pageParam, signal}) =>
      ask(
        api.GET('/api/v1/jobs/{job}/versions', {
          signal,
          params: {path: {job}, query: {limit: 50, ...(pageParam ? {cursor: pageParam} : {})}},
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });

/** One version; it never changes, so no event makes it old. */
export const versionQuery = (job: string, version: number) =>
  queryOptions({
    queryKey: ['job-version', job, version],
    queryFn: ({signal}) =>
      ask(
        api.GET('/api/v1/jobs/{job}/versions/{version}', {
          signal,
          params: {path: {job, version: String(version)}},
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const whyQuery = (job: string, at: string) =>
  queryOptions({
    queryKey: ['job', job, 'why', at],
    queryFn: ({signal}) =>
      ask(
        api.GET('/api/v1/jobs/{job}/why', {signal, params: {path: {job}, query: at ? {at} : {}}}),
      ),
  });

export const operationQuery = (operation: string) =>
  queryOptions({
    queryKey: ['operation', operation],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/operations/{operation}', {signal, params: {path: {operation}}})),
  });

/** What a schedule would do, by the server: its words, next fires and next clock changes. */
export const previewQuery = (schedule: unknown, job: string, limit = 5) =>
  queryOptions({
    queryKey: ['preview', schedule, job, limit],
    queryFn: ({signal}) =>
      ask(api.POST('/api/v1/schedules/preview', {signal, body: {schedule, job, limit}})),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const manifestSchemaQuery = queryOptions({
  queryKey: ['manifest-schema'],
  queryFn: async ({signal}) =>
    (await ask(api.GET('/api/v1/manifests/schema', {signal}))) as unknown as object,
  staleTime: Number.POSITIVE_INFINITY,
});
