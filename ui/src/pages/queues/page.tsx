// Queues: how much waits, since when, and how much runs.
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import {queuesQuery, type Queue} from '@/api/queries';
import {Empty, Page} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';

const COLUMNS: Column<Queue>[] = [
  {
    name: 'Queue', width: 'minmax(0,2fr)',
    cell: (queue) => (
      <Link to="/runs" search={{queue: queue.spec.name ?? ''}} className="link font-medium">
        {queue.spec.name}
      </Link>
    ),
  },
  {name: 'Waiting', width: '90px', align: 'right', cell: (queue) => queue.waiting},
  {name: 'Running', width: '90px', align: 'right', cell: (queue) => queue.running},
  {name: 'Oldest', width: 'minmax(90px,1fr)', wideOnly: true, cell: (queue) => <Time at={queue.oldest_due_at} />},
  {
    name: 'State', width: '110px',
    cell: (queue) => (queue.pause ? <Badge tone="hold" icon="pause">paused</Badge> : <Badge tone="good" icon="check">open</Badge>),
  },
];

export default function QueuesPage() {
  useLive('events');
  const query = useQuery(queuesQuery);
  return (
    <Page title="Queues" fill about="Lanes of runs, with their limits.">
      <DataTable
        label="Queues" columns={COLUMNS} rows={query.data?.items ?? []} rowKey={(queue) => queue.spec.name ?? ''}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={<Empty title="There are no queues">The queue "default" appears with the first run.</Empty>}
      />
    </Page>
  );
}
