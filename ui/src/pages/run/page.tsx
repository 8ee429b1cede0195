// One run: its state and why, its times, its attempts.
import {useQuery} from '@tanstack/react-query';
import {Link, useParams} from '@tanstack/react-router';
import {runQuery} from '@/api/queries';
import {CopyButton} from '@/components/copy';
import {ErrorPanel} from '@/components/error-panel';
import {Facts, Loading, Page, Panel} from '@/components/page';
import {plainWord, StateBadge} from '@/components/state';
import {Elapsed, Time} from '@/components/time';
import {useLive} from '@/live/live';
import {RunLog} from '@/log/run-log';

export default function RunPage() {
  const {run: id} = useParams({from: '/runs/$run'});
  useLive(`run:${id}`);
  const query = useQuery(runQuery(id));
  if (query.error) {
    return (
      <Page title="Run">
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  const run = query.data;
  if (!run) return <Loading />;
  return (
    <Page
      title={run.job}
      about={
        <span className="flex items-center gap-1 font-mono break-all">
          {run.id}
          <CopyButton text={run.id} label="Copy the id" />
        </span>
      }
      actions={<StateBadge state={run.state} />}
    >
      <Panel title="Run">
        <Facts
          rows={[
            ['Job', <Link key="j" className="link" to="/jobs/$job" params={{job: run.job}}>{run.job}, v{run.job_version}</Link>],
            ['Reason', run.reason || '–'],
            ['Trigger', `${plainWord(run.trigger)}${run.requested_by ? `, by ${run.requested_by}` : ''}`],
            ['Queue', `${run.queue}, priority ${run.priority}`],
            ['Due', <Time key="d" at={run.due_at} show="full" />],
            ['Started', <Time key="s" at={run.started_at} show="full" />],
            ['Ended', <Time key="f" at={run.finished_at} show="full" />],
            ['Took', <Elapsed key="e" from={run.started_at} until={run.finished_at} />],
            ['Attempts', String(run.attempt_count)],
            ['Exit code', run.exit_code === undefined ? '–' : String(run.exit_code)],
          ]}
        />
      </Panel>
      <section className="flex h-[36rem] flex-col overflow-hidden rounded-lg border border-line bg-panel">
        <div className="flex min-h-10 items-center justify-between gap-2 border-b border-line px-3">
          <h2 className="text-sm font-semibold">Log</h2>
          <Link className="link text-sm" to="/runs/$run/log" params={{run: id}}>Full page</Link>
        </div>
        <div className="min-h-0 flex-1">
          <RunLog run={id} />
        </div>
      </section>
    </Page>
  );
}
