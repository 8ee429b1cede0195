// The occurrences of a job by the day: every ending of three months, and of a chosen day each one with
// its reason. The days are those of the job's zone.
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState} from 'react';
import {serverNow} from '@/api/clock';
import {rowsOf} from '@/api/queries';
import {Button, IconButton} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {Select} from '@/components/field';
import {Icon} from '@/components/icons';
import {listProps} from '@/components/list-props';
import {useNarrow} from '@/components/narrow';
import {Empty, Loading, Panel} from '@/components/page';
import {Badge, plainWord, type Tone} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {zonedParts} from '@/components/time-words';
import {endingsQuery, jobOccurrencesQuery, type Occurrence} from '../jobs/queries';
import {endingWords, lookOf, ranked} from './endings';
import {dayAfter, monthAfter, monthWords, startOfDay, weeksOf} from './months';

const MONTHS = 3;
// The calendar counts those that ran by the state of their run; the ledger calls them all `ran`.
const RUN_ENDINGS = ['succeeded', 'failed', 'timed_out', 'skipped', 'ran'];
type Counts = ReadonlyMap<string, Record<string, number>>;

const instant = (day: string, zone: string) => new Date(startOfDay(day, zone)).toISOString();

export function OccurrenceCalendar({job, zone}: {job: string; zone: string}) {
  const search = useSearch({from: '/jobs/$job'});
  const navigate = useNavigate({from: '/jobs/$job'});
  const isNarrow = useNarrow(); // one below the other: the newest first
  const today = zonedParts(serverNow(), zone).date;
  const last = /^\d{4}-(0\d|1[0-2])$/.test(search.month ?? '') ? search.month! : today.slice(0, 7);
  const months = Array.from({length: MONTHS}, (_, at) => monthAfter(last, at - MONTHS + 1));
  const endings = useQuery(
    endingsQuery(job, {
      from: instant(`${months[0]}-01`, zone), until: instant(`${monthAfter(last, 1)}-01`, zone), timezone: zone,
    }),
  );
  const counts: Counts = new Map(endings.data?.items?.map((each) => [each.day ?? '', each.endings ?? {}]));
  const go = (by: number) =>
    void navigate({search: (now) => ({...now, month: monthAfter(last, by), day: undefined}), replace: true});
  return (
    <div className="flex flex-col gap-3">
      <Panel
        title={`Occurrences by the day (${zone})`}
        actions={
          <div className="flex items-center">
            <IconButton label="Earlier months" icon="chevronRight" className="rotate-180" onClick={() => go(-MONTHS)} />
            <Button look="quiet" onClick={() => void navigate({search: {tab: 'occurrences'}, replace: true})}>
              Today
            </Button>
            <IconButton label="Later months" icon="chevronRight" onClick={() => go(MONTHS)} />
          </div>
        }
      >
        {endings.error && <ErrorPanel error={endings.error} onRetry={() => void endings.refetch()} />}
        {endings.isPending && <Loading />}
        {endings.data && (
          <div className="grid items-start gap-5 md:grid-cols-3">
            {(isNarrow ? months.toReversed() : months).map((month) => (
              <Month
                key={month} month={month} counts={counts} today={today} chosen={search.day}
                onChoose={(day) => void navigate({search: (now) => ({...now, day}), replace: true})}
              />
            ))}
          </div>
        )}
        {endings.data?.complete_from && (
          <p className="mt-2 text-xs text-warn">
            There are too many to count at once: days before{' '}
            <Time at={endings.data.complete_from} show="full" zone={zone} /> are not counted here.
          </p>
        )}
        <Legend counts={counts} />
      </Panel>
      {search.day ? (
        <Day job={job} day={search.day} zone={zone} endings={counts.get(search.day) ?? {}} />
      ) : counts.size > 0 && (
        <p className="text-sm text-dim">Choose a day to see each of its occurrences with the reason for its ending.</p>
      )}
    </div>
  );
}

const SOFT: Record<Tone, string> = {
  good: 'bg-good-soft text-good', bad: 'bg-bad-soft text-bad', busy: 'bg-busy-soft text-busy',
  warn: 'bg-warn-soft text-warn', hold: 'bg-hold-soft text-hold', dim: 'bg-sunken text-dim',
  accent: 'bg-accent-soft text-accent',
};

interface MonthProps {
  month: string;
  counts: Counts;
  today: string;
  chosen: string | undefined;
  onChoose: (day: string) => void;
}

function Month({month, counts, today, chosen, onChoose}: MonthProps) {
  return (
    <table className="w-full table-fixed border-separate border-spacing-0.5 text-center text-xs">
      <caption className="mb-1 text-left text-sm font-medium">{monthWords(month)}</caption>
      <thead>
        <tr className="text-dim">
          {['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'].map((day) => (
            <th key={day} className="font-medium">
              {day}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week, at) => (
          <tr key={at}>
            {week.map((day, index) => (
              <td key={day || index} className="p-0">
                {day && (
                  <DayCell
                    day={day} endings={counts.get(day) ?? {}} isToday={day === today}
                    isChosen={day === chosen} onChoose={() => onChoose(day)}
                  />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayCellProps {
  day: string;
  endings: Record<string, number>;
  isToday: boolean;
  isChosen: boolean;
  onChoose: () => void;
}

function DayCell({day, endings, isToday, isChosen, onChoose}: DayCellProps) {
  const [worst] = ranked(endings);
  const number = Number(day.slice(8));
  const frame = isChosen ? 'ring-2 ring-accent' : isToday ? 'ring-1 ring-edge' : '';
  if (!worst) return <span className={`flex h-9 items-start justify-start rounded p-1 text-dim ${frame}`}>{number}</span>;
  const look = lookOf(worst[0]);
  const words = `${day}: ${endingWords(endings)}`;
  return (
    <button
      type="button" title={words} aria-pressed={isChosen} onClick={onChoose}
      className={`flex h-9 w-full flex-col items-start justify-between rounded p-1 leading-none hover:opacity-80 ${SOFT[look.tone]} ${frame}`}
    >
      {number}
      <span className="sr-only">: {words}</span>
      <span aria-hidden="true" className="flex w-full items-center justify-end gap-0.5">
        {worst[1] > 1 && <span className="tabular text-[10px]">{worst[1] > 999 ? '999+' : worst[1]}</span>}
        <Icon name={look.icon} className="size-3" />
      </span>
    </button>
  );
}

function Legend({counts}: {counts: Counts}) {
  const all: Record<string, number> = {};
  for (const endings of counts.values()) {
    for (const [ending, count] of Object.entries(endings)) all[ending] = (all[ending] ?? 0) + count;
  }
  const found = ranked(all);
  if (found.length === 0) return <p className="mt-3 text-sm text-dim">In these months no occurrence was due.</p>;
  return (
    <ul aria-label="Endings in these months" className="mt-3 flex flex-wrap gap-2 border-t border-line pt-3">
      {found.map(([ending, count]) => (
        <li key={ending}>
          <Badge tone={lookOf(ending).tone} icon={lookOf(ending).icon}>
            {count} {plainWord(ending)}
          </Badge>
        </li>
      ))}
    </ul>
  );
}

interface DayProps {
  job: string;
  day: string;
  zone: string;
  endings: Record<string, number>;
}

function Day({job, day, zone, endings}: DayProps) {
  const [ending, setEnding] = useState('');
  const query = useInfiniteQuery(
    jobOccurrencesQuery(job, {
      from: instant(day, zone), until: instant(dayAfter(day), zone), ...(ending ? {ending} : {}),
    }),
  );
  const found = [...new Set(Object.keys(endings).map((each) => (RUN_ENDINGS.includes(each) ? 'ran' : each)))];
  return (
    <Panel
      title={`Occurrences of ${day}`} flush
      actions={
        <Select label="Ending" value={ending} onChange={(event) => setEnding(event.target.value)}>
          <option value="">all</option>
          {found.filter((each) => each !== 'planned').map((each) => (
            <option key={each} value={each}>
              {plainWord(each)}
            </option>
          ))}
        </Select>
      }
    >
      <div className="h-80">
        <DataTable
          label={`Occurrences of ${day}`} columns={occurrenceColumns(zone)} rows={rowsOf(query.data)}
          rowKey={(row) => `${row.schedule_id}${row.at}`} {...listProps(query)}
          empty={<Empty title="No occurrence is recorded for this day" />}
        />
      </div>
    </Panel>
  );
}

function occurrenceColumns(zone: string): Column<Occurrence>[] {
  return [
    {
      name: 'At', width: '96px',
      cell: (row) => <Time at={row.at} zone={zone} show="absolute" />,
    },
    {
      name: 'Ending', width: '150px',
      cell: (row) => (
        <Badge tone={lookOf(row.ending ?? 'planned').tone} icon={lookOf(row.ending ?? 'planned').icon}>
          {plainWord(row.ending ?? 'planned')}
          {(row.count ?? 1) > 1 && ` × ${row.count}`}
        </Badge>
      ),
    },
    {
      name: 'Reason', width: 'minmax(0,1fr)',
      cell: (row) => <span title={row.detail}>{row.detail || <span className="text-dim">–</span>}</span>,
    },
    {
      name: 'Run', width: '72px',
      cell: (row) =>
        row.run_id && (
          <Link to="/runs/$run" params={{run: row.run_id}} className="link" aria-label={`Run of ${row.local ?? row.at}`}>
            open
          </Link>
        ),
    },
  ];
}
