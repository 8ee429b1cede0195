// What fails now, what fires next, what waits, and whether the node is well.
import {Link} from '@tanstack/react-router';
import {ErrorPanel} from '@/components/error-panel';
import {Icon} from '@/components/icons';
import {Loading, Page, Panel} from '@/components/page';
import {Badge, StateBadge} from '@/components/state';
import {Countdown, Time, useNow} from '@/components/time';
import {useLive} from '@/live/live';
import {Checklist} from './checklist';
import {useOverview, type Overview} from './use-overview';

export default function OverviewPage() {
  useLive('runs', 'jobs', 'workers');
  const {data, isPending, error, retry} = useOverview(useNow(10_000));
  if (error) {
    return (
      <Page title="Overview">
        <ErrorPanel error={error} onRetry={retry} />
      </Page>
    );
  }
  if (isPending) return <Loading />;
  return (
    <Page title="Overview">
      <Checklist overview={data} />
      <div className="grid gap-3 lg:grid-cols-2">
        <Failing overview={data} />
        <Fires overview={data} />
        <Queues overview={data} />
        <Health overview={data} />
      </div>
    </Page>
  );
}

const ROW = 'flex min-h-9 items-center gap-3 border-b py-1.5 border-line/60 px-3 text-sm last:border-0';

function Quiet({children}: {children: React.ReactNode}) {
  return <p className="px-3 py-4 text-sm text-dim">{children}</p>;
}

function Failing({overview}: {overview: Overview}) {
  return (
    <Panel title="Failing now" flush>
      {overview.failing.length === 0 && (
        <Quiet>No job's latest run failed.</Quiet>
      )}
      <ul>
        {overview.failing.map(({job, run}) => (
          <li key={job} className={ROW}>
            <StateBadge state={run.state} />
            <Link to="/runs/$run" params={{run: run.id}} className="link max-w-3/5 shrink-0 truncate font-medium">
              {job}
            </Link>
            <span className="min-w-0 grow truncate text-dim max-sm:hidden" title={run.reason}>
              {run.reason}
            </span>
            <Time at={run.finished_at} show="relative" className="ml-auto text-dim" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Fires({overview}: {overview: Overview}) {
  return (
    <Panel title="Fires next" flush>
      {overview.fires.length === 0 && <Quiet>No schedule has a fire ahead.</Quiet>}
      <ul>
        {overview.fires.map((fire) => (
          <li key={`${fire.job} ${fire.at} ${fire.words}`} className={ROW}>
            <span className="w-16 shrink-0 text-right font-medium">
              <Countdown at={fire.at} />
            </span>
            <Link to="/jobs/$job" params={{job: fire.job}} className="link max-w-1/2 shrink-0 truncate font-medium">
              {fire.job}
            </Link>
            <span className="min-w-0 grow truncate text-dim max-sm:hidden">{fire.words}</span>
            <Time at={fire.at} zone={fire.timezone} show="absolute" className="ml-auto text-dim" />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Queues({overview}: {overview: Overview}) {
  return (
    <Panel title="Queues" flush>
      {overview.queues.length === 0 && <Quiet>Nothing waits.</Quiet>}
      <ul>
        {overview.queues.map((queue) => (
          <li key={queue.spec.name} className={ROW}>
            <Link to="/queues" className="link min-w-0 grow truncate font-medium">
              {queue.spec.name}
            </Link>
            {queue.pause && (
              <Badge tone="hold" icon="pause">
                paused
              </Badge>
            )}
            <span className="tabular whitespace-nowrap">{queue.waiting} waiting</span>
            <span className="tabular whitespace-nowrap">{queue.running} running</span>
            {queue.oldest_due_at && (
              <span className="whitespace-nowrap text-dim max-sm:hidden">
                oldest <Time at={queue.oldest_due_at} show="relative" />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Health({overview}: {overview: Overview}) {
  const online = overview.workers.filter((worker) => worker.state === 'online');
  const slots = online.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = online.reduce((sum, worker) => sum + worker.busy, 0);
  return (
    <Panel title="Health" flush>
      <ul>
        <li className={ROW}>
          <Icon
            name={overview.isReady === false ? 'alert' : 'check'}
            className={overview.isReady === false ? 'text-bad' : 'text-good'}
          />
          <span>
            {overview.isReady === false
              ? 'The store takes no writes: read the log of the node.'
              : overview.checks.join(' ') || 'The node answers.'}
          </span>
        </li>
        <li className={ROW}>
          <Icon
            name={online.length === 0 ? 'alert' : 'check'}
            className={online.length === 0 ? 'text-bad' : 'text-good'}
          />
          <span>
            {online.length === 0
              ? 'No worker is online: runs wait until one comes.'
              : `${online.length} ${online.length === 1 ? 'worker' : 'workers'} online, ${busy} of ${slots} slots busy.`}
          </span>
        </li>
      </ul>
    </Panel>
  );
}
