// How jobs are listed: what each is, when it fires next, how it went lately.
import {Link} from '@tanstack/react-router';
import {useState} from 'react';
import type {Job} from '@/api/queries';
import {useMay} from '@/api/session';
import {IconButton} from '@/components/button';
import {Badge} from '@/components/state';
import type {Column} from '@/components/table';
import {Countdown, Time, useNow} from '@/components/time';
import {durationWords, parseDuration} from '@/components/time-words';
import {barsOf} from './bars';
import {PauseDialog, useResume} from './pause-dialog';
import {RunBars} from './run-bars';
import {useRunNow} from './run-dialog';

const SOON_MS = 3_600_000; // what fires within the hour is counted down

export const JOB_COLUMNS: Column<Job>[] = [
  {
    name: 'Job', width: 'minmax(0,2.4fr)',
    cell: (job) => (
      <Link to="/jobs/$job" params={{job: job.name ?? ''}} title={job.description ? `${job.name}\n${job.description}` : job.name} className="link font-medium">
        {job.name}
      </Link>
    ),
  },
  {name: 'Type', width: '92px', wideOnly: true, cell: (job) => job.type},
  {name: 'Schedule', width: 'minmax(0,3fr)', wideOnly: true, cell: (job) => <ScheduleWords job={job} />},
  {name: 'Next fire', width: '96px', cell: (job) => <NextFire job={job} />},
  {name: 'Last 14 runs', width: '136px', cell: (job) => <LastRuns job={job} />},
  {name: 'p50', width: '84px', align: 'right', wideOnly: true, cell: (job) => <Took text={job.stats?.p50} />},
  {name: 'p95', width: '84px', align: 'right', wideOnly: true, cell: (job) => <Took text={job.stats?.p95} />},
  {name: 'Actions', width: '84px', wideOnly: true, cell: (job) => <RowActions job={job} />},
];

function ScheduleWords({job}: {job: Job}) {
  const words = job.schedules?.map((schedule) => schedule.words).join('; ');
  return words ? <span title={words}>{words}</span> : <span className="text-dim">on demand</span>;
}

function NextFire({job}: {job: Job}) {
  const now = useNow(60_000);
  if (job.paused) {
    return (
      <span title={job.pause?.note || undefined}>
        <Badge tone="hold" icon="pause">
          paused
        </Badge>
      </span>
    );
  }
  if (!job.next_at) return <span className="text-dim">–</span>;
  if (Date.parse(job.next_at) - now < SOON_MS) return <Countdown at={job.next_at} />;
  return <Time at={job.next_at} {...(job.schedules?.[0]?.timezone ? {zone: job.schedules[0].timezone} : {})} />;
}

function LastRuns({job}: {job: Job}) {
  const now = useNow(10_000);
  return <RunBars job={job.name ?? ''} bars={barsOf(job.recent ?? [], now)} />;
}

function Took({text}: {text: string | undefined}) {
  const took = parseDuration(text);
  return took === undefined ? <span className="text-dim">–</span> : durationWords(took);
}

function RowActions({job}: {job: Job}) {
  const name = job.name ?? '';
  const mayOperate = useMay('operator');
  const {start, isStarting, form} = useRunNow(name);
  const resume = useResume(name);
  const [isPausing, setPausing] = useState(false);
  if (!mayOperate) return null;
  return (
    <span className="flex">
      <IconButton label={`Run ${name} now`} icon="play" busy={isStarting} onClick={start} />
      {job.paused ? (
        <IconButton label={`Resume ${name}`} icon="skip" busy={resume.isPending} onClick={() => resume.mutate()} />
      ) : (
        <IconButton label={`Pause ${name}`} icon="pause" onClick={() => setPausing(true)} />
      )}
      {form}
      {isPausing && <PauseDialog job={name} onClose={() => setPausing(false)} />}
    </span>
  );
}
