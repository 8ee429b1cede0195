// A queue by itself: how it stands, its limits, which keys its runs count under.
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {api, ask} from '@/api/client';
import type {Queue, RunSummary} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button, ButtonLink} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {Facts} from '@/components/page';
import {Badge, StateBadge} from '@/components/state';
import {Time} from '@/components/time';
import {nameOf} from './actions';
import {rateWords} from './limits';

const SHOWN_RUNS = 8;

const underWayQuery = (queue: string) => ({
  queryKey: ['queues', queue, 'runs'], // not under 'runs': those are lists in pages
  queryFn: ({signal}: {signal: AbortSignal}) =>
    ask(api.GET('/api/v1/runs', {
      signal, params: {query: {q: `queue:${queue} state:running,waiting,queued`, limit: SHOWN_RUNS}},
    })),
});

interface QueueDialogProps {
  queue: Queue;
  onClose: () => void;
  onLimits: () => void;
  onPause: () => void;
  onResume: () => void;
  onDelete: () => void;
}

/** `withNote`: what who paused it has said, where there is room. */
export function PauseState({queue, withNote = true}: {queue: Queue; withNote?: boolean}) {
  const {pause} = queue;
  if (!pause) return <Badge tone="good" icon="check">open</Badge>;
  return (
    <span title={`Paused by ${pause.by}${pause.note ? `: ${pause.note}` : ''}`}>
      <Badge tone="hold" icon="pause">
        paused
      </Badge>
      {withNote && pause.note && <span className="ml-2 text-dim max-sm:hidden">{pause.note}</span>}
    </span>
  );
}

export function QueueDialog({queue, onClose, ...actions}: QueueDialogProps) {
  const name = nameOf(queue);
  const mayPause = useMay('operator');
  const mayChange = useMay('admin');
  const runs = useQuery(underWayQuery(name));
  const {pause, spec} = queue;
  return (
    <Dialog
      title={`Queue ${name}`} onClose={onClose} wide
      footer={
        <>
          {mayChange && <Button look="danger" icon="trash" onClick={actions.onDelete}>Delete</Button>}
          {mayChange && <Button icon="pencil" onClick={actions.onLimits}>Set limits</Button>}
          {mayPause && pause && <Button look="primary" icon="play" onClick={actions.onResume}>Resume</Button>}
          {mayPause && !pause && <Button icon="pause" onClick={actions.onPause}>Pause</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Facts
          rows={[
            ['State', <PauseState key="state" queue={queue} withNote={false} />],
            ...(pause
              ? ([['Paused', <>by {pause.by}{pause.note && `, “${pause.note}”`}, <Time at={pause.at} show="relative" />{pause.until && <>; resumes <Time at={pause.until} /></>}</>]] as [string, React.ReactNode][])
              : []),
            ['Waiting', <>{queue.waiting}{queue.oldest_due_at && <>, the oldest since <Time at={queue.oldest_due_at} /></>}</>],
            ['Running', `${queue.running}${spec.limit ? ` of ${spec.limit}` : ', without a limit'}`],
            ['Rate', rateWords(spec.rate) || 'without a limit'],
            ['May wait', spec.depth ? `${spec.depth}; more are refused` : 'any number'],
            ...(spec.weight ? ([['Share of the starts', String(spec.weight)]] as [string, React.ReactNode][]) : []),
            ...(spec.description ? ([['For', spec.description]] as [string, React.ReactNode][]) : []),
          ]}
        />
        <section>
          <div className="mb-1 flex items-center justify-between gap-2">
            <h3 className="text-sm font-semibold">Runs that wait or run</h3>
            <ButtonLink to="/runs" search={{queue: name}} look="quiet" icon="runs">
              All its runs
            </ButtonLink>
          </div>
          <UnderWay runs={runs.data?.items ?? []} isPending={runs.isPending} />
          <p className="mt-2 text-xs text-dim">
            A job may limit itself below its queue, for each value of a key: the reason of a run that waits
            says so.
          </p>
        </section>
      </div>
    </Dialog>
  );
}

function UnderWay({runs, isPending}: {runs: RunSummary[]; isPending: boolean}) {
  if (runs.length === 0) return <p className="text-sm text-dim">{isPending ? 'Loading…' : 'None just now.'}</p>;
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {runs.map((run) => (
        <li key={run.id} className="flex min-w-0 items-center gap-2">
          <StateBadge state={run.state} />
          <Link to="/runs/$run" params={{run: run.id}} className="link min-w-0 truncate font-medium">
            {run.job}
          </Link>
          <span className="min-w-0 grow truncate text-dim" title={run.reason}>
            {run.reason}
          </span>
          <Time at={run.due_at} />
        </li>
      ))}
    </ul>
  );
}
