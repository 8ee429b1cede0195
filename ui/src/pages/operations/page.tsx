// Work on many runs, and backfills: what was asked for, how far it is.
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate} from '@tanstack/react-router';
import {type Operation, operationsQuery, rowsOf} from '@/api/queries';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {type Column, DataTable} from '@/components/table';
import {Elapsed, Time} from '@/components/time';
import {useLive} from '@/live/live';
import {KIND_WORDS, OperationBadge} from '../operation/strip';

const COLUMNS: Column<Operation>[] = [
  {name: 'State', width: '122px', cell: (each) => <OperationBadge state={each.state} />},
  {
    name: 'What', width: 'minmax(0,1.2fr)',
    cell: (each) => (
      <Link to="/operations/$operation" params={{operation: each.id}} className="link font-medium">
        {KIND_WORDS[each.spec.kind ?? ''] ?? each.spec.kind}
      </Link>
    ),
  },
  {
    name: 'Done', width: '110px', align: 'right',
    cell: (each) => `${(each.done + each.skipped).toLocaleString('en-US')} of ${each.total.toLocaleString('en-US')}`,
  },
  {name: 'By', width: 'minmax(0,1fr)', wideOnly: true, cell: (each) => each.by || '–'},
  {name: 'Asked', width: '120px', wideOnly: true, cell: (each) => <Time at={each.created_at} />},
  {name: 'Took', width: '96px', align: 'right', wideOnly: true, cell: (each) => <Elapsed from={each.created_at} until={each.finished_at} />},
  {name: 'Detail', width: 'minmax(0,2fr)', wideOnly: true, cell: (each) => <span className="text-dim">{each.detail || each.spec.reason}</span>},
];

export default function OperationsPage() {
  useLive('events');
  const navigate = useNavigate();
  const query = useInfiniteQuery(operationsQuery);
  return (
    <Page title="Operations" fill about="Work on many runs at once, and backfills.">
      <DataTable
        label="Operations" columns={COLUMNS} rows={rowsOf(query.data)} rowKey={(each) => each.id}
        onOpen={(each) => void navigate({to: '/operations/$operation', params: {operation: each.id}})}
        {...listProps(query)}
        empty={
          <Empty title="Nothing was done to many runs yet">
            Start one where runs are listed, under “All that match”, or with
            <code className="font-mono"> jobctl runs cancel -q state:queued</code>
          </Empty>
        }
      />
    </Page>
  );
}
