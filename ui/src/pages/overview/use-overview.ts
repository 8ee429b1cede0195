// Everything the overview shows, behind one hook: what the API has today, put together here.
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {
  jobsQuery, queuesQuery, readinessQuery, rowsOf, runsQuery, workersQuery,
  type Job, type Queue, type RunSummary, type Worker,
} from '@/api/queries';

const MOST_FAILING = 8;
const MOST_FIRES = 8;

export interface Failing {
  job: string;
  /** The latest run, which failed. */
  run: RunSummary;
}

export interface NextFire {
  job: string;
  at: string;
  timezone: string;
  words: string;
}

export interface Overview {
  failing: Failing[];
  fires: NextFire[];
  queues: Queue[];
  workers: Worker[];
  isReady: boolean | undefined;
  checks: string[];
  hasJobs: boolean;
  hasSchedule: boolean;
  hasRuns: boolean;
  hasSuccess: boolean;
}

/** The jobs whose latest ended run failed or timed out. `runs` are the latest first. */
export function failingJobs(runs: readonly RunSummary[]): Failing[] {
  const latest = new Map<string, RunSummary>();
  for (const run of runs) {
    const isOutcome = ['succeeded', 'failed', 'timed_out'].includes(run.state);
    if (isOutcome && !latest.has(run.job)) latest.set(run.job, run);
  }
  return [...latest.values()]
    .filter((run) => run.state !== 'succeeded')
    .slice(0, MOST_FAILING)
    .map((run) => ({job: run.job, run}));
}

/** The fires that come next, soonest first; a paused job has none. */
export function nextFires(jobs: readonly Job[], now: number): NextFire[] {
  return jobs
    .filter((job) => !job.paused)
    .flatMap((job) =>
      (job.schedules ?? []).flatMap((schedule) =>
        schedule.next_at && Date.parse(schedule.next_at) > now - 60_000
          ? [{job: job.name ?? '', at: schedule.next_at, timezone: schedule.timezone ?? 'UTC', words: schedule.words ?? ''}]
          : [],
      ),
    )
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(0, MOST_FIRES);
}

export function useOverview(now: number) {
  const jobs = useInfiniteQuery(jobsQuery());
  const runs = useInfiniteQuery(runsQuery());
  const queues = useQuery(queuesQuery);
  const workers = useQuery(workersQuery);
  const readiness = useQuery(readinessQuery);
  const jobRows = rowsOf(jobs.data);
  const runRows = rowsOf(runs.data);
  const data: Overview = {
    failing: failingJobs(runRows),
    fires: nextFires(jobRows, now),
    queues: queues.data?.items ?? [],
    workers: workers.data?.items ?? [],
    isReady: readiness.isPending ? undefined : !readiness.error,
    checks: readiness.data?.checks ?? [],
    hasJobs: jobRows.length > 0,
    hasSchedule: jobRows.some((job) => (job.schedules?.length ?? 0) > 0),
    hasRuns: runRows.length > 0,
    hasSuccess: runRows.some((run) => run.state === 'succeeded'),
  };
  const asked = [jobs, runs, queues, workers];
  return {
    data,
    isPending: asked.some((query) => query.isPending),
    error: asked.find((query) => query.error)?.error,
    retry: () => asked.forEach((query) => void query.refetch()),
  };
}
