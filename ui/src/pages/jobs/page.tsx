// Every job: what it is, when it fires next, whether it is paused.
import {useInfiniteQuery} from '@tanstack/react-query';
import {Link, useNavigate, useSearch} from '@tanstack/react-router';
import {jobsQuery, rowsOf, specOf, type Job} from '@/api/queries';
import {SearchBox} from '@/components/field';
import {listProps} from '@/components/list-props';
import {Empty, Page} from '@/components/page';
import {Badge} from '@/components/state';
import {DataTable, type Column} from '@/components/table';
import {Time} from '@/components/time';
import {useLive} from '@/live/live';

export function nextFire(job: Job): string | undefined {
  const fires = (job.schedules ?? []).flatMap((schedule) => schedule.next_at ?? []);
  return fires.sort()[0];
}

const COLUMNS: Column<Job>[] = [
  {
    name: 'Job', width: 'minmax(0,2fr)',
    cell: (job) => (
      <Link to="/jobs/$job" params={{job: job.name ?? ''}} className="link font-medium">
        {job.name}
      </Link>
    ),
  },
  {name: 'Type', width: '110px', wideOnly: true, cell: (job) => specOf(job).type ?? 'command'},
  {
    name: 'Schedule', width: 'minmax(0,3fr)', wideOnly: true,
    cell: (job) =>
      job.schedules?.map((schedule) => schedule.words).join('; ') || (
        <span className="text-dim">on demand</span>
      ),
  },
  {
    name: 'Next', width: 'minmax(90px,1fr)',
    cell: (job) =>
      job.paused ? <Badge tone="hold" icon="pause">paused</Badge> : <Time at={nextFire(job)} />,
  },
  {name: 'Version', width: '80px', align: 'right', wideOnly: true, cell: (job) => `v${job.version ?? 1}`},
];

export default function JobsPage() {
  useLive('jobs');
  const search = useSearch({from: '/jobs'});
  const navigate = useNavigate({from: '/jobs'});
  const query = useInfiniteQuery(jobsQuery(search.prefix ? {prefix: search.prefix} : {}));
  return (
    <Page title="Jobs" fill about="What this node runs, and when.">
      <SearchBox
        label="Names that begin with" value={search.prefix ?? ''}
        onChange={(event) =>
          void navigate({search: (now) => ({...now, prefix: event.target.value}), replace: true})
        }
      />
      <DataTable
        label="Jobs" columns={COLUMNS} rows={rowsOf(query.data)} rowKey={(job) => job.id ?? ''}
        onOpen={(job) => void navigate({to: '/jobs/$job', params: {job: job.name ?? ''}})}
        {...listProps(query)}
        empty={search.prefix ? <NoMatch /> : <NoJobs />}
      />
    </Page>
  );
}

function NoMatch() {
  return <Empty title="No job has such a name">Take some letters away: the name must begin with them.</Empty>;
}

export function NoJobs() {
  return (
    <Empty title="There are no jobs yet">
      A job says what to run, when, and under which rules. Write one in YAML and apply it:
      <pre className="mt-3 rounded-md bg-sunken p-3 text-left font-mono text-xs text-ink">
        {'name: hello\ncommand: date\nschedule: {every: 1m}'}
      </pre>
      <pre className="mt-2 rounded-md bg-sunken p-3 text-left font-mono text-xs text-ink">
        jobctl apply -f hello.yaml
      </pre>
    </Empty>
  );
}
