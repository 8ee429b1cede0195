// Connections: how jobs reach databases, web services, container engines and registries.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {Empty, Page} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {useLive} from '@/live/live';
import {ConnectionDialog} from './connection-dialog';
import {ConnectionForm} from './form';
import {connectionsQuery, type ConnectionSummary} from './queries';

const nameOf = (each: ConnectionSummary) => each.name ?? '';

const COLUMNS: Column<ConnectionSummary>[] = [
  {
    name: 'Connection', width: 'minmax(0,2fr)',
    cell: (each) => (
      <Link to="/connections" search={{connection: nameOf(each)}} className="link font-medium">
        {each.name}
      </Link>
    ),
  },
  {name: 'Type', width: '90px', cell: (each) => each.type},
  {name: 'Leads to', width: 'minmax(0,3fr)', cell: (each) => <span title={each.target}>{each.target}</span>},
  {name: 'For', width: 'minmax(0,3fr)', wideOnly: true, cell: (each) => each.description},
];

export default function ConnectionsPage() {
  useLive('events');
  const search = useSearch({from: '/connections'});
  const navigate = useNavigate({from: '/connections'});
  const query = useQuery(connectionsQuery);
  const mayChange = useMay('admin');
  const [isMaking, setMaking] = useState(false);
  const show = (connection?: string) => void navigate({search: {connection}});
  return (
    <Page
      title="Connections" fill about="How jobs reach databases, web services, engines and registries."
      actions={mayChange && <Button icon="plus" onClick={() => setMaking(true)}>New connection</Button>}
    >
      <DataTable
        label="Connections" columns={COLUMNS} rows={query.data?.items ?? []} rowKey={nameOf}
        onOpen={(each) => show(nameOf(each))}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty title="There are no connections">
            A connection says once how something outside is reached, and jobs name it:
            <code className="font-mono"> connection: warehouse</code>. Its password lies with the workers, under a
            name: <code className="font-mono">mainspring secret set warehouse</code>
          </Empty>
        }
      />
      {isMaking && (
        <ConnectionForm
          onClose={() => setMaking(false)}
          onSaved={(name) => {
            setMaking(false);
            show(name);
          }}
        />
      )}
      {search.connection && <ConnectionDialog key={search.connection} name={search.connection} onClose={() => show()} />}
    </Page>
  );
}
