// The ledger: every occurrence of every schedule, and how it ended.
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {occurrencesQuery, rowsOf, type Occurrence} from '@/api/queries';
import {oneOf} from '@/app/search';
import {Select} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty} from '@/components/page';
import {Badge, plainWord} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {WhyLink} from '@/components/why-link';

const ENDINGS = [
  'ran', 'skipped_overlap', 'skipped_calendar', 'skipped_paused', 'coalesced_into', 'missed_expired',
  'deduplicated', 'dst_skipped', 'superseded', 'cancelled', 'skipped_limit', 'shadowed',
] as const satisfies Occurrence['ending'][];

export function EndingBadge({occurrence}: {occurrence: Occurrence}) {
  const {ending, count} = occurrence;
  if (!ending) return <Badge icon="clock">planned</Badge>;
  return (
    <Badge tone={ending === 'ran' ? 'good' : 'warn'} icon={ending === 'ran' ? 'check' : 'skip'}>
      {plainWord(ending)}
      {count > 1 ? ` ×${count}` : ''}
    </Badge>
  );
}

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
  {name: 'Ending', width: '160px', cell: (each) => <EndingBadge occurrence={each} />},
  {name: 'Its local time', width: '170px', wideOnly: true, cell: (each) => each.local?.replace('T', ' ')},
  {
    name: 'Reason', width: 'minmax(0,3fr)', wideOnly: true,
    cell: (each) => <span className="text-dim" title={each.detail}>{each.detail}</span>,
  },
  {
    name: 'Why', width: '56px', wideOnly: true,
    cell: (each) => <WhyLink job={each.job} at={each.at}>why</WhyLink>,
  },
];

export function Ledger() {
  const search = useSearch({from: '/schedule'});
  const navigate = useNavigate({from: '/schedule'});
  const ending = oneOf(ENDINGS, search.ending);
  const query = useInfiniteQuery(occurrencesQuery(ending ? {ending} : {}));
  return (
    <>
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
          <Empty title={ending ? 'No occurrence ended like this' : 'No schedule has come due yet'}>
            An occurrence is an instant at which a schedule should fire. Each gets exactly one ending, and
            <code className="font-mono"> jobctl why JOB@INSTANT</code> explains it.
          </Empty>
        }
      />
    </>
  );
}
