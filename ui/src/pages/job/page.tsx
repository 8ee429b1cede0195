// One job: how it does, when it fires next, what became of its occurrences, and how it is defined.
import {useQuery} from '@tanstack/react-query';
import {Link, useParams, useSearch} from '@tanstack/react-router';
import {jobQuery, specOf, type Job} from '@/api/queries';
import {ApiError} from '@/api/problem';
import {oneOf} from '@/app/search';
import {ButtonLink} from '@/components/button';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Empty, Loading, Page, Panel} from '@/components/page';
import {Badge} from '@/components/state';
import {Countdown, Time} from '@/components/time';
import {useLive} from '@/live/live';
import {JobActions} from './actions';
import {OccurrenceCalendar} from './calendar';
import {manifestText} from './manifest-text';
import {JobOverview} from './overview';
import {Versions} from './versions';

const TABS = {overview: 'Overview', occurrences: 'Occurrences', versions: 'Versions', definition: 'Definition'};
type Tab = keyof typeof TABS;

export default function JobPage() {
  useLive('jobs', 'runs');
  const {job: name} = useParams({from: '/jobs/$job'});
  const search = useSearch({from: '/jobs/$job'});
  const job = useQuery(jobQuery(name));
  if (job.error && !job.data) {
    if (job.error instanceof ApiError && job.error.status === 404) return <NoSuchJob name={name} />;
    return (
      <Page title={name}>
        <ErrorPanel error={job.error} what={`Could not load ${name}`} onRetry={() => void job.refetch()} />
      </Page>
    );
  }
  if (!job.data) return <Loading />;
  const tab = oneOf(Object.keys(TABS) as Tab[], search.tab) ?? 'overview';
  return (
    <Page title={name} about={<About job={job.data} />} actions={<JobActions job={job.data} />}>
      {job.data.paused && <Paused job={job.data} />}
      <Tabs chosen={tab} job={name} />
      <TabContent tab={tab} job={job.data} />
    </Page>
  );
}

function NoSuchJob({name}: {name: string}) {
  return (
    <Page title={name}>
      <Empty
        title={`There is no job ${name}`}
        action={
          <ButtonLink to="/jobs" search={{text: name}} icon="search">
            Jobs with such a name
          </ButtonLink>
        }
      >
        It may have been deleted, or have another name now. Its last runs are still among the{' '}
        <Link to="/runs" search={{job: name}} className="link underline">runs</Link>, until retention removes them.
      </Empty>
    </Page>
  );
}

function TabContent({tab, job}: {tab: Tab; job: Job}) {
  const zone = job.schedules?.[0]?.timezone ?? 'UTC';
  if (tab === 'occurrences') return <OccurrenceCalendar job={job.name ?? ''} zone={zone} />;
  if (tab === 'versions') return <Versions job={job} />;
  if (tab === 'definition') return <Definition job={job} />;
  return <JobOverview job={job} zone={zone} />;
}

function Tabs({chosen, job}: {chosen: Tab; job: string}) {
  return (
    <nav aria-label={`Parts of ${job}`} className="flex gap-1 overflow-x-auto border-b border-line text-sm">
      {(Object.keys(TABS) as Tab[]).map((tab) => (
        <Link
          key={tab} to="/jobs/$job" params={{job}} search={tab === 'overview' ? {} : {tab}} replace
          activeOptions={{exact: true, includeSearch: true}}
          aria-current={tab === chosen ? 'page' : undefined}
          className="border-b-2 border-transparent px-3 py-1.5 whitespace-nowrap text-dim hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {TABS[tab]}
        </Link>
      ))}
    </nav>
  );
}

function About({job}: {job: Job}) {
  return (
    <div className="flex flex-col gap-1">
      {job.description && <p className="max-w-prose">{job.description}</p>}
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge>{job.type}</Badge>
        {specOf(job).shadow && <Badge tone="accent" icon="circle">shadow</Badge>}
        {Object.entries(job.labels ?? {}).map(([name, value]) => (
          <Link key={name} to="/jobs" search={{label: `${name}=${String(value)}`}} title="Jobs with this label">
            <Badge>
              {name}={String(value)}
            </Badge>
          </Link>
        ))}
      </div>
    </div>
  );
}

function Paused({job}: {job: Job}) {
  const {by, note, at, until, meanwhile} = job.pause ?? {};
  return (
    <div role="note" className="rounded-md border border-hold/40 bg-hold-soft p-3 text-sm">
      <p className="font-medium text-hold">
        Paused{by && ` by ${by}`} {at && <Time at={at} show="relative" />}
        {note && `: ${note}`}
      </p>
      <p>
        {until ? (
          <>
            It resumes by itself in <Countdown at={until} done="a moment" />.
          </>
        ) : (
          'It stays so until somebody resumes it.'
        )}{' '}
        Fires that come due {meanwhile === 'hold' ? 'wait until then.' : 'are skipped; the ledger says so.'}
      </p>
    </div>
  );
}

function Definition({job}: {job: Job}) {
  const text = manifestText(specOf(job));
  return (
    <Panel title={`Definition, v${job.version ?? 1}`} flush actions={<CopyButton text={text} label="Copy the YAML" />}>
      <pre tabIndex={0} aria-label="Definition in YAML" className="overflow-auto p-3 font-mono text-xs leading-5">
        {text}
      </pre>
    </Panel>
  );
}
