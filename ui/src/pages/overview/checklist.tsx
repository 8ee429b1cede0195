// The first steps on a new node; each ticks itself, and the list goes when all are done.
import {queryOptions, useQuery} from '@tanstack/react-query';
import {api, ask} from '@/api/client';
import {Button} from '@/components/button';
import {Icon} from '@/components/icons';
import {Panel} from '@/components/page';
import {kept, useShared} from '@/components/store';
import type {Overview} from './use-overview';

const hidden = kept('mainspring.checklist', ['shown', 'hidden'] as const, 'shown');

export interface Step {
  title: string;
  how: string;
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
      title: 'A worker is online', how: 'mainspring dev starts one in the same process',
      isDone: progress.hasWorker,
    },
    {title: 'A job is defined', how: 'jobctl apply -f hello.yaml', isDone: progress.hasJob},
    {
      title: 'A job has a schedule', how: 'add to it: schedule: {every: 1m}', isDone: progress.hasSchedule,
    },
    {title: 'A job has run', how: 'jobctl run hello --follow', isDone: progress.hasRun},
    {title: 'A run has succeeded', how: 'its log says what it printed', isDone: progress.hasSuccess},
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
  const all = steps({
    hasWorker: overview.workers.online > 0,
    hasJob: (jobs.data.items ?? []).length > 0,
    hasSchedule: overview.next.length > 0,
    hasRun: (runs.data.items ?? []).length > 0,
    hasSuccess: (successes.data.items ?? []).length > 0,
  });
  if (all.every((step) => step.isDone)) return null;
  return (
    <Panel
      title="First steps" flush
      actions={
        <Button look="quiet" onClick={() => hidden.set('hidden')}>
          Hide
        </Button>
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
              {!step.isDone && <p className="font-mono text-xs break-words text-dim">{step.how}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
