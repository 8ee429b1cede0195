// Calendars: named times that schedules keep out of, or keep to.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate} from '@tanstack/react-router';
import {useState} from 'react';
import type {Schemas} from '@/api/client';
import {calendarsQuery} from '@/api/queries';
import {useMay} from '@/api/session';
import {Button} from '@/components/button';
import {Empty, Page} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {useLive} from '@/live/live';
import {ImportDialog} from '@/pages/calendar/import';
import {RulesDialog} from '@/pages/calendar/rules';

type Calendar = Schemas['CalendarSummary'];

const COLUMNS: Column<Calendar>[] = [
  {
    name: 'Calendar', width: 'minmax(0,2fr)',
    cell: (each) => (
      <Link to="/calendars/$calendar" params={{calendar: each.name ?? ''}} className="link font-medium">
        {each.name}
      </Link>
    ),
  },
  {name: 'Fires within it', width: '124px', cell: (each) => (each.mode === 'only' ? 'alone are kept' : 'are left out')},
  {name: 'Zone', width: 'minmax(0,1fr)', wideOnly: true, cell: (each) => each.timezone || 'of each schedule'},
  {name: 'Days', width: '80px', align: 'right', cell: (each) => each.spans?.toLocaleString('en')},
  {name: 'Weekly', width: '80px', align: 'right', wideOnly: true, cell: (each) => each.weekly},
  {name: 'For', width: 'minmax(0,3fr)', wideOnly: true, cell: (each) => each.description},
];

export default function CalendarsPage() {
  useLive('events');
  const query = useQuery(calendarsQuery);
  const navigate = useNavigate();
  const mayChange = useMay('admin');
  const [asking, setAsking] = useState<'new' | 'import'>();
  const close = () => setAsking(undefined);
  const show = (calendar: string) => void navigate({to: '/calendars/$calendar', params: {calendar}});
  return (
    <Page
      title="Calendars" fill about="Named times that schedules keep out of, or keep to."
      actions={
        mayChange && (
          <>
            <Button icon="download" onClick={() => setAsking('import')}>Import a file</Button>
            <Button icon="plus" onClick={() => setAsking('new')}>New calendar</Button>
          </>
        )
      }
    >
      <DataTable
        label="Calendars" columns={COLUMNS} rows={query.data?.items ?? []} rowKey={(each) => each.name ?? ''}
        onOpen={(each) => show(each.name ?? '')}
        isLoading={query.isPending} error={query.error} onRetry={() => void query.refetch()}
        empty={
          <Empty title="There are no calendars">
            A calendar is a named set of local times, such as public holidays. Import a file here, or with
            <code className="font-mono"> jobctl calendar import holidays holidays.ics</code>; a schedule then
            says <code className="font-mono">calendar: holidays</code>.
          </Empty>
        }
      />
      {asking === 'new' && <RulesDialog onClose={close} onSaved={show} />}
      {asking === 'import' && <ImportDialog onClose={close} onSaved={show} />}
    </Page>
  );
}
