// The first part of a job's page: durations, last runs, next fires, and its facts.
import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {Link, useNavigate} from '@tanstack/react-router';
import {lazy, Suspense} from 'react';
import type {Schemas} from '@/api/client';
import {rowsOf, runsQuery, specOf, type Job, type RunSummary} from '@/api/queries';
import {ErrorPanel} from '@/components/error-panel';
import {listProps} from '@/components/list-props';
import {Empty, Facts, Loading, Panel} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {durationWords, parseDuration} from '@/components/time-words';
import type {Bar} from '../jobs/bars';
import {durationsQuery} from '../jobs/queries';
import {RunBars} from '../jobs/run-bars';
import {RUN_COLUMNS} from '../runs/columns';
import {dotsOf} from './duration-points';
import {NextFires} from './next-fires';
import {Why} from './why';

const DurationChart = lazy(async () => ({default: (await import('./duration-chart')).DurationChart}));
const STRIP = 60;
// What is due later stands under the next fires; here it would hide what ran.
const STATES = 'queued,running,waiting,succeeded,failed,cancelled,timed_out,skipped';
const LEFT_OUT = ['Job', 'Due', 'Queue'];
const COLUMNS: Column<RunSummary>[] = RUN_COLUMNS.filter(({name}) => !LEFT_OUT.includes(name)).map((column) =>
  column.name === 'Took' ? {...column, wideOnly: false} : column, // there is room without the job's name
);
COLUMNS.splice(1, 0, {
  name: 'Due', width: 'minmax(96px,1fr)',
  cell: (run) => (
    <Link to="/runs/$run" params={{run: run.id}} className="link">
      <Time at={run.due_at} />
    </Link>
  ),
});

export function JobOverview({job, zone}: {job: Job; zone: string}) {
  const name = job.name ?? '';
  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(300px,1fr)]">
      <div className="flex min-w-0 flex-col gap-3">
        <Durations job={name} />
        <LastRuns job={name} />
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        <NextFires job={job} />
        <Why job={name} zone={zone} />
        <DefinitionFacts job={job} />
      </div>
    </div>
  );
}

function Durations({job}: {job: string}) {
  const chart = useQuery(durationsQuery(job));
  if (chart.error) return <ErrorPanel error={chart.error} onRetry={() => void chart.refetch()} />;
  if (!chart.data) {
    return (
      <Panel title="Durations">
        <Loading />
      </Panel>
    );
  }
  const dots = dotsOf(chart.data);
  if (dots.length === 0) {
    return (
      <Panel title="Durations">
        <Empty title="No run has ended yet">Each run becomes a dot here: when it ended, and how long it took.</Empty>
      </Panel>
    );
  }
  const bars = dots.slice(-STRIP).map((dot): Bar => ({
    id: dot.run, state: dot.state, endedAt: dot.at * 1_000, ...(dot.tookMs === null ? {} : {tookMs: dot.tookMs}),
  }));
  return (
    <Panel title={`Durations of the last ${dots.length} runs`} actions={<Trend stats={chart.data.stats} />}>
      <Suspense fallback={<Loading />}>
        <DurationChart job={job} chart={chart.data} />
      </Suspense>
      <div className="mt-3 overflow-x-auto border-t border-line pt-3">
        <RunBars job={job} bars={bars} height={36} />
      </div>
      <StatsLine stats={chart.data.stats} />
    </Panel>
  );
}

function Trend({stats}: {stats: Schemas['JobStats'] | undefined}) {
  const {direction, ratio} = stats?.trend ?? {};
  if (!direction || !ratio || direction === 'steady') return null;
  const times = direction === 'slower' ? ratio : 1 / ratio;
  return <Badge tone={direction === 'slower' ? 'warn' : 'good'}>{`${times.toFixed(1)} times ${direction} than before`}</Badge>;
}

function StatsLine({stats}: {stats: Schemas['JobStats'] | undefined}) {
  if (!stats) return null;
  const took = (text: string | undefined) => {
    const ms = parseDuration(text);
    return ms === undefined ? '–' : durationWords(ms);
  };
  const {duration, wait} = stats;
  return (
    <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2 text-sm sm:grid-cols-5">
      {[
        ['Failure rate', `${Math.round((stats.failure_rate ?? 0) * 1_000) / 10} %`],
        ['p50', took(duration?.p50)],
        ['p95', took(duration?.p95)],
        ['Longest', took(duration?.max)],
        ['Wait, p95', took(wait?.p95)],
      ].map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-dim">{name}</dt>
          <dd className="tabular font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function LastRuns({job}: {job: string}) {
  const navigate = useNavigate();
  const runs = useInfiniteQuery(runsQuery({job, state: STATES}));
  return (
    <div className="flex max-h-96 flex-col">
      <DataTable
        label={`Runs of ${job}`} columns={COLUMNS} rows={rowsOf(runs.data)} rowKey={(run) => run.id}
        {...listProps(runs)} onOpen={(run) => void navigate({to: '/runs/$run', params: {run: run.id}})}
        empty={<Empty title="It has not run yet">Run it now, or wait for its next fire.</Empty>}
      />
    </div>
  );
}

function DefinitionFacts({job}: {job: Job}) {
  const spec = specOf(job);
  const timeout = spec.timeout as Schemas['Timeout'] | undefined;
  const {start_within: start, finish_within: finish, every} = spec.expect ?? {};
  const expectations = [
    start && `starts within ${start} of being due`,
    finish && `has ended within ${finish} of being due`,
    every && `succeeds at least once in ${every}`,
  ].filter(Boolean);
  return (
    <Panel title="Facts">
      <Facts
        rows={[
          ['Version', `v${job.version ?? 1}, by ${job.author ?? 'somebody'}`],
          ['Changed', <Time key="t" at={job.updated_at} />],
          ['Queue', spec.queue || 'default'],
          ['Timeout', timeout?.run ?? 'none'],
          ['Attempts', `${spec.retry?.max_attempts ?? 1} at most`],
          ['Expected', expectations.length > 0 ? expectations.join('; ') : 'nothing: nobody is told when it is late'],
        ]}
      />
    </Panel>
  );
}
