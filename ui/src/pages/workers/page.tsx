// Workers: who executes runs, what each has, when it was heard of last, and what it is told to do.
import {useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {workersQuery, type Worker} from '@/api/queries';
import {useMay} from '@/api/session';
import {oneOf} from '@/app/search';
import {Button, ButtonLink} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {Empty, Facts, Page} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Countdown, Time, useNow} from '@/components/time';
import {relativeWords} from '@/components/time-words';
import {ViewSwitch} from '@/components/view-switch';
import {useLive} from '@/live/live';
import {joinTokensQuery, type FleetWorker} from './fleet';
import {JoinDialog, JoinTokens} from './join';
import {DrainDialog, Orders} from './orders';
import {freeWords, resourceWords} from './words';

const TONES: Record<Worker['state'], Tone> = {online: 'good', draining: 'warn', offline: 'bad'};
const ICONS = {online: 'check', draining: 'hourglass', offline: 'cross'} as const;
const MEANS: Record<Worker['state'], string> = {
  online: 'It takes runs.',
  draining: 'It finishes what it has and takes no more.',
  offline: 'It is gone. What it ran was given to others, or fails under the retry policy of its job.',
};
const LATE_MS = 10_000; // as long as a lease lives: then its runs may be given away

const MEANS_CORDONED = 'It goes on with what it has; nothing new is given to it.';

function StateOf({worker}: {worker: FleetWorker}) {
  const isHeld = worker.cordoned === true && worker.state === 'online';
  return (
    <span title={isHeld ? MEANS_CORDONED : MEANS[worker.state]}>
      {isHeld ? (
        <Badge tone="hold" icon="pause">
          cordoned
        </Badge>
      ) : (
        <Badge tone={TONES[worker.state]} icon={ICONS[worker.state]}>
          {worker.state}
        </Badge>
      )}
    </span>
  );
}

/** How far a drain has come, and how long it may take. */
function Drain({worker}: {worker: FleetWorker}) {
  if (!worker.drain_until) return null;
  return (
    <p role="status" className="rounded-md border border-warn/40 bg-warn-soft p-3 text-sm">
      {worker.busy === 0 ? (
        'Drained: it runs nothing any more.'
      ) : (
        <>
          Draining: {worker.busy} of {worker.slots} slots still in use. What is left is ended in{' '}
          <Countdown at={worker.drain_until} done="a moment" />.
        </>
      )}
    </p>
  );
}

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

function Heard({worker}: {worker: Worker}) {
  const now = useNow();
  const age = Math.max(0, now - Date.parse(worker.heartbeat_at));
  const isLate = worker.state !== 'offline' && age > LATE_MS;
  return (
    <span title={worker.heartbeat_at} className={`tabular ${isLate ? 'text-warn' : ''}`}>
      {relativeWords(now - age, now)}
      {isLate ? ' (late)' : ''}
    </span>
  );
}

function labelWords(worker: Worker): string {
  return Object.entries(worker.labels ?? {}).map(([name, value]) => (value ? `${name}=${value}` : name)).join(', ');
}

const COLUMNS: Column<FleetWorker>[] = [
  {
    name: 'Worker', width: 'minmax(80px,2fr)',
    cell: (worker) => (
      <span className="flex items-center gap-2">
        <span className="truncate font-medium" title={worker.name}>{worker.name}</span>
        {worker.remote && <span className="max-md:hidden"><Badge icon="link">remote</Badge></span>}
      </span>
    ),
  },
  {name: 'State', width: '108px', cell: (worker) => <StateOf worker={worker} />},
  {name: 'Slots in use', width: 'minmax(84px,160px)', cell: (worker) => <Slots worker={worker} />},
  {name: 'Heard of', width: 'minmax(76px,1fr)', cell: (worker) => <Heard worker={worker} />},
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
  const rows: FleetWorker[] = query.data?.items ?? [];
  const online = rows.filter((worker) => worker.state === 'online');
  const sum = (of: (worker: Worker) => number) => online.reduce((total, worker) => total + of(worker), 0);
  const chosen = rows.find((worker) => worker.id === search.worker);
  const show = (worker?: string) => void navigate({search: {worker}});
  const mayJoin = mayAdminister && Array.isArray(tokens.data);
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
        <JoinTokens tokens={tokens.data ?? []} />
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

function WorkerDialog({worker, onClose}: {worker: FleetWorker; onClose: () => void}) {
  const [isDraining, setDraining] = useState(false);
  const isHeld = worker.cordoned === true && worker.state === 'online';
  if (isDraining) return <DrainDialog worker={worker} onClose={() => setDraining(false)} />;
  return (
    <Dialog
      title={`Worker ${worker.name}`} onClose={onClose}
      footer={
        <>
          <ButtonLink to="/runs" search={{state: 'running'}} icon="runs">
            Runs under way
          </ButtonLink>
          <Orders worker={worker} onDrain={() => setDraining(true)} onGone={onClose} />
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Drain worker={worker} />
        <Facts
          rows={[
            ['State', <><StateOf worker={worker} /> <span className="text-dim">{isHeld ? MEANS_CORDONED : MEANS[worker.state]}</span></>],
            ['Slots in use', <Slots key="slots" worker={worker} />],
            ['Machine', resourceWords(worker.resources) || '–'],
            ['Free of that', freeWords(worker.resources, worker.used) || '–'],
            ['Heard of', <Heard key="heard" worker={worker} />],
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
