// The first steps on a new node; each ticks itself, and the list goes when all are done.
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

export function steps(overview: Overview): Step[] {
  return [
    {
      title: 'A worker is online', how: 'mainspring dev starts one in the same process',
      isDone: overview.workers.some((worker) => worker.state === 'online'),
    },
    {
      title: 'A job is defined', how: 'jobctl apply -f hello.yaml', isDone: overview.hasJobs,
    },
    {
      title: 'A job has a schedule', how: 'add to it: schedule: {every: 1m}', isDone: overview.hasSchedule,
    },
    {title: 'A job has run', how: 'jobctl run hello --follow', isDone: overview.hasRuns},
    {title: 'A run has succeeded', how: 'its log says what it printed', isDone: overview.hasSuccess},
  ];
}

export function Checklist({overview}: {overview: Overview}) {
  const choice = useShared(hidden);
  const all = steps(overview);
  if (choice === 'hidden' || all.every((step) => step.isDone)) return null;
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
