// Workers: who executes runs, how much room each has, and when it was heard of last.
import {useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {workersQuery, type Worker} from '@/api/queries';
import {ButtonLink} from '@/components/button';
import {Dialog} from '@/components/dialog';
import {Empty, Facts, Page} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time, useNow} from '@/components/time';
import {relativeWords} from '@/components/time-words';
import {useLive} from '@/live/live';

const TONES: Record<Worker['state'], Tone> = {online: 'good', draining: 'warn', offline: 'bad'};
const ICONS = {online: 'check', draining: 'hourglass', offline: 'cross'} as const;
const MEANS: Record<Worker['state'], string> = {
  online: 'It takes runs.',
  draining: 'It finishes what it has and takes no more; its node was asked to stop.',
  offline: 'It is gone. What it ran was given to others, or fails under the retry policy of its job.',
};
const LATE_MS = 10_000; // as long as a lease lives: then its runs may be given away

function StateOf({worker}: {worker: Worker}) {
  return (
    <span title={MEANS[worker.state]}>
      <Badge tone={TONES[worker.state]} icon={ICONS[worker.state]}>
        {worker.state}
      </Badge>
    </span>
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

const COLUMNS: Column<Worker>[] = [
  {name: 'Worker', width: 'minmax(0,2fr)', cell: (worker) => <span className="font-medium">{worker.name}</span>},
  {name: 'State', width: '104px', cell: (worker) => <StateOf worker={worker} />},
  {name: 'Slots in use', width: 'minmax(84px,160px)', cell: (worker) => <Slots worker={worker} />},
  {name: 'Heard of', width: 'minmax(80px,1fr)', cell: (worker) => <Heard worker={worker} />},
  {name: 'Labels', width: 'minmax(0,2fr)', wideOnly: true, cell: (worker) => <span className="font-mono text-xs">{labelWords(worker)}</span>},
  {name: 'Started', width: 'minmax(90px,1fr)', wideOnly: true, cell: (worker) => <Time at={worker.started_at} />},
  {name: 'Version', width: '110px', wideOnly: true, cell: (worker) => worker.version},
];

export default function WorkersPage() {
  useLive('workers', 'runs');
  const search = useSearch({from: '/workers'});
  const navigate = useNavigate({from: '/workers'});
  const query = useQuery({...workersQuery, refetchInterval: 10_000}); // heartbeats are no events
  const rows = query.data?.items ?? [];
  const online = rows.filter((worker) => worker.state === 'online');
  const sum = (of: (worker: Worker) => number) => online.reduce((total, worker) => total + of(worker), 0);
  const chosen = rows.find((worker) => worker.id === search.worker);
  const show = (worker?: string) => void navigate({search: {worker}});
  return (
    <Page
      title="Workers" fill
      about={
        rows.length > 0
          ? `${online.length} online; ${sum((each) => each.busy)} of ${sum((each) => each.slots)} slots in use.`
          : 'Who executes runs, and how much room they have.'
      }
    >
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
      {chosen && <WorkerDialog worker={chosen} onClose={() => show()} />}
    </Page>
  );
}

function WorkerDialog({worker, onClose}: {worker: Worker; onClose: () => void}) {
  return (
    <Dialog title={`Worker ${worker.name}`} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Facts
          rows={[
            ['State', <><StateOf worker={worker} /> <span className="text-dim">{MEANS[worker.state]}</span></>],
            ['Slots in use', <Slots key="slots" worker={worker} />],
            ['Heard of', <Heard key="heard" worker={worker} />],
            ['Started', <Time key="started" at={worker.started_at} show="full" />],
            ['Labels', labelWords(worker) || 'none'],
            ['Version', worker.version || '–'],
            ['Id', <code key="id" className="font-mono text-xs break-all">{worker.id}</code>],
          ]}
        />
        <p className="text-sm text-dim">
          To let it finish and take no more, stop its node: it goes on with what it has, for as long as its
          setting <code className="font-mono">drain</code> says.
        </p>
        <div>
          <ButtonLink to="/runs" search={{state: 'running'}} icon="runs">
            Runs under way
          </ButtonLink>
        </div>
      </div>
    </Dialog>
  );
}
