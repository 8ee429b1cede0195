// The first steps on a new node; each ticks itself, and the list goes when all are done.
import {queryOptions, useQuery} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import {Button, ButtonLink} from '@/components/button';
import {Icon} from '@/components/icons';
import {Panel} from '@/components/page';
import {kept, useShared} from '@/components/store';
import type {Overview} from './use-overview';

const hidden = kept('mainspring.checklist', ['shown', 'hidden'] as const, 'shown');

export interface Step {
  title: string;
  /** In words, and as a command or a line of a manifest. */
  how: string;
  code?: string;
  isDone: boolean;
}

export interface Progress {
  hasWorker: boolean;
  hasJob: boolean;
  hasSchedule: boolean;
  hasRun: boolean;
  hasSuccess: boolean;
}

export function steps(progress: Progress): Step[] {
  return [
    {
      title: 'A worker is online', how: 'Every node is one by itself:', code: 'mainspring serve',
      isDone: progress.hasWorker,
    },
    {title: 'A job is defined', how: 'Write one here, or:', code: 'jobctl apply -f FILE', isDone: progress.hasJob},
    {
      title: 'A job has a schedule', how: 'A line of its manifest:', code: 'schedule: {every: 1m}', isDone: progress.hasSchedule,
    },
    {title: 'A job has run', how: 'Its page has “Run now”, or:', code: 'jobctl run JOB -f', isDone: progress.hasRun},
    {title: 'A run has succeeded', how: 'The page of the run shows its log.', isDone: progress.hasSuccess},
  ];
}

const firstJob = queryOptions({
  queryKey: ['overview', 'first job'],
  queryFn: ({signal}) => ask(api.GET('/api/v1/jobs', {signal, params: {query: {limit: 1}}})),
});

const firstRun = (state?: 'succeeded') =>
  queryOptions({
    queryKey: ['overview', 'first run', state],
    queryFn: ({signal}) =>
      ask(api.GET('/api/v1/runs', {signal, params: {query: {limit: 1, ...(state ? {state} : {})}}})),
  });

export function Checklist({overview}: {overview: Overview}) {
  const choice = useShared(hidden);
  const isWanted = choice !== 'hidden';
  const jobs = useQuery({...firstJob, enabled: isWanted});
  const runs = useQuery({...firstRun(), enabled: isWanted});
  const successes = useQuery({...firstRun('succeeded'), enabled: isWanted});
  if (!isWanted || !jobs.data || !runs.data || !successes.data) return null;
  const progress = {
    hasWorker: overview.workers.online > 0,
    hasJob: (jobs.data.items ?? []).length > 0,
    hasSchedule: overview.next.length > 0,
    hasRun: (runs.data.items ?? []).length > 0,
    hasSuccess: (successes.data.items ?? []).length > 0,
  };
  const all = steps(progress);
  if (all.every((step) => step.isDone)) return null;
  return (
    <Panel
      title="First steps" flush
      actions={
        <span className="flex items-center gap-1">
          {!progress.hasJob && (
            <ButtonLink to="/editor" icon="plus">
              Write a job
            </ButtonLink>
          )}
          <Button look="quiet" onClick={() => hidden.set('hidden')}>
            Hide
          </Button>
        </span>
      }
    >
      <ol className="grid md:grid-cols-5">
        {all.map((step) => (
          <li key={step.title} className="flex gap-2 p-3 text-sm">
            <Icon
              name={step.isDone ? 'check' : 'circle'}
              className={`mt-0.5 ${step.isDone ? 'text-good' : 'text-dim'}`}
            />
            <div className="min-w-0">
              <p className={step.isDone ? 'text-dim' : 'font-medium'}>
                {step.title}
                {step.isDone && <span className="sr-only"> (done)</span>}
              </p>
              {!step.isDone && (
                <p className="text-xs text-dim">
                  {step.how} {step.code && <code className="block font-mono wrap-anywhere">{step.code}</code>}
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
