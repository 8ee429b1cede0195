// What fails now, what fires next, what waits, and whether the node is well.
import {useQuery} from '@tanstack/react-query';
import {Link} from '@tanstack/react-router';
import type {ReactNode} from 'react';
import {ErrorPanel} from '@/components/error-panel';
import {Icon} from '@/components/icons';
import {Loading, Page, Panel} from '@/components/page';
import {Badge} from '@/components/state';
import {Countdown, Time} from '@/components/time';
import {useLive} from '@/live/live';
import {Checklist} from './checklist';
import {MinuteBars} from './minutes';
import {liveCount, minutesOf, overviewQuery, totalsOf, type Overview} from './use-overview';

export default function OverviewPage() {
  useLive('runs', 'jobs', 'workers');
  const {data, error, refetch} = useQuery(overviewQuery);
  if (!data) {
    if (!error) return <Loading />;
    return (
      <Page title="Overview">
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page title="Overview">
      <Checklist overview={data} />
      <Now overview={data} />
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

const FIRES_SHOWN = 8;

function Quiet({children}: {children: ReactNode}) {
  return <p className="px-3 py-4 text-sm text-dim">{children}</p>;
}

function Figure({name, value, isBad = false}: {name: string; value: ReactNode; isBad?: boolean}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-dim">{name}</dt>
      <dd className={`tabular text-xl font-semibold ${isBad ? 'text-bad' : ''}`}>{value}</dd>
    </div>
  );
}

function Now({overview}: {overview: Overview}) {
  const minutes = minutesOf(overview);
  const totals = totalsOf(minutes);
  return (
    <Panel title="The last hour">
      <div className="grid gap-4 lg:grid-cols-[max-content_1fr] lg:items-center lg:gap-8">
        <dl className="grid grid-cols-3 gap-x-6 gap-y-3 sm:grid-cols-5 lg:grid-cols-3">
          <Figure name="Running" value={liveCount(overview, 'running', 'waiting')} />
          <Figure name="Waiting" value={liveCount(overview, 'queued')} />
          <Figure name="Succeeded" value={totals.succeeded} />
          <Figure name="Failed" value={totals.failed} isBad={totals.failed > 0} />
          <Figure
            name="Slots busy"
            value={overview.workers.slots > 0 ? `${overview.workers.busy} of ${overview.workers.slots}` : 'none'}
          />
        </dl>
        {minutes.length > 0 ? (
          <MinuteBars minutes={minutes} totals={totals} />
        ) : (
          <p className="text-sm text-dim">No run has ended within the last hour.</p>
        )}
      </div>
    </Panel>
  );
}

function Failing({overview}: {overview: Overview}) {
  const more = overview.failing_count - overview.failing.length;
  return (
    <Panel
      title="Failing now" flush
      actions={
        overview.failing_count > 0 && (
          <Badge tone="bad" icon="alert">
            {overview.failing_count}
          </Badge>
        )
      }
    >
      {overview.failing.length === 0 && <Quiet>Every job that has run succeeded the last time.</Quiet>}
      <ul>
        {overview.failing.map((job) => (
          <li key={job.job_id} className={ROW}>
            <Link to="/jobs/$job" params={{job: job.job}} className="link min-w-0 grow truncate font-medium">
              {job.job}
            </Link>
            <span className="whitespace-nowrap text-dim">
              {job.streak === 1 ? 'once' : `${job.streak} times in a row`}
              <span className="max-sm:hidden">
                , since <Time at={job.since} show="relative" />
              </span>
            </span>
            <Link to="/runs/$run" params={{run: job.run_id}} className="link whitespace-nowrap">
              newest run
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && <Quiet>And {more} more.</Quiet>}
    </Panel>
  );
}

function Fires({overview}: {overview: Overview}) {
  return (
    <Panel title="Fires next" flush>
      {overview.next.length === 0 && <Quiet>No schedule has a fire ahead.</Quiet>}
      <ul>
        {overview.next.slice(0, FIRES_SHOWN).map((fire) => (
          <li key={`${fire.job} ${fire.at} ${fire.schedule}`} className={ROW}>
            <span className="w-16 shrink-0 text-right font-medium">
              <Countdown at={fire.at} />
            </span>
            <Link to="/jobs/$job" params={{job: fire.job}} className="link max-w-1/2 shrink-0 truncate font-medium">
              {fire.job}
            </Link>
            <span className="min-w-0 grow truncate text-dim max-sm:hidden">{fire.schedule}</span>
            <Time at={fire.at} show="absolute" className="ml-auto text-dim" />
          </li>
        ))}
      </ul>
      {overview.next_truncated ? (
        <Quiet>
          There are more schedules than the {overview.schedule_count.toLocaleString('en')} that are looked at here.
        </Quiet>
      ) : (
        overview.schedule_count > FIRES_SHOWN && (
          <Quiet>
            The next fire of each schedule, of {overview.schedule_count.toLocaleString('en')}.{' '}
            <Link to="/schedule" className="link">All that fires</Link>
          </Quiet>
        )
      )}
    </Panel>
  );
}

function Queues({overview}: {overview: Overview}) {
  const more = overview.queue_count - overview.queues.length;
  return (
    <Panel title="Queues" flush>
      {overview.queues.length === 0 && <Quiet>Nothing waits.</Quiet>}
      <ul>
        {overview.queues.map((queue) => (
          <li key={queue.name} className={ROW}>
            <Link to="/queues" className="link min-w-0 grow truncate font-medium">
              {queue.name}
            </Link>
            {queue.paused && (
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
      {more > 0 && <Quiet>And {more} more, in which nothing waits.</Quiet>}
    </Panel>
  );
}

/** `isWell` undefined: neither well nor bad. */
function Line({isWell, children}: {isWell: boolean | undefined; children: ReactNode}) {
  const look = isWell === undefined ? 'text-dim' : isWell ? 'text-good' : 'text-bad';
  return (
    <li className={ROW}>
      <Icon name={isWell === undefined ? 'dash' : isWell ? 'check' : 'alert'} className={look} />
      <span>{children}</span>
    </li>
  );
}

/** No backup, where nobody wanted any, is neither well nor bad. */
function isWellKept({problem, every, last_made_at: madeAt}: NonNullable<Overview['backups']>): boolean | undefined {
  if (problem) return false;
  if (madeAt) return true;
  return every ? false : undefined;
}

function Health({overview}: {overview: Overview}) {
  const {health, workers, backups} = overview;
  return (
    <Panel title="Health" flush>
      <ul>
        {health.reasons.length === 0 && <Line isWell>The store answers and takes writes.</Line>}
        {health.reasons.map((reason) => (
          <Line key={reason} isWell={health.status === 'ok'}>
            {reason}
          </Line>
        ))}
        <Line isWell={workers.online > 0}>
          {workers.online === 0
            ? 'No worker is online: runs wait until one comes.'
            : `${workers.online} ${workers.online === 1 ? 'worker' : 'workers'} online, ${workers.busy} of ${workers.slots} slots busy.`}
        </Line>
        {backups && (
          <Line isWell={isWellKept(backups)}>
            {backups.problem || (
              <>
                {backups.last_made_at ? (
                  <>
                    The last backup was made <Time at={backups.last_made_at} show="relative" />
                  </>
                ) : (
                  'No backup has been made'
                )}
                {backups.last_proven_at ? (
                  <>
                    ; a restore was proven <Time at={backups.last_proven_at} show="relative" />.
                  </>
                ) : (
                  '; no restore has been proven.'
                )}
              </>
            )}
          </Line>
        )}
      </ul>
    </Panel>
  );
}
