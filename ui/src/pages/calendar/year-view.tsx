// What a calendar leaves out of a year, month by month; and the same as a list, for those who read it.
import {useQuery} from '@tanstack/react-query';
import {useNavigate, useSearch} from '@tanstack/react-router';
import {IconButton} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {Loading, Panel} from '@/components/page';
import {useNow} from '@/components/time';
import {calendarDaysQuery, type CalendarDay} from './queries';
import {daysByDate, dayWords, MONTHS, WEEKDAYS, weeksOf} from './year';

const MOST_LISTED = 200;

export function YearView({calendar}: {calendar: string}) {
  const search = useSearch({from: '/calendars/$calendar'});
  const navigate = useNavigate({from: '/calendars/$calendar'});
  const thisYear = new Date(useNow(3_600_000)).getUTCFullYear();
  const asked = Number(search.year);
  const year = Number.isInteger(asked) && asked >= 1970 && asked <= 2199 ? asked : thisYear;
  const query = useQuery({...calendarDaysQuery(calendar, year), placeholderData: (before) => before});
  const to = (next: number) => void navigate({search: {year: String(next)}, replace: true});
  const days = query.data?.items ?? [];
  return (
    <Panel
      title={`What it leaves out of ${year}`}
      actions={
        <div className="flex items-center">
          <IconButton label="The year before" icon="chevronRight" className="rotate-180" onClick={() => to(year - 1)} />
          <IconButton label="The year after" icon="chevronRight" onClick={() => to(year + 1)} />
        </div>
      }
    >
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && (
        <>
          <div className="grid grid-cols-1 items-start gap-x-5 gap-y-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
            {MONTHS.map((name, at) => (
              <Month key={name} year={year} month={at + 1} days={daysByDate(days)} />
            ))}
          </div>
          <Legend />
          <DayList days={days} year={year} />
        </>
      )}
    </Panel>
  );
}

function Month({year, month, days}: {year: number; month: number; days: Map<string, CalendarDay>}) {
  return (
    <table className="tabular w-full table-fixed text-center text-xs">
      <caption className="pb-1 text-left text-sm font-medium">{MONTHS[month - 1]}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((day) => (
            <th key={day} scope="col" className="font-normal text-dim capitalize">
              {day.slice(0, 2)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, month).map((week, at) => (
          <tr key={at}>
            {week.map((date, day) => (
              <td key={day} className="p-px">{date && <Day date={date} out={days.get(date)} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({date, out}: {date: string; out: CalendarDay | undefined}) {
  const look = !out ? '' : out.whole ? 'bg-warn-soft text-warn font-semibold line-through' : 'bg-hold-soft text-hold underline';
  return (
    <span title={out && dayWords(out)} className={`block rounded-sm leading-6 ${look}`}>
      {Number(date.slice(8))}
      {out && <span className="sr-only"> {out.whole ? 'left out' : 'left out in part'}</span>}
    </span>
  );
}

function Legend() {
  return (
    <p className="mt-3 flex flex-wrap gap-4 text-xs text-dim" aria-hidden="true">
      <span><span className="rounded-sm bg-warn-soft px-1 font-semibold text-warn line-through">25</span> nothing of the day is left</span>
      <span><span className="rounded-sm bg-hold-soft px-1 text-hold underline">24</span> some times are left out</span>
    </p>
  );
}

function DayList({days, year}: {days: CalendarDay[]; year: number}) {
  if (days.length === 0) return <p className="mt-3 text-sm text-dim">It leaves nothing out of {year}.</p>;
  return (
    <details className="mt-3 text-sm">
      <summary className="text-accent">
        {days.length} {days.length === 1 ? 'day' : 'days'} as a list
      </summary>
      <ul className="mt-2 columns-1 gap-6 sm:columns-2">
        {days.slice(0, MOST_LISTED).map((day) => (
          <li key={day.day}>
            <span className="text-dim">{day.weekday}</span> {dayWords(day)}
          </li>
        ))}
      </ul>
      {days.length > MOST_LISTED && (
        <p className="mt-2 text-dim">
          And {days.length - MOST_LISTED} more: <code className="font-mono">jobctl calendar days</code> has all.
        </p>
      )}
    </details>
  );
}
