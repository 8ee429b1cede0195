// The planned load: how many fires there are in each hour of seven days.
import {useQuery} from '@tanstack/react-query';
import {useNavigate} from '@tanstack/react-router';
import {useRef, useState, type KeyboardEvent} from 'react';
import {ErrorPanel} from '@/components/error-panel';
import {useNarrow} from '@/components/narrow';
import {Empty, Loading} from '@/components/page';
import {useNow} from '@/components/time';
import {zonedParts} from '@/components/time-words';
import {HOURS, heatDays, heatLevel, shortCount, summarise, type HeatCell, type HeatDay} from './heat';
import {loadQuery} from './queries';
import {addDays, dayStart, wallOf, weekdayOf} from './wall';

const DAYS = 7;
const LEVELS = [
  'text-dim', 'bg-accent/10', 'bg-accent/20', 'bg-accent/35 font-medium', 'bg-accent text-accent-ink font-semibold',
];

export function Load({zone}: {zone: string}) {
  const now = useNow(60_000);
  const today = zonedParts(now, zone).date;
  const range = {from: dayStart(today, zone), until: dayStart(addDays(today, DAYS), zone)};
  const query = useQuery(loadQuery(range));
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const {from = '', fires = [], truncated} = query.data.hours ?? {};
  const days = heatDays({from: Date.parse(from), counts: fires, zone, now}).filter((day) => day.date >= today).slice(0, DAYS);
  const summary = summarise(days);
  if (summary.total === 0) {
    return (
      <Empty title="Nothing is planned for the next seven days">
        Give a job a schedule, and this shows when the work comes together.
      </Empty>
    );
  }
  const {busiest} = summary;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm" id="load-words">
        {truncated ? 'At least ' : ''}
        {summary.total.toLocaleString('en')} fires in seven days.
        {busiest && (
          <>
            {' '}
            The busiest hour is {weekdayOf(wallOf(busiest.at, zone).slice(0, 10))}{' '}
            {wallOf(busiest.at, zone).replace('T', ' ')} with {busiest.fires.toLocaleString('en')};{' '}
            {summary.emptyHours === 0 ? 'none is empty' : `${summary.emptyHours} to come have none`}. Hours are those of {zone}; open one to see its fires.
          </>
        )}
      </p>
      <HeatTable days={days} most={busiest?.fires ?? 0} />
      <Legend />
    </div>
  );
}

function Legend() {
  return (
    <p className="flex items-center gap-1.5 text-xs text-dim" aria-hidden="true">
      fewer
      {LEVELS.map((level, at) => (
        <span key={at} className={`inline-block size-4 rounded-sm border border-line ${level}`} />
      ))}
      more
    </p>
  );
}

/** Days down and hours across; the other way round on a phone. Arrow keys move, Enter opens. */
function HeatTable({days, most}: {days: HeatDay[]; most: number}) {
  const isNarrow = useNarrow();
  const navigate = useNavigate({from: '/schedule'});
  const table = useRef<HTMLTableElement>(null);
  const [rows, columns] = isNarrow ? [HOURS.length, days.length] : [days.length, HOURS.length];
  const cellAt = (row: number, column: number) => {
    const cell = isNarrow ? days[column]?.cells[row] : days[row]?.cells[column];
    return cell?.isPast ? undefined : cell;
  };
  const [focused, setChosen] = useState<string>();
  const first = Math.max(0, days[0]?.cells.findIndex((cell) => cell && !cell.isPast) ?? 0);
  const chosen = focused ?? (isNarrow ? `${first} 0` : `0 ${first}`);
  const open = (cell: HeatCell) =>
    void navigate({search: {view: 'agenda', from: new Date(cell.at).toISOString()}});
  const move = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    let [row, column] = chosen.split(' ').map(Number) as [number, number];
    do {
      row += step[0];
      column += step[1];
    } while (row >= 0 && row < rows && column >= 0 && column < columns && !cellAt(row, column));
    if (!cellAt(row, column)) return;
    setChosen(`${row} ${column}`);
    table.current?.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus();
  };
  const dayName = (day: HeatDay) => `${weekdayOf(day.date)} ${day.date.slice(5)}`;
  const hourName = (hour: number) => String(hour).padStart(2, '0');
  return (
    <table
      ref={table} onKeyDown={move} aria-label="Fires by day and hour" aria-describedby="load-words"
      className="w-full table-fixed border-separate border-spacing-0.5 text-xs"
    >
      <thead>
        <tr>
          <th scope="col" className={`text-left font-medium text-dim ${isNarrow ? 'w-8' : 'w-20'}`}>
            {isNarrow ? 'Hour' : 'Day'}
          </th>
          {Array.from({length: columns}, (_, column) => (
            <th key={column} scope="col" className="py-1 font-medium text-dim">
              {isNarrow ? dayName(days[column]!).slice(0, 3) : hourName(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({length: rows}, (_, row) => (
          <tr key={row}>
            <th scope="row" className="text-left font-medium whitespace-nowrap text-dim">
              {isNarrow ? hourName(row) : dayName(days[row]!)}
            </th>
            {Array.from({length: columns}, (_, column) => {
              const cell = isNarrow ? days[column]?.cells[row] : days[row]?.cells[column];
              const at = `${row} ${column}`;
              return (
                <td key={column} className="p-0">
                  <Cell cell={cell} most={most} place={at} isChosen={at === chosen} onFocus={() => setChosen(at)} onOpen={open} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  cell: HeatCell | undefined;
  most: number;
  place: string;
  isChosen: boolean;
  onFocus: () => void;
  onOpen: (cell: HeatCell) => void;
}

function Cell({cell, most, place, isChosen, onFocus, onOpen}: CellProps) {
  if (!cell || cell.isPast) {
    return (
      <span
        className="block h-8 text-center leading-8 text-dim" title={cell ? 'Over: the ledger has it' : 'The clock leaves this hour out'}
      >
        {cell ? '·' : '–'}
      </span>
    );
  }
  return (
    <button
      type="button" data-cell={place} tabIndex={isChosen ? 0 : -1} onFocus={onFocus} onClick={() => onOpen(cell)}
      title={`${cell.fires.toLocaleString('en')} fires${cell.isTwice ? '; the clock shows this hour twice' : ''}`}
      className={`tabular block h-8 w-full rounded-sm border border-line/60 hover:border-edge ${LEVELS[heatLevel(cell.fires, most)]}`}
    >
      {shortCount(cell.fires)}
      {cell.isTwice ? '*' : ''}
    </button>
  );
}
