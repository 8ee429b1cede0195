// Workers: their slots, and when each was heard of last.
import {useQuery} from '@tanstack/react-query';
import {workersQuery, type Worker} from '@/api/queries';
import {Empty, Page} from '@/components/page';
import {Badge, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';

const TONES: Record<Worker['state'], Tone> = {online: 'good', draining: 'warn', offline: 'bad'};
const ICONS = {online: 'check', draining: 'hourglass', offline: 'cross'} as const;

const COLUMNS: Column<Worker>[] = [
  {name: 'Worker', width: 'minmax(0,2fr)', cell: (worker) => <span className="font-medium">{worker.name}</span>},
  {
    name: 'State', width: '110px',
    cell: (worker) => (
      <Badge tone={TONES[worker.state]} icon={ICONS[worker.state]}>
        {worker.state}
      </Badge>
    ),
  },
  {name: 'Busy', width: '90px', align: 'right', cell: (worker) => `${worker.busy} of ${worker.slots}`},
  {name: 'Heard', width: 'minmax(90px,1fr)', cell: (worker) => <Time at={worker.heartbeat_at} />},
  {name: 'Started', width: 'minmax(90px,1fr)', wideOnly: true, cell: (worker) => <Time at={worker.started_at} />},
  {name: 'Version', width: '120px', wideOnly: true, cell: (worker) => worker.version},
];

export default function WorkersPage() {
  useLive('workers');
  const query = useQuery({...workersQuery, refetchInterval: 10_000}); // heartbeats are no events
  return (
    <Page title="Workers" fill about="Who executes runs, and how much room they have.">
      <DataTable
        label="Workers" columns={COLUMNS} rows={query.data?.items ?? []} rowKey={(worker) => worker.id}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty title="No worker is known">
            Runs wait until one comes: start a node with the role worker, or
            <code className="font-mono"> mainspring worker</code>.
          </Empty>
        }
      />
    </Page>
  );
}
