// Calendars: the days on which schedules fire, or do not.
import {useQuery} from '@tanstack/react-query';
import {calendarsQuery} from '@/api/queries';
import type {Schemas} from '@/api/client';
import {Empty, Page} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {plainWord} from '@/components/state';
import {useLive} from '@/live/live';

type Calendar = Schemas['CalendarSummary'];

const COLUMNS: Column<Calendar>[] = [
  {name: 'Calendar', width: 'minmax(0,2fr)', cell: (each) => <span className="font-medium">{each.name}</span>},
  {name: 'Mode', width: '110px', cell: (each) => plainWord(each.mode ?? '')},
  {name: 'Zone', width: 'minmax(0,1fr)', cell: (each) => each.timezone},
  {name: 'Spans', width: '80px', align: 'right', wideOnly: true, cell: (each) => each.spans},
  {name: 'Description', width: 'minmax(0,3fr)', wideOnly: true, cell: (each) => each.description},
];

export default function CalendarsPage() {
  useLive('events');
  const query = useQuery(calendarsQuery);
  return (
    <Page title="Calendars" fill about="Named times that schedules keep out of, or keep to.">
      <DataTable
        label="Calendars" columns={COLUMNS} rows={query.data?.items ?? []} rowKey={(each) => each.name ?? ''}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty title="There are no calendars">
            A calendar is a named set of local times, such as public holidays. Import one:
            <code className="font-mono"> jobctl calendar import holidays holidays.ics</code>
          </Empty>
        }
      />
    </Page>
  );
}
