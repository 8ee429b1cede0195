// What fires next, of every job, by the hour.
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useMemo} from 'react';
import {Button, ButtonLink} from '@/components/button';
import {listProps} from '@/components/list-props';
import {Empty} from '@/components/page';
import {DataTable, type Column} from '@/components/table';
import {Countdown, useNow} from '@/components/time';
import {absoluteWords, zonedParts} from '@/components/time-words';
import {agendaQuery} from './queries';
import {agendaRows, type AgendaRow} from './rows';
import {wallOf, type Range} from './wall';

const HOUR = 3_600_000;
const SHOWN_HOURS = 24;
const MOST_PAGES = 6; // a schedule of every second must not fetch a day

const columnsIn = (zone: string): Column<AgendaRow>[] => [
  {
    name: 'Hour', width: '196px', wideOnly: true,
    cell: (row) => row.hour && <span className="font-medium">{row.hour}</span>,
  },
  {
    name: 'At', width: '112px',
    cell: (row) => {
      const wall = zonedParts(Date.parse(row.at), zone);
      return (
        <time dateTime={row.at} title={absoluteWords(Date.parse(row.at), zone)} className="tabular">
          <span className="md:hidden">{wall.weekday} </span>
          {wall.time}
        </time>
      );
    },
  },
  {
    name: 'Job', width: 'minmax(0,2fr)',
    cell: (row) => (
      <Link to="/jobs/$job" params={{job: row.job}} className="link font-medium">
        {row.job}
      </Link>
    ),
  },
  {
    name: 'Times', width: '64px', align: 'right',
    cell: (row) =>
      row.count > 1 && (
        <span title={`The last of them at ${absoluteWords(Date.parse(row.through), zone)}`}>×{row.count}</span>
      ),
  },
  {name: 'In', width: '84px', align: 'right', cell: (row) => <Countdown at={row.at} />},
  {
    name: 'Schedule', width: 'minmax(0,3fr)', wideOnly: true,
    cell: (row) => <span className="text-dim">{row.schedule}</span>,
  },
  {name: 'Its local time', width: '180px', wideOnly: true, cell: (row) => row.local.replace('T', ' ')},
];

/** From the hour in the address, or from now, for a day. */
function useRange(): Range {
  const {from} = useSearch({from: '/schedule'});
  const now = useNow(300_000); // a fire that has passed stays in sight for a while
  const given = from ? Date.parse(from) : Number.NaN;
  const begin = Number.isNaN(given) ? now : given;
  return {from: begin, until: begin + SHOWN_HOURS * HOUR};
}

export function Agenda({zone}: {zone: string}) {
  const search = useSearch({from: '/schedule'});
  const navigate = useNavigate({from: '/schedule'});
  const range = useRange();
  const query = useInfiniteQuery({...agendaQuery(range), placeholderData: (before) => before});
  const isCut = query.hasNextPage && (query.data?.pages.length ?? 0) >= MOST_PAGES;
  const last = query.data?.pages.at(-1)?.items?.at(-1)?.at;
  const fires = useMemo(() => query.data?.pages.flatMap((page) => page.items ?? []) ?? [], [query.data]);
  const rows = useMemo(() => agendaRows(fires, zone), [fires, zone]);
  const columns = useMemo(() => columnsIn(zone), [zone]);
  const to = (from: number | undefined) =>
    void navigate({search: (now) => ({...now, from: from === undefined ? undefined : new Date(from).toISOString()})});
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <Button icon="chevronRight" onClick={() => to(range.until)}>
          A day later
        </Button>
        {search.from && (
          <Button look="quiet" icon="clock" onClick={() => to(undefined)}>
            From now on
          </Button>
        )}
        <span className="text-dim">
          {SHOWN_HOURS} hours from {wallOf(range.from, zone).replace('T', ' ')} in {zone}
        </span>
        {isCut && last && (
          <span className="flex items-center gap-2">
            This is as far as the first {fires.length.toLocaleString('en')} fires go.
            <Button onClick={() => to(Date.parse(last))}>Go on from {wallOf(Date.parse(last), zone).slice(11)}</Button>
          </span>
        )}
      </div>
      <DataTable
        label="Agenda" columns={columns} rows={rows} rowKey={(row) => row.key}
        onOpen={(row) => void navigate({to: '/jobs/$job', params: {job: row.job}})}
        {...listProps(query)} hasMore={query.hasNextPage && !isCut}
        empty={
          <Empty title="Nothing fires in these 24 hours" action={<ButtonLink to="/jobs">To the jobs</ButtonLink>}>
            A job fires by itself once its manifest has a schedule, such as
            <code className="font-mono"> schedule: {'{'}cron: "0 2 * * *"{'}'}</code>. Paused jobs are not here.
          </Empty>
        }
      />
    </>
  );
}
