// Workers: who executes runs, what each has, when it was heard of last, and what it is told to do.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {workersQuery, type Worker} from '@/api/queries';
import {useMay} from '@/api/session';
import {oneOf} from '@/app/search';
import {Button, ButtonLink} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {Heard} from '@/components/heard';
import {Empty, Facts, Page} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {ViewSwitch} from '@/components/view-switch';
import {useLive} from '@/live/live';
import {joinTokensQuery} from './fleet';
import {JoinDialog, JoinTokens} from './join';
import {DrainDialog, Remove, TakeOrders} from './orders';
import {DrainProgress, StateOf, stateMeans} from './state';
import {freeWords, resourceWords} from './words';

/** Slots in use, as a bar and in words. */
function Slots({worker}: {worker: Worker}) {
  return (
    <span className="flex items-center gap-2">
      <progress
        max={Math.max(1, worker.slots)} value={worker.busy} aria-label={`Slots of ${worker.name} in use`}
        className="h-2 w-16 shrink overflow-hidden rounded-full bg-sunken accent-busy [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-busy max-sm:hidden"
      />
      <span className="tabular">
        {worker.busy} of {worker.slots}
      </span>
    </span>
  );
}

function labelWords(worker: Worker): string {
  return Object.entries(worker.labels ?? {}).map(([name, value]) => (value ? `${name}=${value}` : name)).join(', ');
}

const COLUMNS: Column<Worker>[] = [
  {
    name: 'Worker', width: 'minmax(80px,2fr)',
    cell: (worker) => (
      <span className="flex items-center gap-2">
        <Link to="/workers" search={{worker: worker.id}} className="link truncate font-medium" title={worker.name}>{worker.name}</Link>
        {worker.remote && <span className="max-md:hidden"><Badge icon="link">remote</Badge></span>}
      </span>
    ),
  },
  {name: 'State', width: '108px', cell: (worker) => <StateOf worker={worker} />},
  {name: 'Slots in use', width: 'minmax(84px,160px)', cell: (worker) => <Slots worker={worker} />},
  {name: 'Heard of', width: 'minmax(76px,1fr)', cell: (worker) => <Heard at={worker.heartbeat_at} isGone={worker.state === 'offline'} />},
  {name: 'Machine', width: 'minmax(0,3fr)', wideOnly: true, cell: (worker) => <span title={resourceWords(worker.resources)}>{resourceWords(worker.resources)}</span>},
  {name: 'Free', width: 'minmax(0,2fr)', wideOnly: true, cell: (worker) => <span className="tabular" title={freeWords(worker.resources, worker.used)}>{freeWords(worker.resources, worker.used)}</span>},
  {name: 'Labels', width: 'minmax(0,2fr)', wideOnly: true, cell: (worker) => <span className="font-mono text-xs">{labelWords(worker)}</span>},
  {name: 'Started', width: '104px', wideOnly: true, cell: (worker) => <Time at={worker.started_at} />},
  {name: 'Version', width: '84px', wideOnly: true, cell: (worker) => worker.version},
];

const VIEWS = [['workers', 'Workers'], ['tokens', 'Join tokens']] as const;

export default function WorkersPage() {
  useLive('workers', 'runs');
  const search = useSearch({from: '/workers'});
  const navigate = useNavigate({from: '/workers'});
  const query = useQuery({...workersQuery, refetchInterval: 10_000}); // heartbeats are no events
  const mayAdminister = useMay('admin');
  const tokens = useQuery({...joinTokensQuery, enabled: mayAdminister});
  const [isJoining, setJoining] = useState(false);
  const rows: Worker[] = query.data?.items ?? [];
  const online = rows.filter((worker) => worker.state === 'online');
  const sum = (of: (worker: Worker) => number) => online.reduce((total, worker) => total + of(worker), 0);
  const chosen = rows.find((worker) => worker.id === search.worker);
  const show = (worker?: string) => void navigate({search: {worker}});
  const mayJoin = mayAdminister && tokens.data !== undefined;
  const view = (mayJoin && oneOf(['workers', 'tokens'], search.view)) || 'workers';
  return (
    <Page
      title="Workers" fill
      about={
        rows.length > 0
          ? `${online.length} online; ${sum((each) => each.busy)} of ${sum((each) => each.slots)} slots in use.`
          : 'Who executes runs, and how much room they have.'
      }
      actions={mayJoin && <Button icon="plus" look="primary" onClick={() => setJoining(true)}>Add a worker</Button>}
    >
      {mayJoin && (
        <ViewSwitch
          label="Views of the workers" views={VIEWS} current={view}
          onChange={(next) => void navigate({search: next === 'tokens' ? {view: next} : {}})}
        />
      )}
      {view === 'tokens' ? (
        <JoinTokens tokens={tokens.data?.items ?? []} />
      ) : (
        <DataTable
          label="Workers" columns={COLUMNS} rows={rows} rowKey={(worker) => worker.id}
          onOpen={(worker) => show(worker.id)}
          isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
          empty={
            <Empty title="No worker is known">
              Runs wait until one comes: start a node, <code className="font-mono">mainspring serve</code>.
            </Empty>
          }
        />
      )}
      {chosen && <WorkerDialog worker={chosen} onClose={() => show()} />}
      {isJoining && <JoinDialog onClose={() => setJoining(false)} />}
    </Page>
  );
}

function WorkerDialog({worker, onClose}: {worker: Worker; onClose: () => void}) {
  const [isDraining, setDraining] = useState(false);
  if (isDraining) return <DrainDialog worker={worker} onClose={() => setDraining(false)} />;
  return (
    <Dialog
      title={`Worker ${worker.name}`} onClose={onClose}
      footer={
        <>
          <ButtonLink to="/runs" search={{state: 'running'}} icon="runs">
            Runs under way
          </ButtonLink>
          <Remove worker={worker} onGone={onClose} />
          <TakeOrders worker={worker} onDrain={() => setDraining(true)} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <DrainProgress worker={worker} />
        <Facts
          rows={[
            ['State', <><StateOf worker={worker} /> <span className="text-dim">{stateMeans(worker)}</span></>],
            ['Slots in use', <Slots key="slots" worker={worker} />],
            ['Machine', resourceWords(worker.resources) || '–'],
            ['Free of that', freeWords(worker.resources, worker.used) || '–'],
            ['Heard of', <Heard key="heard" at={worker.heartbeat_at} isGone={worker.state === 'offline'} />],
            ['Started', <Time key="started" at={worker.started_at} show="full" />],
            ['Labels', labelWords(worker) || 'none'],
            ['Comes from', worker.remote ? 'another machine; it joined with a token' : 'a node'],
            ['Version', worker.version || '–'],
            ['Id', <code key="id" className="font-mono text-xs break-all">{worker.id}</code>],
          ]}
        />
      </div>
    </Dialog>
  );
}
