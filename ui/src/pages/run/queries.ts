import {queryOptions} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import type {JobSpec} from '@/api/queries';

// All begin with the run, so that each of its events reads them again.

export const runWhyQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'why'],
    queryFn: ({signal}) => ask(api.GET('/api/v1/runs/{run}/why', {signal, params: {path: {run}}})),
  });

const MOST_EVENTS = 100; // of one run; a run with more attempts shows the first of them

export const runEventsQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'events'],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/events', {signal, params: {query: {subject: run, limit: MOST_EVENTS}}})),
  });

/** The definition that the run follows; it never changes. */
export const definitionQuery = (job: string, version: number) =>
  queryOptions({
    queryKey: ['definition', job, version],
    queryFn: async ({signal}) => {
      const found = await ask(
        api.GET('/api/v1/jobs/{job}/versions/{version}', {signal, params: {path: {job, version: String(version)}}}),
      );
      return (found.spec ?? {}) as JobSpec;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false, // the job may be deleted; the page does without
  });
