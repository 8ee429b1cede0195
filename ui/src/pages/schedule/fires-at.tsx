// "What fires at 02:00?": a minute or some minutes on a wall clock, past or to come.
import {useQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {useState, type FormEvent} from 'react';
import type {Occurrence} from '@/api/queries';
import {Button} from '@/components/button';
import {ErrorPanel} from '@/components/error-panel';
import {Select, TextField} from '@/components/field';
import {Empty, Loading} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {useNow} from '@/components/time';
import {zonedParts} from '@/components/time-words';
import {WhyLink} from '@/components/why-link';
import {isZone, ZoneField} from '@/components/zone-field';
import {EndingBadge} from './ledger';
import {firesWithinQuery} from './queries';
import type {AgendaFire} from './rows';
import {addDays, rangesOf, wallOf} from './wall';

const LENGTHS: [string, string][] = [
  ['1', 'that minute'], ['15', '15 minutes'], ['60', 'an hour'], ['1440', 'a day'],
];

interface FiringRow {
  key: string;
  at: string;
  job: string;
  /** Its schedule in words, or why it ended as it did. */
  words: string;
  occurrence?: Occurrence;
}

export function firingRows(fires: readonly AgendaFire[], past: readonly Occurrence[]): FiringRow[] {
  const rows = [
    ...past.map((each) => ({
      key: `${each.schedule_id} ${each.at}`, at: each.at, job: each.job, words: each.detail ?? '', occurrence: each,
    })),
    ...fires.map((fire) => ({
      key: `${fire.job} ${fire.schedule} ${fire.at}`, at: fire.at ?? '', job: fire.job ?? '',
      words: fire.schedule ?? '',
    })),
  ];
  return rows.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.job.localeCompare(b.job));
}

const columnsIn = (zone: string): Column<FiringRow>[] => [
  {
    name: 'At', width: '168px',
    cell: (row) => {
      const wall = zonedParts(Date.parse(row.at), zone);
      return <span className="tabular">{`${wall.date.slice(5)} ${wall.time} ${wall.zoneName}`}</span>;
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
    name: 'Ending', width: '150px', wideOnly: true,
    cell: (row) =>
      row.occurrence ? <EndingBadge occurrence={row.occurrence} /> : <Badge icon="clock">to come</Badge>,
  },
  {name: 'Schedule or reason', width: 'minmax(0,3fr)', wideOnly: true, cell: (row) => <span className="text-dim">{row.words}</span>},
  {
    name: 'Why', width: '56px',
    cell: (row) => row.occurrence && <WhyLink job={row.job} at={row.at}>why</WhyLink>,
  },
];

export function FiresAt({zone: mine}: {zone: string}) {
  const search = useSearch({from: '/schedule'});
  const navigate = useNavigate({from: '/schedule'});
  const now = useNow(60_000);
  const zone = search.zone && isZone(search.zone) ? search.zone : mine;
  const tonight = `${addDays(wallOf(now, zone).slice(0, 10), 1)}T02:00`;
  const wall = search.at ?? tonight;
  const length = search.to ?? '1';
  return (
    <>
      <Question
        key={`${wall} ${zone}`} wall={wall} zone={zone} length={length}
        onAsk={(asked) => void navigate({search: (before) => ({...before, ...asked})})}
      />
      <Answer wall={wall} zone={zone} minutes={Number(length) || 1} now={now} />
    </>
  );
}

interface Asked {
  at: string;
  to: string;
  zone: string;
}

function Question({wall, zone, length, onAsk}: {wall: string; zone: string; length: string; onAsk: (asked: Asked) => void}) {
  const [at, setAt] = useState(wall);
  const [its, setZone] = useState(zone);
  const [minutes, setMinutes] = useState(length);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (at && isZone(its)) onAsk({at: at.slice(0, 16), to: minutes, zone: its});
  };
  return (
    <form onSubmit={ask} className="flex flex-wrap items-end gap-3">
      <div className="w-52">
        <TextField
          label="Date and time" type="datetime-local" required value={at}
          onChange={(event) => setAt(event.target.value)}
        />
      </div>
      <div className="w-48">
        <ZoneField value={its} onChange={setZone} />
      </div>
      <div className="flex h-8 items-center">
        <Select label="For" value={minutes} onChange={(event) => setMinutes(event.target.value)}>
          {LENGTHS.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      <Button look="primary" type="submit" icon="search">
        What fires?
      </Button>
    </form>
  );
}

function Answer({wall, zone, minutes, now}: {wall: string; zone: string; minutes: number; now: number}) {
  const ranges = rangesOf(wall, minutes, zone);
  const query = useQuery({...firesWithinQuery(ranges, now), enabled: ranges.length > 0});
  const words = wall.replace('T', ' ');
  if (ranges.length === 0) {
    return (
      <Empty title={`There is no ${words} in ${zone}`}>
        The clock is set forward over it. What a schedule does then is its setting dst.gap; the preview of
        the job says it in words.
      </Empty>
    );
  }
  if (query.error) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const rows = firingRows(query.data.fires, query.data.past);
  return (
    <>
      <p role="status" className="text-sm">
        {rows.length === 0 ? 'Nothing fires' : `${rows.length}${query.data.isTruncated ? ' and more' : ''} ${rows.length === 1 ? 'fire' : 'fires'}`}{' '}
        at {words} in {zone}.
        {ranges.length > 1 && ' The clock is set back over it: it comes twice, and both are here.'}
      </p>
      <DataTable
        label="What fires then" columns={columnsIn(zone)} rows={rows} rowKey={(row) => row.key}
        empty={<Empty title="Nothing fires then">Try a longer time, or another zone.</Empty>}
      />
    </>
  );
}
