// The ledger: every occurrence of every schedule, and how it ended.
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {occurrencesQuery, rowsOf, type Occurrence} from '@/api/queries';
import {Select} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {Badge, plainWord} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';
import {oneOf} from '@/app/search';

const ENDINGS = [
  'ran', 'skipped_overlap', 'skipped_calendar', 'skipped_paused', 'coalesced_into', 'missed_expired',
  'deduplicated', 'dst_skipped', 'superseded', 'cancelled', 'skipped_limit', 'shadowed',
] as const satisfies Occurrence['ending'][];

const COLUMNS: Column<Occurrence>[] = [
  {name: 'At', width: 'minmax(96px,1fr)', cell: (each) => <Time at={each.at} show="absolute" />},
  {
    name: 'Job', width: 'minmax(0,2fr)',
    cell: (each) => (
      <Link to="/jobs/$job" params={{job: each.job}} className="link font-medium">
        {each.job}
      </Link>
    ),
  },
  {
    name: 'Ending', width: '150px',
    cell: (each) => (
      <Badge tone={each.ending === 'ran' ? 'good' : each.ending ? 'warn' : 'dim'}>
        {each.ending ? plainWord(each.ending) : 'planned'}
      </Badge>
    ),
  },
  {name: 'Local time', width: '170px', wideOnly: true, cell: (each) => each.local},
  {name: 'Why', width: 'minmax(0,3fr)', wideOnly: true, cell: (each) => <span className="text-dim">{each.detail}</span>},
];

export default function SchedulePage() {
  useLive('jobs', 'runs');
  const search = useSearch({from: '/schedule'});
  const navigate = useNavigate({from: '/schedule'});
  const ending = oneOf(ENDINGS, search.ending);
  const query = useInfiniteQuery(occurrencesQuery(ending ? {ending} : {}));
  return (
    <Page title="Schedule" fill about="Every fire of every schedule, and what became of it.">
      <Select
        label="Ending" value={ending ?? ''}
        onChange={(event) => void navigate({search: (now) => ({...now, ending: event.target.value})})}
      >
        <option value="">all</option>
        {ENDINGS.map((each) => (
          <option key={each} value={each}>
            {plainWord(each)}
          </option>
        ))}
      </Select>
      <DataTable
        label="Occurrences" columns={COLUMNS} rows={rowsOf(query.data)}
        rowKey={(each) => `${each.schedule_id} ${each.at}`} {...listProps(query)}
        empty={
          <Empty title="No occurrence is like this">
            An occurrence is an instant at which a schedule should fire. Each gets exactly one ending, and
            <code className="font-mono"> jobctl why JOB@INSTANT</code> explains it.
          </Empty>
        }
      />
    </Page>
  );
}
