// Events: facts that never change, in their order.
import {useInfiniteQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {eventsQuery, rowsOf, type CloudEvent} from '@/api/queries';
import {SearchBox} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';

const COLUMNS: Column<CloudEvent>[] = [
  {name: 'Position', width: '90px', align: 'right', wideOnly: true, cell: (event) => event.id},
  {name: 'Type', width: 'minmax(130px,1fr)', cell: (event) => <span className="font-medium">{event.type}</span>},
  {name: 'Subject', width: 'minmax(0,2fr)', cell: (event) => <span className="font-mono text-xs">{event.subject}</span>},
  {name: 'When', width: 'minmax(90px,1fr)', cell: (event) => <Time at={event.time} />},
  {
    name: 'Data', width: 'minmax(0,3fr)', wideOnly: true,
    cell: (event) => <span className="font-mono text-xs text-dim">{JSON.stringify(event.data ?? {})}</span>,
  },
];

export default function EventsPage() {
  const search = useSearch({from: '/events'});
  const navigate = useNavigate({from: '/events'});
  const query = useInfiniteQuery(eventsQuery(search));
  return (
    <Page title="Events" fill about="What happened, oldest first.">
      <SearchBox
        label="Type, such as run.failed" value={search.type ?? ''}
        onChange={(event) =>
          void navigate({search: (now) => ({...now, type: event.target.value}), replace: true})
        }
      />
      <DataTable
        label="Events" columns={COLUMNS} rows={rowsOf(query.data)} rowKey={(event) => event.id ?? ''}
        {...listProps(query)}
        empty={<Empty title="No event is like this">A type is a word such as run, or run.failed.</Empty>}
      />
    </Page>
  );
}
