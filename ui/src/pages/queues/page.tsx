// Queues: how much waits, since when, how much runs, and what holds it back.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {queuesQuery, type Queue} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button, IconButton} from '@/components/button';
import {Empty, Page} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {Elapsed} from '@/components/time';
import {useLive} from '@/live/live';
import {nameOf, PauseDialog, useDelete, useResume} from './actions';
import {rateWords} from './limits';
import {LimitsDialog} from './limits-dialog';
import {PauseState, QueueDialog} from './queue-dialog';

const None = () => <span className="text-dim">–</span>;

const COLUMNS: Column<Queue>[] = [
  {name: 'Queue', width: 'minmax(0,3fr)', cell: (queue) => <Link to="/queues" search={{queue: nameOf(queue)}} className="link font-medium">{nameOf(queue)}</Link>},
  {name: 'Waiting', width: '74px', align: 'right', cell: (queue) => queue.waiting.toLocaleString('en')},
  {
    name: 'Running', width: '84px', align: 'right',
    cell: (queue) => `${queue.running}${queue.spec.limit ? ` of ${queue.spec.limit}` : ''}`,
  },
  {name: 'Oldest waits', width: '120px', align: 'right', wideOnly: true, cell: (queue) => <Elapsed from={queue.oldest_due_at} />},
  {name: 'Rate', width: 'minmax(0,1fr)', wideOnly: true, cell: (queue) => rateWords(queue.spec.rate) || <None />},
  {
    name: 'May wait', width: '90px', align: 'right', wideOnly: true,
    cell: (queue) => queue.spec.depth?.toLocaleString('en') ?? <None />,
  },
  {name: 'State', width: 'minmax(98px,2fr)', cell: (queue) => <PauseState queue={queue} />},
];

type Asking = 'pause' | 'limits' | 'new' | undefined;

export default function QueuesPage() {
  useLive('events', 'runs');
  const search = useSearch({from: '/queues'});
  const navigate = useNavigate({from: '/queues'});
  const query = useQuery(queuesQuery);
  const [asking, setAsking] = useState<Asking>();
  const resume = useResume();
  const mayPause = useMay('operator');
  const mayChange = useMay('admin');
  const show = (queue?: string) => void navigate({search: {queue}});
  const remove = useDelete(() => show());
  const rows = query.data?.items ?? [];
  const chosen = rows.find((each) => nameOf(each) === search.queue);
  const close = () => setAsking(undefined);
  const actionColumn: Column<Queue> = {
    name: 'Actions', width: '76px', wideOnly: true, // the queue itself offers it too
    cell: (queue) =>
      queue.pause ? (
        <IconButton
          label={`Resume ${nameOf(queue)}`} icon="play" onClick={() => resume.mutate(nameOf(queue))}
        />
      ) : (
        <IconButton
          label={`Pause ${nameOf(queue)}`} icon="pause"
          onClick={() => {
            show(nameOf(queue));
            setAsking('pause');
          }}
        />
      ),
  };
  return (
    <Page
      title="Queues" fill about="Lanes of runs, with their limits."
      actions={mayChange && <Button icon="plus" onClick={() => setAsking('new')}>New queue</Button>}
    >
      <DataTable
        label="Queues" columns={mayPause ? [...COLUMNS, actionColumn] : COLUMNS} rows={rows} rowKey={nameOf}
        onOpen={(queue) => show(nameOf(queue))}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty title="There are no queues yet">
            Every job waits in the queue "default" unless its manifest names another:
            <code className="font-mono"> queue: imports</code>. A queue appears with its first run, or when it
            gets limits: <code className="font-mono">jobctl queue put imports --limit 2</code>
          </Empty>
        }
      />
      {asking === 'new' && <LimitsDialog onClose={close} />}
      {chosen && asking === 'limits' && <LimitsDialog queue={chosen} onClose={close} />}
      {chosen && asking === 'pause' && <PauseDialog queue={chosen} onClose={close} />}
      {chosen && asking === undefined && (
        <QueueDialog
          queue={chosen} onClose={() => show()} onLimits={() => setAsking('limits')}
          onPause={() => setAsking('pause')} onResume={() => resume.mutate(nameOf(chosen))}
          onDelete={() => void remove(chosen)}
        />
      )}
    </Page>
  );
}
